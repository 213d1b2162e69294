package inspect

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/decisions"
	"github.com/posture-score/posture/internal/register"
)

// Excluded is the status of an [Entry] that takes a record out of scope.
const Excluded engine.Status = "excluded"

// Entry is something that an organization decided: about an action, or about one record of it.
type Entry struct {
	decisions.Item
	Record string `json:"record,omitempty"` // the key of the record, if the decision excludes one
	Line   int    `json:"line,omitempty"`   // of the action in the register; absent if the decision is not from a register's text
	Void   string `json:"void,omitempty"`   // why it has no effect, in a phrase; absent if it has one, or may have one
}

// Inspector knows what decisions are compared with.
type Inspector struct {
	Catalog    *catalog.Catalog
	Assessment *engine.Assessment // nil if there is no evidence
	Now        time.Time          // at which decisions are due, or end
}

// Entries returns what was decided, by id of the action; the exclusions of an action follow its status, by key. Notes and tags alone are no
// decision. Lines says where the actions stand in the text of a register; it may be nil.
func (in *Inspector) Entries(decided map[string]engine.Decision, lines func(id string) int) []Entry {
	known := in.known()
	index := map[string]*engine.Action{}
	for i := range known.Actions {
		index[known.Actions[i].ID] = &known.Actions[i]
	}
	entries := []Entry{}
	for _, item := range decisions.List(known, decided, in.Now) {
		entries = append(entries, in.status(item))
	}
	for id, decision := range decided {
		for _, x := range decision.Exclude {
			entries = append(entries, in.exclusion(id, &decision, x, index[id]))
		}
	}
	slices.SortFunc(entries, func(a, b Entry) int {
		return cmp.Or(strings.Compare(a.ID, b.ID), strings.Compare(a.Record, b.Record))
	})
	for i := range entries {
		if lines != nil {
			entries[i].Line = lines(entries[i].ID)
		}
	}
	return entries
}

// known returns the assessment, or one of the catalog's actions without outcomes.
func (in *Inspector) known() *engine.Assessment {
	if in.Assessment != nil {
		return in.Assessment
	}
	known := &engine.Assessment{EvaluatedAt: in.Now}
	for _, control := range in.Catalog.Controls() {
		if control.Stage != catalog.StageDeprecated {
			known.Actions = append(known.Actions, engine.Action{
				ID: control.ID, Title: control.Title, Category: control.Category, Product: control.Product, Kind: string(control.Kind), Stage: control.Stage,
				Threats: control.Threats, Frameworks: control.Frameworks, Tier: control.Tier, Difficulty: control.Difficulty, UserImpact: control.UserImpact,
				Complexity: control.Complexity,
			})
		}
	}
	return known
}

// Decided returns an assessment whose actions have what was decided about them, to search for them. Those that nobody knows have an id alone.
func (in *Inspector) Decided(decided map[string]engine.Decision) *engine.Assessment {
	list := slices.Clone(in.known().Actions)
	has := map[string]bool{}
	for _, action := range list {
		has[action.ID] = true
	}
	for id := range decided {
		if !has[id] {
			list = append(list, engine.Action{ID: id})
		}
	}
	slices.SortFunc(list, func(a, b engine.Action) int { return strings.Compare(a.ID, b.ID) })
	for i := range list {
		list[i].Decision = nil
		if decision, ok := decided[list[i].ID]; ok {
			list[i].Decision = &decision
		}
	}
	return &engine.Assessment{Actions: list}
}

// status completes the item of a status.
func (in *Inspector) status(item decisions.Item) Entry {
	entry := Entry{Item: item}
	control, ok := in.Catalog.Control(item.ID)
	if ok && control.Exception != "" && item.Status != engine.ToAddress && item.State != decisions.Unused {
		entry.State, entry.Void = decisions.Void, "exceptions in the evidence decide the status of this action"
		return entry
	}
	switch item.State {
	case decisions.Unused:
		entry.Void = in.Unknown(item.ID)
	case decisions.Done:
		entry.Void = "the evidence shows that the action is completed"
	case decisions.Void:
		entry.Void = "the action does not apply to this tenant"
	case decisions.Expired:
		entry.Void = fmt.Sprintf("it expired on %s: the action is to address again", item.Expires)
	default:
	}
	return entry
}

// exclusion returns the entry of a record that is excluded. It ends as a status does.
func (in *Inspector) exclusion(id string, d *engine.Decision, x engine.Exclusion, action *engine.Action) Entry {
	alike := engine.Decision{Status: engine.RiskAccepted, Reason: x.Reason, Owner: d.Owner, Expires: x.Expires}
	bare := &engine.Assessment{Actions: []engine.Action{{ID: id}}}
	entry := Entry{Item: decisions.List(bare, map[string]engine.Decision{id: alike}, in.Now)[0], Record: x.Key}
	entry.Status = Excluded
	void := func(state decisions.State, why string) {
		entry.State, entry.Void, entry.EndsIn = state, why, nil
	}
	if action != nil {
		entry.Title, entry.Outcome = action.Title, action.Outcome
	}
	switch {
	case action == nil:
		void(decisions.Unused, in.Unknown(id))
	case action.Kind != string(catalog.KindCoverage):
		void(decisions.Void, "the control counts no records")
	case entry.State == decisions.Expired:
		entry.Void = fmt.Sprintf("it expired on %s: the record is in scope again", entry.Expires)
	case action.Everyone:
		void(decisions.Void, "the action was decided for everyone, by policy")
	case action.UnusedExclusion(x.Key):
		void(decisions.Unused, "no record in scope has this key")
	}
	return entry
}

// Unknown says why an action is not evaluated: the catalog does not have it, or has replaced it. It is "" if the catalog has it.
func (in *Inspector) Unknown(id string) string {
	control, ok := in.Catalog.Control(id)
	switch {
	case !ok:
		return strings.TrimSuffix("the catalog has no such action."+in.Catalog.Suggest(id), ".")
	case control.Stage == catalog.StageDeprecated && control.ReplacedBy != "":
		return fmt.Sprintf("the action is deprecated, and %s replaced it", control.ReplacedBy)
	case control.Stage == catalog.StageDeprecated:
		return "the action is deprecated: " + strings.TrimSuffix(control.Reason, ".")
	}
	return ""
}

// Facts returns what a check of a register has to know.
func (in *Inspector) Facts() register.Facts {
	counted := map[string]*engine.Action{}
	if in.Assessment != nil {
		for i := range in.Assessment.Actions {
			counted[in.Assessment.Actions[i].ID] = &in.Assessment.Actions[i]
		}
	}
	return register.Facts{Now: in.Now, Of: func(id string) register.Fact {
		control, ok := in.Catalog.Control(id)
		if !ok {
			return register.Fact{Unknown: in.Catalog.Suggest(id), Absent: true}
		}
		fact := register.Fact{Exceptions: control.Exception != "", Uncounted: control.Kind != catalog.KindCoverage}
		if control.Stage == catalog.StageDeprecated {
			fact.Retired = in.Unknown(id)
		}
		if action := counted[id]; action != nil {
			fact.Unmet = action.UnusedExclusion
		}
		return fact
	}}
}
