package eval

import (
	"errors"

	"github.com/posture-score/posture/engine/internal/rego/vm"
)

// errInterpreterForced is why a rule runs on topdown of which that is asked.
var errInterpreterForced = errors.New("topdown was asked for")

// WithInterpreter returns the rule as topdown alone decides it: the reference to compare with.
func (r *Rule) WithInterpreter() *Rule {
	alone := *r
	alone.program = func() (*vm.Program, error) { return nil, errInterpreterForced }
	alone.facts = func() (vm.Facts, error) { return vm.Facts{}, errInterpreterForced }
	return &alone
}
