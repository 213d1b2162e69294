package vm

import "github.com/posture-score/posture/engine/internal/rego/ir"

// CompilePlain is [Compile] without views, simplified registers and lifted statements.
func CompilePlain(plan *ir.Plan, rules ...string) (*Program, error) {
	g := newProgram(plan)
	g.plain = true
	return g.rules(rules, nil)
}
