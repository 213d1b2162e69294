package judge

import (
	"errors"

	"github.com/posture-score/posture/engine/closure"
)

// errAlone is why a rule runs on topdown of which that is asked.
var errAlone = errors.New("topdown was asked for")

// OnTopdown returns the rule as topdown alone decides it: the reference to compare with.
func (r *Rule) OnTopdown() *Rule {
	alone := *r
	alone.program = func() (*closure.Program, error) { return nil, errAlone }
	alone.facts = func() (closure.Facts, error) { return closure.Facts{}, errAlone }
	return &alone
}
