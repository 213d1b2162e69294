package engine

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/policies"
)

// claim is what somebody says of a control that no export can show.
type claim struct {
	compliant bool
	by        string
	at, until time.Time
}

// attested decides a control by the newest claim about it that had been made by the declared time.
func (r *run) attested(control *policies.Control) Action {
	found := claims(r.sources[policies.AttestationDataset].value, control.ID)
	found = slices.DeleteFunc(found, func(c claim) bool { return c.at.After(r.settings.Now) })
	if len(found) == 0 {
		action := newAction(control, NoEvidence, "nobody has attested it")
		action.Missing = []string{policies.AttestationDataset}
		return action
	}
	newest := slices.MaxFunc(found, func(a, b claim) int {
		return cmp.Or(a.at.Compare(b.at), compareBool(!a.compliant, !b.compliant), b.until.Compare(a.until), cmp.Compare(a.by, b.by))
	})
	action := newAction(control, NotMet)
	switch until := newest.until.UTC().Format(time.RFC3339); {
	case !newest.until.After(r.settings.Now):
		action.Reasons = append(action.Reasons, fmt.Sprintf("what %s attested was valid until %s", newest.by, until))
	case newest.compliant:
		action.settle(big.NewRat(1, 1))
		action.Reasons = append(action.Reasons, fmt.Sprintf("attested by %s, valid until %s", newest.by, until))
	default:
		action.Reasons = append(action.Reasons, newest.by+" attested that it is not done")
	}
	return action
}

// claims returns the claims about a control. One that lacks a field that matters is worth nothing, and is left out.
func claims(list ast.Value, id string) []claim {
	var found []claim
	array, _ := list.(*ast.Array)
	for i := range array.Len() {
		record, ok := array.Elem(i).Value.(ast.Object)
		if !ok || text(record, "controlId") != id {
			continue
		}
		compliant, stated := field(record, "compliant").(ast.Boolean)
		at, errAt := time.Parse(time.RFC3339, text(record, "at"))
		until, errUntil := time.Parse(time.RFC3339, text(record, "until"))
		if stated && errAt == nil && errUntil == nil {
			found = append(found, claim{compliant: bool(compliant), by: text(record, "by"), at: at, until: until})
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
