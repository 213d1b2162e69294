package outcome

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/load"
	"github.com/posture-score/posture/internal/plaintext"
)

// claim is what a person attests about a control that no export can show.
type claim struct {
	compliant bool
	by        string
	at, until time.Time
}

// attested decides a control by the newest claim that had been made by the declared time.
func attested(e *load.Evidence, control *catalog.Control) *Result {
	d := e.Datasets[catalog.AttestationDataset]
	found := claims(d, d.Spec.Fold().Field("controlId").String(control.ID), e.Now)
	found = slices.DeleteFunc(found, func(c claim) bool { return c.at.After(e.Now) })
	if len(found) == 0 {
		r := newResult(control, NoEvidence, "nobody has attested it")
		r.Missing = []string{catalog.AttestationDataset}
		return r
	}
	// Of claims made at one time, one that the control is not done counts, then the one that ends first.
	newest := slices.MaxFunc(found, func(a, b claim) int {
		return cmp.Or(a.at.Compare(b.at), compareBool(!a.compliant, !b.compliant), b.until.Compare(a.until), cmp.Compare(a.by, b.by))
	})
	r := newResult(control, NotMet)
	switch until := newest.until.UTC().Format(time.RFC3339); {
	case !newest.compliant:
		r.addReason("%s attested that it is not done", cmp.Or(newest.by, "somebody"))
	case !newest.until.After(e.Now):
		r.addReason("what %s attested was valid until %s", newest.by, until)
	default:
		r.award(all())
		r.addReason("attested by %s, valid until %s", newest.by, until)
	}
	return r
}

// claims returns the claims about the control with that id, in canonical form. A claim that it is done
// is ignored without an author, a time and an end. A claim that it is not done needs only a time, and
// counts as new if that can't be read.
func claims(d *load.Dataset, id string, now time.Time) []claim {
	var found []claim
	for record := range d.List() {
		if load.Text(record, "controlId") != id {
			continue
		}
		compliant, stated := load.Field(record, "compliant").(ast.Boolean)
		by := strings.TrimSpace(load.Text(record, "by"))
		at, errAt := time.Parse(time.RFC3339, load.Text(record, "at"))
		until, errUntil := time.Parse(time.RFC3339, load.Text(record, "until"))
		switch {
		case !stated:
		case bool(compliant) && plaintext.Blank(by):
		case bool(compliant) && errAt == nil && errUntil == nil:
			found = append(found, claim{compliant: true, by: by, at: at, until: until})
		case !bool(compliant) && errAt != nil:
			found = append(found, claim{by: by, at: now})
		case !bool(compliant):
			found = append(found, claim{by: by, at: at})
		}
	}
	return found
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	default:
		return -1
	}
}
