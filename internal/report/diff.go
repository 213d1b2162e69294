package report

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/score"
)

// Diff is the page of what differs between two catalogs.
type Diff struct {
	Old, New string // what the user calls the catalogs
	Diff     *catalog.Comparison
}

func (page Diff) table(p *printer) {
	old, latest, d := page.Old, page.New, page.Diff
	if d.Same() {
		p.printf("%s and %s are the same: %s, worth %s\n", clean(old), clean(latest),
			plural(d.New.Controls, "control"), worth(score.Points(d.New.Points)))
		return
	}
	p.printf("%s\n\n", p.bold("From "+clean(old)+" to "+clean(latest)))
	p.field("version", arrow(cmp.Or(d.Old.Version, "none"), cmp.Or(d.New.Version, "none")))
	p.field("controls", arrow(fmt.Sprint(d.Old.Controls), fmt.Sprint(d.New.Controls))+": "+
		fmt.Sprintf("%d added, %d removed, %d changed", len(d.Added), len(d.Removed), len(d.Changed)))
	p.field("points", pointsMoved(d.Old.Points, d.New.Points))
	p.field("old digest", d.Old.Digest)
	p.field("new digest", d.New.Digest)
	p.alone("Added", 1, d.Added)
	p.alone("Removed", -1, d.Removed)
	p.changed(d.Changed)
	p.products(d.Products)
}

// arrow returns a value and, if it changed, the old one before it.
func arrow(old, latest string) string {
	if old == latest {
		return latest
	}
	return old + " → " + latest
}

// plus returns the sign of points that are added; negative numbers have their own.
func plus(points int64) string {
	if points > 0 {
		return "+"
	}
	return ""
}

func pointsMoved(old, latest int64) string {
	text := arrow(score.Points(old).String(), score.Points(latest).String())
	if by := latest - old; by != 0 {
		text += " (" + plus(by) + score.Points(by).String() + ")"
	}
	return text
}

// heading prints how many controls follow, and how they change the sum of points.
func (p *printer) heading(title string, controls int, points int64) {
	text := title + ": " + plural(controls, "control")
	if points != 0 {
		text += ", " + plus(points) + worth(score.Points(points))
	}
	p.printf("\n%s\n", p.bold(text))
}

// alone lists controls that only one of the catalogs has.
func (p *printer) alone(title string, sign int64, controls []*catalog.Control) {
	if len(controls) == 0 {
		return
	}
	sum := int64(0)
	for _, c := range controls {
		sum += sign * c.Counted()
	}
	p.heading(title, len(controls), sum)
	for _, c := range controls {
		p.hang("  "+padLeft(plus(sign)+score.Points(sign*c.Counted()).String(), 6)+"  ", controlName(c), plain)
	}
}

func controlName(c *catalog.Control) string {
	return clip(clean(c.Title), maxText) + " (" + clip(clean(c.ID), maxName) + ")"
}

// changed lists the controls that differ, grouping those with the same changes, such as the members of a family.
func (p *printer) changed(controls []catalog.ControlChange) {
	if len(controls) == 0 {
		return
	}
	sum := int64(0)
	var ways []string
	alike := map[string][]catalog.ControlChange{}
	for _, c := range controls {
		sum += c.New.Counted() - c.Old.Counted()
		way := strings.Join(sentences(c.Changes), "\n")
		if alike[way] == nil {
			ways = append(ways, way)
		}
		alike[way] = append(alike[way], c)
	}
	p.heading("Changed", len(controls), sum)
	for i, way := range ways {
		if i > 0 {
			p.printf("\n")
		}
		for _, c := range alike[way] {
			p.hang("  ", controlName(c.New), plain)
		}
		for sentence := range strings.SplitSeq(way, "\n") {
			p.hang("    - ", sentence, plain)
		}
	}
}

func (p *printer) products(products []catalog.ProductChange) {
	if len(products) == 0 {
		return
	}
	p.title("Products: " + plural(len(products), "difference"))
	for _, product := range products {
		switch {
		case product.Old == nil:
			p.hang("  ", "added: "+productName(product.New), plain)
		case product.New == nil:
			p.hang("  ", "removed: "+productName(product.Old), plain)
		default:
			p.hang("  ", productName(product.New), plain)
			for _, sentence := range sentences(product.Changes) {
				p.hang("    - ", sentence, plain)
			}
		}
	}
}

func productName(p *catalog.Product) string {
	return clip(clean(p.Title), maxText) + " (" + clip(clean(p.ID), maxName) + ")"
}

// sentences returns each change in words, on one line.
func sentences(changes []catalog.Change) []string {
	list := make([]string, len(changes))
	for i, c := range changes {
		list[i] = clip(clean(sentence(c)), maxChange)
	}
	return list
}

// maxChange is the width of one change in columns; the JSON is not cut.
const maxChange = 2 * maxText

// diffWords names the changes that are written as NAME: OLD → NEW.
var diffWords = map[catalog.ChangeKind]string{
	catalog.ChangedStage:          "stage",
	catalog.ChangedReplacedBy:     "replaced by",
	catalog.ChangedEarning:        "way to earn points",
	catalog.ChangedPopulation:     "measured over",
	catalog.ChangedFresh:          "too old to count",
	catalog.ChangedAnyOf:          "one is enough of",
	catalog.ChangedWhenEmpty:      "when nothing is in scope",
	catalog.ChangedCredit:         "credit",
	catalog.ChangedException:      "exceptions under the name",
	catalog.ChangedRequiresSource: "scored with",
	catalog.ChangedCategory:       "category",
	catalog.ChangedProduct:        "product",
	catalog.ChangedTier:           "tier",
	catalog.ChangedDifficulty:     "difficulty",
	catalog.ChangedUserImpact:     "impact on users",
	catalog.ChangedComplexity:     "complexity",
	catalog.ChangedConfidence:     "confidence in the facts",
	catalog.ChangedThreats:        "threats",
	catalog.ChangedTitle:          "title",
	catalog.ChangedService:        "Microsoft's code",
}

func sentence(c catalog.Change) string {
	if words := diffWords[c.Kind]; words != "" {
		return words + ": " + values(c)
	}
	switch c.Kind {
	case catalog.ChangedPoints:
		old, _ := c.Old.(int64)
		latest, _ := c.New.(int64)
		return "points: " + pointsMoved(old, latest)
	case catalog.ChangedRule, catalog.ChangedSharedRule, catalog.ChangedRuleText, catalog.ChangedRulePackage:
		return ruleSentence(c)
	case catalog.ChangedJoin, catalog.ChangedContext, catalog.ChangedPrerequisite:
		return gainOrLoss(c)
	case catalog.ChangedMatch:
		return "records by their " + c.Name + ": " + values(c)
	case catalog.ChangedParameter:
		return "parameter " + c.Name + ": " + values(c)
	case catalog.ChangedContextName:
		return "what its rule calls " + c.Name + ": " + values(c)
	case catalog.ChangedSchema:
		return "schema changed: " + c.Name
	case catalog.ChangedConstant:
		return "constant " + c.Name + ": " + values(c)
	case catalog.ChangedParameterType:
		return "type of the parameter " + c.Name + ": " + values(c)
	case catalog.ChangedFramework:
		return "framework " + c.Name + ": " + values(c)
	case catalog.ChangedServicePlans:
		return "a tenant has it with any of these service plans: " + values(c)
	case catalog.ChangedTexts:
		return "texts changed: " + strings.Join(c.Names, ", ")
	}
	return strings.ReplaceAll(string(c.Kind), "_", " ") + ": " + values(c)
}

// ruleSentence returns how a rule changed, with the file of its Rego.
func ruleSentence(c catalog.Change) string {
	file := regoFile(c.Name)
	switch shared := c.Kind == catalog.ChangedSharedRule; {
	case c.Kind == catalog.ChangedRuleText:
		return "comments or layout changed in " + file + ", which says the same as before"
	case c.Kind == catalog.ChangedRulePackage:
		return fmt.Sprintf("its rule moved: %s → %s", regoFile(fmt.Sprint(c.Old)), regoFile(fmt.Sprint(c.New)))
	case shared && c.Old == nil:
		return "its rule rests on the shared rules of " + file + " now"
	case shared && c.New == nil:
		return "its rule no longer rests on the shared rules of " + file
	case shared:
		return "shared rules changed that its rule rests on: " + file
	case c.Old == nil:
		return "a rule decides it now: " + file
	case c.New == nil:
		return "no rule decides it any more; it was " + file
	}
	return "rule changed: " + file
}

// regoFile returns the file of a package, relative to its catalog.
func regoFile(pkg string) string {
	return strings.ReplaceAll(strings.TrimPrefix(pkg, "policies."), ".", "/") + ".rego"
}

// gainOrLoss returns how the datasets or prerequisites of a control changed.
func gainOrLoss(c catalog.Change) string {
	verb := "reads"
	if c.Kind == catalog.ChangedPrerequisite {
		verb = "requires"
	}
	switch {
	case c.Old == nil:
		return verb + " now: " + shown(c.New)
	case c.New == nil:
		return "no longer " + verb + ": " + shown(c.Old)
	}
	return verb + ": " + values(c)
}

// values returns the old and the new value.
func values(c catalog.Change) string { return shown(c.Old) + " → " + shown(c.New) }

func shown(value any) string {
	switch value := value.(type) {
	case nil:
		return "none"
	case string:
		// An empty text, or one that could be read as several words, is quoted.
		if value == "" || strings.ContainsFunc(value, func(r rune) bool { return r == ' ' || r == '"' }) {
			return fmt.Sprintf("%q", value)
		}
		return value
	case []string:
		return strings.Join(value, ", ")
	case catalog.Join:
		text := fmt.Sprintf("%s beside each record, as %s, by its %s", value.Dataset, value.Name, value.On)
		if value.Many {
			text += ", any number of them"
		}
		if value.IgnoreUnmatched {
			text += ", unmatched ignored"
		}
		return text
	case catalog.Prerequisite:
		if value.Control != "" {
			return "the action " + value.Control
		}
		return required(value)
	}
	return compact(value)
}

// diffDocument is what differs between two catalogs, in JSON.
type diffDocument struct {
	SchemaVersion string           `json:"schema_version"`
	Same          bool             `json:"same"`
	Old           diffSide         `json:"old"`
	New           diffSide         `json:"new"`
	Added         []controlSummary `json:"added"`
	Removed       []controlSummary `json:"removed"`
	Changed       []diffControl    `json:"changed"`
	Products      []diffProduct    `json:"products"`
}

// diffSide is the summary of one of the catalogs.
type diffSide struct {
	Name     string       `json:"name"`
	Version  string       `json:"version"`
	Digest   string       `json:"digest"`
	Controls int          `json:"controls"`
	Points   score.Points `json:"points"`
}

// diffControl is a control that both catalogs have, and that differs.
type diffControl struct {
	ID        string           `json:"id"`
	Title     string           `json:"title"`
	OldDigest string           `json:"old_digest"`
	NewDigest string           `json:"new_digest"`
	Changes   []catalog.Change `json:"changes"`
}

// diffProduct is a product that was added or removed, or that changed.
type diffProduct struct {
	ID      string           `json:"id"`
	Title   string           `json:"title"`
	What    string           `json:"what"` // added, removed or changed
	Changes []catalog.Change `json:"changes"`
}

func (page Diff) document() any {
	d := page.Diff
	document := diffDocument{
		SchemaVersion: schemaVersion, Same: d.Same(),
		Old: newDiffSide(page.Old, d.Old), New: newDiffSide(page.New, d.New),
		Added: summaries(d.Added), Removed: summaries(d.Removed),
		Changed: make([]diffControl, len(d.Changed)), Products: make([]diffProduct, len(d.Products)),
	}
	for i, c := range d.Changed {
		document.Changed[i] = diffControl{
			ID: c.New.ID, Title: c.New.Title, OldDigest: c.Old.Digest, NewDigest: c.New.Digest, Changes: documented(c.Changes),
		}
	}
	for i, p := range d.Products {
		document.Products[i] = newDiffProduct(p)
	}
	return document
}

func newDiffSide(name string, s catalog.Summary) diffSide {
	return diffSide{Name: name, Version: s.Version, Digest: s.Digest, Controls: s.Controls, Points: score.Points(s.Points)}
}

func newDiffProduct(p catalog.ProductChange) diffProduct {
	is, what := p.New, "changed"
	switch {
	case p.Old == nil:
		what = "added"
	case p.New == nil:
		is, what = p.Old, "removed"
	}
	return diffProduct{ID: p.ID, Title: is.Title, What: what, Changes: documented(p.Changes)}
}

// documented returns changes with their values in the form of other documents.
func documented(changes []catalog.Change) []catalog.Change {
	list := append([]catalog.Change{}, changes...)
	for i, c := range list {
		list[i].Old, list[i].New = diffValue(c.Old), diffValue(c.New)
	}
	return list
}

// diffValue returns a value in the form of other documents: points with decimals, prerequisites by their content.
func diffValue(value any) any {
	switch value := value.(type) {
	case int64:
		return score.Points(value)
	case catalog.Prerequisite:
		if value.Control != "" {
			return map[string]any{"control": value.Control}
		}
		return map[string]any{"service_plans": value.ServicePlans}
	}
	return value
}
