package actions

import (
	"maps"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/suggest"
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
	Regressed  []string // [Yes], [No]
	Reviews    []string // see [Reviews]

	Marks  Marks             // what the history says of actions, for Regressed and Reviews
	Titles map[string]string // what products are called, for the search of a [List]; may be nil
}

// UnknownValueError is an unknown filter value.
type UnknownValueError struct {
	Field string // "status", as a user knows it
	Value string
	Known []string // the values that exist
}

func (e *UnknownValueError) Error() string {
	return suggest.OneOf(e.Field, e.Value, e.Known)
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

// filter is a field of a query with what is wrong with a value of it.
type filter struct {
	asked *[]string
	check func(value string) error
}

// among returns the check of a field whose values are words of a list.
func among(field string, words []string) func(string) error {
	return func(value string) error { return known(field, value, words) }
}

// fixed returns the filters whose values are the same for every assessment.
func (q *Query) fixed() []filter {
	return []filter{
		{&q.Statuses, among("status", Statuses())},
		{&q.Categories, among("category", catalog.Categories())},
		{&q.Threats, among("threat", catalog.Threats())},
		{&q.Licenses, among("license", []string{Held, Missing})},
		{&q.Outcomes, among("outcome", Outcomes())},
		{&q.Stages, among("stage", Stages())},
		{&q.Regressed, among("regressed", []string{Yes, No})},
		{&q.Reviews, among("review", words(Reviews()...))},
	}
}

// Check returns an [UnknownValueError] for a value of a fixed list that is not in it.
func (q *Query) Check() error { return check(q.fixed()) }

func check(filters []filter) error {
	for _, f := range filters {
		for _, value := range *f.asked {
			if err := f.check(value); err != nil {
				return err
			}
		}
	}
	return nil
}

func known(field, word string, there []string) error {
	if slices.Contains(there, word) {
		return nil
	}
	return &UnknownValueError{Field: field, Value: word, Known: there}
}

// Find returns the actions that match, sorted by id. A product, tag or framework that no action has
// is an [UnknownValueError], since it is likely misspelt.
func (q *Query) Find(a *engine.Assessment) ([]*engine.Action, error) {
	if err := q.Check(); err != nil {
		return nil, err
	}
	if err := check(q.of(a)); err != nil {
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

// of returns the filters whose values are those of the actions of an assessment.
func (q *Query) of(a *engine.Assessment) []filter {
	if len(q.Products)+len(q.Tags)+len(q.Frameworks) == 0 {
		return nil
	}
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
	framework := func(value string) error {
		name, _, one := strings.Cut(value, ":")
		if err := known("framework", name, sorted(entries)); err != nil || !one {
			return err
		}
		return known("framework", value, sorted(entries[name]))
	}
	return []filter{{&q.Products, among("product", sorted(products))}, {&q.Tags, among("tag", sorted(tags))}, {&q.Frameworks, framework}}
}

func sorted[V any](set map[string]V) []string { return slices.Sorted(maps.Keys(set)) }

func (q *Query) matches(a *engine.Action) bool {
	license := Missing
	if a.Licensed() {
		license = Held
	}
	return q.found(a) &&
		anyOf(q.Statuses, string(a.Status)) && anyOf(q.Categories, a.Category) && anyOf(q.Products, a.Product) &&
		anyOf(q.Tags, Tags(a)...) && anyOf(q.Threats, a.Threats...) && (len(q.Frameworks) == 0 || anyOf(q.Frameworks, frameworks(a)...)) &&
		anyOf(q.Licenses, license) && anyOf(q.Outcomes, string(a.Outcome)) && anyOf(q.Stages, a.Stage.String()) && q.marked(a)
}

// marked reports whether the history says what is asked for.
func (q *Query) marked(a *engine.Action) bool {
	word := No
	if q.Marks.Regressed(a.ID) {
		word = Yes
	}
	return anyOf(q.Regressed, word) &&
		(len(q.Reviews) == 0 || slices.ContainsFunc(q.Reviews, func(review string) bool { return q.Marks.In(a, Review(review)) }))
}

// anyOf reports whether the filter is empty or has one of the words.
func anyOf(asked []string, words ...string) bool {
	return len(asked) == 0 || slices.ContainsFunc(words, func(word string) bool { return slices.Contains(asked, word) })
}

// found reports whether the action contains the text that is searched for.
func (q *Query) found(a *engine.Action) bool {
	return q.Search == "" || q.among(append([]string{a.ID, a.Title, a.Product, a.Category}, Tags(a)...))
}

// among reports whether one of some texts contains what is searched for.
func (q *Query) among(texts []string) bool {
	text := fold(q.Search)
	return slices.ContainsFunc(texts, func(where string) bool { return strings.Contains(fold(where), text) })
}

// Controls returns the controls of a catalog that match by what they declare: Search, Categories and Products. Other fields are of
// actions. A product that the catalog does not declare is an [UnknownValueError].
func (q *Query) Controls(from *catalog.Catalog) ([]*catalog.Control, error) {
	var products []string
	for _, product := range from.Products() {
		products = append(products, product.ID)
	}
	slices.Sort(products)
	filters := []filter{{&q.Categories, among("category", catalog.Categories())}, {&q.Products, among("product", products)}}
	if err := check(filters); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(from.Controls(), func(c *catalog.Control) bool {
		return !anyOf(q.Categories, c.Category) || !anyOf(q.Products, c.Product) ||
			q.Search != "" && !q.among([]string{c.ID, c.Title, c.Product, c.Category})
	}), nil
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
