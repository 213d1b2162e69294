package report

import (
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
)

// slow explains what happens to a rule that can't be compiled.
const slow = "What can't be compiled runs on OPA's topdown: with the same results, but many times slower."

// compiled prints which rules of the controls can't be compiled, and why.
func (p *printer) compiled(controls []*catalog.Control, fallbacks []engine.Fallback) {
	packages, rules := map[string]string{}, map[string]bool{}
	for _, control := range controls {
		if control.Package != "" {
			packages[control.ID] = control.Package
			rules[control.Package] = true
		}
	}
	left := map[string]bool{}
	for _, f := range fallbacks {
		left[packages[f.Control]] = true
	}
	switch {
	case len(rules) == 0:
		p.printf("no rules to compile\n")
	case len(left) == 0:
		p.printf("%s, all compiled\n", plural(len(rules), "rule"))
	default:
		p.printf("%s, %d not compiled\n\n", plural(len(rules), "rule"), len(left))
		p.causes(fallbacks)
	}
}

// fallbacks lists the controls of an assessment whose rules could not be compiled.
func (p *printer) fallbacks(list []engine.Fallback) {
	if len(list) == 0 {
		return
	}
	p.title("Slow rules: " + plural(len(list), "control"))
	p.causes(list)
}

// causes prints why rules can't be compiled, grouping controls with the same cause.
func (p *printer) causes(list []engine.Fallback) {
	p.hang("  ", slow, p.faint)
	var causes []string
	ids := map[string][]string{}
	for _, f := range list {
		cause := clip(clean(f.Reason), maxText)
		if ids[cause] == nil {
			causes = append(causes, cause)
		}
		ids[cause] = append(ids[cause], clip(clean(f.Control), maxName))
	}
	for _, cause := range causes {
		p.hang("  - ", cause, plain)
		p.hang("    ", strings.Join(ids[cause], ", "), p.faint)
	}
}
