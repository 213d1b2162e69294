package engine

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/catalog"
)

// claim is what somebody says of a control that no export can show.
type claim struct {
	compliant bool
	by        string
	at, until time.Time
}

// attested decides a control by the newest claim about it that had been made by the declared time.
func (r *run) attested(control *catalog.Control) Action {
	s := r.sources[catalog.AttestationDataset]
	found := claims(s.value, s.spec.Fold().Field("controlId").String(control.ID), r.settings.Now)
	found = slices.DeleteFunc(found, func(c claim) bool { return c.at.After(r.settings.Now) })
	if len(found) == 0 {
		action := newAction(control, NoEvidence, "nobody has attested it")
		action.Missing = []string{catalog.AttestationDataset}
		return action
	}
	newest := slices.MaxFunc(found, func(a, b claim) int {
		return cmp.Or(a.at.Compare(b.at), compareBool(!a.compliant, !b.compliant), b.until.Compare(a.until), cmp.Compare(a.by, b.by))
	})
	action := newAction(control, NotMet)
	switch until := newest.until.UTC().Format(time.RFC3339); {
	case !newest.compliant:
		action.Reasons = append(action.Reasons, cmp.Or(newest.by, "somebody")+" attested that it is not done")
	case !newest.until.After(r.settings.Now):
		action.Reasons = append(action.Reasons, fmt.Sprintf("what %s attested was valid until %s", newest.by, until))
	default:
		action.settle(big.NewRat(1, 1))
		action.Reasons = append(action.Reasons, fmt.Sprintf("attested by %s, valid until %s", newest.by, until))
	}
	return action
}

// claims returns the claims about the control with that id, in canonical form. That it is done is worth nothing without who said so, when and until when, and is
// left out. That it is not done needs no more than a time, and counts as new if nobody can read that.
func claims(list ast.Value, id string, now time.Time) []claim {
	var found []claim
	array, _ := list.(*ast.Array)
	for i := range array.Len() {
		record, ok := array.Elem(i).Value.(ast.Object)
		if !ok || text(record, "controlId") != id {
			continue
		}
		compliant, stated := field(record, "compliant").(ast.Boolean)
		by := strings.TrimSpace(text(record, "by"))
		at, errAt := time.Parse(time.RFC3339, text(record, "at"))
		until, errUntil := time.Parse(time.RFC3339, text(record, "until"))
		switch {
		case !stated:
		case bool(compliant) && by != "" && errAt == nil && errUntil == nil:
			found = append(found, claim{compliant: true, by: by, at: at, until: until})
		case !bool(compliant) && errAt != nil:
			found = append(found, claim{by: by, at: now})
		case !bool(compliant):
			found = append(found, claim{by: by, at: at})
		}
	}
	return found
}

func field(record ast.Object, name string) ast.Value {
	if term := record.Get(ast.StringTerm(name)); term != nil {
		return term.Value
	}
	return nil
}

func text(record ast.Object, name string) string {
	value, _ := field(record, name).(ast.String)
	return string(value)
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
