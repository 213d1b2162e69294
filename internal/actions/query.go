package actions

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
)

// Words for [Query.Licenses]. Without evidence of licenses every license counts as held, as it does
// for the score.
const (
	Held    = "held"
	Missing = "missing"
)

// Query selects the actions that match at least one word of each field that has words. An empty
// query matches all.
type Query struct {
	Search     string   // in ids, titles, products, categories and tags, ignoring case
	Statuses   []string // to_address ...
	Categories []string
	Products   []string
	Tags       []string
	Threats    []string
	Frameworks []string // "scuba", or one of its entries: "scuba:MS.AAD.3.6v1"
	Licenses   []string // Held, Missing
	Outcomes   []string
	Stages     []string // current, preview
}

// UnknownValueError is an unknown filter value.
type UnknownValueError struct {
	Field string // "status", as a user knows it
	Value string
	Known []string // the values that exist
}

func (e *UnknownValueError) Error() string {
	if len(e.Known) == 0 {
		return fmt.Sprintf("%s %q is unknown: there are none", e.Field, e.Value)
	}
	return fmt.Sprintf("%s %q is unknown; it has to be one of %q", e.Field, e.Value, e.Known)
}

// Statuses returns the statuses in the order of an action's life.
func Statuses() []string {
	return words(engine.ToAddress, engine.Planned, engine.RiskAccepted, engine.ThirdParty, engine.AlternateMitigation, engine.Completed)
}

// Outcomes returns the outcomes, those that need work first.
func Outcomes() []string {
	return words(engine.NotMet, engine.Partial, engine.Complete, engine.NoEvidence, engine.Errored, engine.NotApplicable)
}

// Stages returns the stages of actions. Deprecated controls are not evaluated.
func Stages() []string { return []string{catalog.StageCurrent.String(), catalog.StagePreview.String()} }

func words[W ~string](list ...W) []string {
	plain := make([]string, len(list))
	for i, word := range list {
		plain[i] = string(word)
	}
	return plain
}

// Check returns an [UnknownValueError] for a value of a fixed list that is not in it.
func (q *Query) Check() error {
	for _, field := range []struct {
		name         string
		asked, known []string
	}{
		{"status", q.Statuses, Statuses()},
		{"category", q.Categories, catalog.Categories()},
		{"threat", q.Threats, catalog.Threats()},
		{"license", q.Licenses, []string{Held, Missing}},
		{"outcome", q.Outcomes, Outcomes()},
		{"stage", q.Stages, Stages()},
	} {
		if err := known(field.name, field.asked, field.known); err != nil {
			return err
		}
	}
	return nil
}

func known(field string, asked, there []string) error {
	for _, word := range asked {
		if !slices.Contains(there, word) {
			return &UnknownValueError{Field: field, Value: word, Known: there}
		}
	}
	return nil
}

// Find returns the actions that match, sorted by id. A product, tag or framework that no action has
// is an [UnknownValueError], since it is likely misspelt.
func (q *Query) Find(a *engine.Assessment) ([]*engine.Action, error) {
	if err := q.Check(); err != nil {
		return nil, err
	}
	if err := q.checkAgainst(a); err != nil {
		return nil, err
	}
	found := []*engine.Action{}
	for i := range a.Actions {
		if action := &a.Actions[i]; q.matches(action) {
			found = append(found, action)
		}
	}
	return found, nil
}

func (q *Query) checkAgainst(a *engine.Assessment) error {
	products, tags, entries := map[string]bool{}, map[string]bool{}, map[string]map[string]bool{}
	for i := range a.Actions {
		action := &a.Actions[i]
		products[action.Product] = true
		for _, tag := range Tags(action) {
			tags[tag] = true
		}
		for name, ids := range action.Frameworks {
			if entries[name] == nil {
				entries[name] = map[string]bool{}
			}
			for _, id := range ids {
				entries[name][name+":"+id] = true
			}
		}
	}
	if err := known("product", q.Products, sorted(products)); err != nil {
		return err
	}
	if err := known("tag", q.Tags, sorted(tags)); err != nil {
		return err
	}
	for _, word := range q.Frameworks {
		name, _, one := strings.Cut(word, ":")
		if err := known("framework", []string{name}, sorted(entries)); err != nil {
			return err
		}
		if !one {
			continue
		}
		if err := known("framework", []string{word}, sorted(entries[name])); err != nil {
			return err
		}
	}
	return nil
}

func sorted[V any](set map[string]V) []string { return slices.Sorted(maps.Keys(set)) }

func (q *Query) matches(a *engine.Action) bool {
	license := Missing
	if a.Licensed() {
		license = Held
	}
	return q.found(a) &&
		anyOf(q.Statuses, string(a.Status)) && anyOf(q.Categories, a.Category) && anyOf(q.Products, a.Product) &&
		anyOf(q.Tags, Tags(a)...) && anyOf(q.Threats, a.Threats...) && anyOf(q.Frameworks, frameworks(a)...) &&
		anyOf(q.Licenses, license) && anyOf(q.Outcomes, string(a.Outcome)) && anyOf(q.Stages, a.Stage.String())
}

// anyOf reports whether the filter is empty or has one of the words.
func anyOf(asked []string, words ...string) bool {
	return len(asked) == 0 || slices.ContainsFunc(words, func(word string) bool { return slices.Contains(asked, word) })
}

// found reports whether the action contains the text that is searched for.
func (q *Query) found(a *engine.Action) bool {
	text := fold(q.Search)
	for _, where := range append([]string{a.ID, a.Title, a.Product, a.Category}, Tags(a)...) {
		if strings.Contains(fold(where), text) {
			return true
		}
	}
	return false
}

// fold returns text in a form that ignores case.
func fold(text string) string { return strings.ToLower(strings.ToUpper(text)) }

// frameworks returns the frameworks of an action and their entries, as FRAMEWORK and FRAMEWORK:ENTRY.
func frameworks(a *engine.Action) []string {
	var all []string
	for _, name := range sorted(a.Frameworks) {
		all = append(all, name)
		for _, id := range a.Frameworks[name] {
			all = append(all, name+":"+id)
		}
	}
	return all
}

// Tags returns the tags of an action in the register.
func Tags(a *engine.Action) []string {
	if a.Decision == nil {
		return nil
	}
	return a.Decision.Tags
}

// Waits returns the unmet prerequisites of an action: ids of actions, and licenses in words.
func Waits(a *engine.Action) []string {
	waits := []string{}
	for _, need := range a.Prerequisites {
		switch {
		case need.Met:
		case need.Control != "":
			waits = append(waits, need.Control)
		default:
			waits = append(waits, "license "+need.Words())
		}
	}
	return waits
}

// Get returns the action with that id.
func Get(a *engine.Assessment, id string) (*engine.Action, bool) {
	i := slices.IndexFunc(a.Actions, func(action engine.Action) bool { return action.ID == id })
	if i < 0 {
		return nil, false
	}
	return &a.Actions[i], true
}
