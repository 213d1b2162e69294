package actions

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
)

// Words for [Query.Licenses]. Where the evidence tells no licenses, every one counts as held, as it does for the score.
const (
	Held    = "held"
	Missing = "missing"
)

// Query says which actions to list: those that match a word of every field that has any. An empty query matches all.
type Query struct {
	Search     string   // in ids, titles, products, categories and tags, whatever the case
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

// UnknownWordError is a word that no action can match, since it is none of those that there are.
type UnknownWordError struct {
	Field string   // "status", as a user knows it
	Word  string   // as it was asked for
	Known []string // what could be asked for
}

func (e *UnknownWordError) Error() string {
	if len(e.Known) == 0 {
		return fmt.Sprintf("%s %q is unknown: there are none", e.Field, e.Word)
	}
	return fmt.Sprintf("%s %q is unknown; it has to be one of %q", e.Field, e.Word, e.Known)
}

// Statuses returns the statuses in the order in which an action goes through them.
func Statuses() []string {
	return words(engine.ToAddress, engine.Planned, engine.RiskAccepted, engine.ThirdParty, engine.AlternateMitigation, engine.Completed)
}

// Outcomes returns the outcomes, those to do something about first.
func Outcomes() []string {
	return words(engine.NotMet, engine.Partial, engine.Complete, engine.NoEvidence, engine.Errored, engine.NotApplicable)
}

// Stages returns the stages that an action may be in: deprecated controls are evaluated no more.
func Stages() []string {
	return []string{catalog.StageCurrent.String(), catalog.StagePreview.String()}
}

func words[W ~string](list ...W) []string {
	plain := make([]string, len(list))
	for i, word := range list {
		plain[i] = string(word)
	}
	return plain
}

// Check refuses words that are in no assessment: those of lists that never change.
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
			return &UnknownWordError{Field: field, Word: word, Known: there}
		}
	}
	return nil
}

// Find returns the actions that match, in the order of their ids. A word that nothing in the assessment has is an
// [UnknownWordError]: it is more likely misspelt than meant to find nothing.
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

// anyOf says whether one of the words is asked for, or nothing is.
func anyOf(asked []string, words ...string) bool {
	return len(asked) == 0 || slices.ContainsFunc(words, func(word string) bool { return slices.Contains(asked, word) })
}

// found says whether the text that is searched for stands in the action.
func (q *Query) found(a *engine.Action) bool {
	text := fold(q.Search)
	for _, where := range append([]string{a.ID, a.Title, a.Product, a.Category}, Tags(a)...) {
		if strings.Contains(fold(where), text) {
			return true
		}
	}
	return false
}

// fold makes texts equal that differ in case alone.
func fold(text string) string { return strings.ToLower(strings.ToUpper(text)) }

// frameworks returns the names of an action's frameworks, and their entries.
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

// Tags returns the tags that the organization gave to an action.
func Tags(a *engine.Action) []string {
	if a.Decision == nil {
		return nil
	}
	return a.Decision.Tags
}

// Waits says what has to be there before an action can be taken and is not: ids of actions, and licenses in words.
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

// Get returns the action of that id.
func Get(a *engine.Assessment, id string) (*engine.Action, bool) {
	i := slices.IndexFunc(a.Actions, func(action engine.Action) bool { return action.ID == id })
	if i < 0 {
		return nil, false
	}
	return &a.Actions[i], true
}
