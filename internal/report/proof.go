package report

import (
	"fmt"

	"github.com/posture-score/posture/internal/prove"
)

// maxProof is how many kinds of damage the text shows for one control.
const maxProof = 5

// Proof is the page of the damage to evidence that earns points, control by control.
type Proof struct{ Report *prove.Report }

func (page Proof) document() any { return page.Report }

func (page Proof) table(p *printer) {
	r := page.Report
	tried := fmt.Sprintf("%s of %s tried on %s", plural(r.Mutations, "mutation"), plural(r.Samples, "sample"), plural(r.Controls, "control"))
	if len(r.Findings) == 0 {
		p.printf("%s: none earns more\n", tried)
		return
	}
	p.printf("%s: %d earn more\n", tried, len(r.Findings))
	for begin := 0; begin < len(r.Findings); {
		end := begin
		for end < len(r.Findings) && r.Findings[end].Control == r.Findings[begin].Control {
			end++
		}
		p.proof(r.Findings[begin:end])
		begin = end
	}
}

// proof prints the findings of one control, each kind of damage once.
func (p *printer) proof(findings []prove.Finding) {
	p.printf("\n%s  %s\n", p.bold(findings[0].Control), clean(findings[0].Rule))
	shown := 0
	for begin := 0; begin < len(findings); {
		first, end := findings[begin], begin
		for end < len(findings) && damage(findings[end]) == damage(first) {
			end++
		}
		if shown++; shown > maxProof {
			p.printf("    and %d more\n", len(findings)-begin)
			return
		}
		p.printf("    %s %s\n", clean(damage(first)), p.faint(fmt.Sprintf("(%s → %s points)", first.Before, first.After)))
		where := first.Sample
		if first.Record != "" {
			where += ", record " + first.Record
		}
		if more := end - begin - 1; more > 0 {
			where += fmt.Sprintf(", and %d more", more)
		}
		p.printf("        %s\n", clean(where))
		begin = end
	}
}

// damage returns what was done to the evidence.
func damage(f prove.Finding) string {
	if f.Mutation == prove.LeftOut {
		return fmt.Sprintf("%s is %s", f.Dataset, f.Mutation)
	}
	if f.Field == "" {
		return fmt.Sprintf("a record of %s is %s", f.Dataset, f.Mutation)
	}
	return fmt.Sprintf("%s of %s is %s", f.Field, f.Dataset, f.Mutation)
}
