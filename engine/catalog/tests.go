package catalog

import (
	"slices"

	"github.com/posture-score/posture/engine/internal/rego/check"
)

// Tests counts the Rego tests of the rule that decides a control. A family shares them, and
// attested controls have none.
func (c *Catalog) Tests(control *Control) int {
	if control.Package == "" {
		return 0
	}
	i := slices.IndexFunc(c.modules, func(m check.Module) bool { return m.Package == control.RulePackage()+"_test" })
	if i < 0 {
		return 0
	}
	return check.Tests(c.modules[i])
}
