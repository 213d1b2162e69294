package eval

import (
	"errors"

	"github.com/posture-score/posture/engine/internal/rego/vm"
)

// errAlone is why a rule runs on topdown of which that is asked.
var errAlone = errors.New("topdown was asked for")

// OnTopdown returns the rule as topdown alone decides it: the reference to compare with.
func (r *Rule) OnTopdown() *Rule {
	alone := *r
	alone.program = func() (*vm.Program, error) { return nil, errAlone }
	alone.facts = func() (vm.Facts, error) { return vm.Facts{}, errAlone }
	return &alone
}
