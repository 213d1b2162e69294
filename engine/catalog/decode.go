package catalog

import (
	"math"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/posture-score/posture/internal/suggest"
)

// maxPoints is the most that one action is worth in Secure Score, in points (Microsoft Learn,
// "Microsoft Secure Score": each improvement action is worth 10 points or less).
const maxPoints = 10

// decoder turns one control of a policy file into a Control, noting what is wrong with it.
type decoder struct {
	*collector
	attributes
	sourceMap
	names *hcl.EvalContext // what expressions know
}

func decodeControl(c *collector, id string, sections []section, names *hcl.EvalContext) *Control {
	d := &decoder{collector: c, attributes: merged(sections), sourceMap: sections, names: names}
	control := &Control{ID: id, Rule: optional(d.Rule, ""), where: sections[0].where, written: d.sourceMap}
	if !validID.MatchString(id) {
		d.errorf(control.where, "Invalid control id", "An id is 1 to 100 letters, digits, underscores, dots or hyphens, and starts with a letter: %q is not.", clip(id))
	}
	d.stage(control)
	d.facts(control)
	d.texts(control)
	d.evidence(control)
	d.parameters(control)
	control.Prerequisites = d.prerequisites(id)
	return control
}

func (d *decoder) facts(c *Control) {
	c.Title = d.required("title", d.Title)
	c.Category = d.oneOf("category", d.required("category", d.Category), Categories())
	c.Product = d.required("product", d.Product)
	c.Tier = d.oneOf("tier", d.required("tier", d.Tier), tiers())
	c.Difficulty = d.oneOf("difficulty", optional(d.Difficulty, "unknown"), levels())
	c.UserImpact = d.oneOf("user_impact", optional(d.UserImpact, "unknown"), levels())
	c.Complexity = d.oneOf("complexity", optional(d.Complexity, "unknown"), levels())
	c.Confidence = d.oneOf("confidence", optional(d.Confidence, "high"), confidences())
	c.Threats = slices.Clone(d.Threats)
	for _, threat := range c.Threats {
		d.oneOfAt(d.at("threats", threat), "threat", threat, Threats())
	}
	c.Threats = sortedSet(c.Threats)
	c.Points = d.points(c.Stage)
}

// stage decodes the stage of the control's life, with its reason and replacement.
func (d *decoder) stage(c *Control) {
	if stage := d.oneOf("stage", optional(d.Stage, "current"), stages()); stage != "current" {
		c.Stage = Stage(stage)
	}
	c.ReplacedBy, c.Reason = optional(d.ReplacedBy, ""), optional(d.Reason, "")
	switch {
	case c.ReplacedBy != "" && c.Stage != StageDeprecated:
		d.errorf(d.at("replaced_by"), "Replacement of a control in force", `Only a deprecated control is replaced: write stage = "deprecated", or remove replaced_by.`)
	case c.ReplacedBy != "" && c.ReplacedBy == c.ID:
		d.errorf(d.at("replaced_by"), "Replacement cycle", "A control can't replace itself.")
	case c.Reason != "" && c.Stage == StageCurrent:
		d.errorf(d.at("reason"), "Reason without a stage", `A reason says why a control is a preview or deprecated: write its stage, or remove reason.`)
	}
}

// points returns what the control is worth, in hundredths. A preview inherits none: it has only
// points of its own.
func (d *decoder) points(stage Stage) int64 {
	own := d.sourceMap[0].Points
	if stage == StagePreview && own == nil || stage == StageDeprecated && d.Points == nil {
		return 0
	}
	if d.Points == nil {
		d.missing("points")
		return 0
	}
	hundredths := math.Round(*d.Points * 100)
	if !(*d.Points >= 0 && *d.Points <= maxPoints) || math.Abs(hundredths-*d.Points*100) > 1e-6 {
		d.errorf(d.at("points"), "Invalid points", "An action is worth 0 to %d points, with at most two decimals: %v is not.", maxPoints, *d.Points)
		return 0
	}
	return int64(hundredths)
}

func (d *decoder) texts(c *Control) {
	c.Description = optional(d.Description, "")
	c.UserImpactText = optional(d.UserImpactText, "")
	c.Source = optional(d.Source, "")
	c.Exception = d.exception()
	c.RequiresSource = optional(d.RequiresSource, "")
	c.Differences = slices.Clone(d.Differences)
	c.Frameworks = map[string][]string{}
	for name, ids := range d.Frameworks {
		if len(ids) > 0 { // an empty list overrides that of the defaults
			c.Frameworks[name] = sortedSet(slices.Clone(ids))
		}
	}
	if d.Implementation == nil {
		return
	}
	c.Implementation.Steps = d.Implementation.Steps
	c.Implementation.ManageURL = optional(d.Implementation.ManageURL, "")
	d.checkURL(c.Implementation.ManageURL, d.at("implementation", "manage_url"))
	for title, address := range d.Implementation.LearnMore {
		c.Implementation.LearnMore = append(c.Implementation.LearnMore, Link{Title: title, URL: address})
		d.checkURL(address, d.at("implementation", "learn_more", title))
	}
	slices.SortFunc(c.Implementation.LearnMore, func(a, b Link) int { return strings.Compare(a.Title, b.Title) })
}

// exception is the recommendation by which exceptions in the evidence name the action.
func (d *decoder) exception() string {
	if d.Exception != nil && strings.TrimSpace(*d.Exception) == "" {
		d.errorf(d.at("exception"), "Invalid exception",
			"Name the recommendation as exceptions in the evidence do, such as \"sca-_-scid-96\", or leave exception out if the action takes its status by hand.")
	}
	return optional(d.Exception, "")
}

// checkURL keeps addresses that a browser would run, or that could not be opened, out of reports.
func (d *decoder) checkURL(address string, at hcl.Range) {
	if address == "" {
		return
	}
	if u, err := url.Parse(address); err != nil || u.Scheme != "https" || u.Host == "" {
		d.errorf(at, "Invalid address", "Write an address as https://host/path: %q is not.", clip(address))
	}
}

func (d *decoder) evidence(c *Control) {
	if c.Stage == StageDeprecated && d.kinds() == 0 {
		return // nothing evaluates it
	}
	if d.kinds() != 1 {
		d.errorf(d.at(), "No single way to earn points",
			"Give the control exactly one of the blocks setting, coverage, graded or attested; it has %d.", d.kinds())
		c.unclear = true
		return
	}
	c.Kind = d.kind()
	if d.has("match") && c.Kind != KindCoverage {
		d.errorf(d.at("match"), "Match without records", "Only a control with a coverage block is about records that could match: remove match.")
	}
	c.AnyOf = sortedSet(slices.Clone(d.AnyOf))
	c.Context = sortedSet(slices.Concat(d.Context, d.AnyOf, d.contexts(c)))
	c.Constants = d.constants(c)
	if c.Kind == KindCoverage {
		c.Coverage = d.coverage()
	}
	switch {
	case len(c.AnyOf) > 0 && (c.Kind == KindCoverage || len(c.AnyOf) == 1):
		d.errorf(d.at("any_of"), "No choice of evidence",
			"any_of names at least two datasets of which a setting or graded control needs one: put what the rule can't do without into context.")
	case c.Kind == KindAttested && len(c.Context) > 0:
		d.errorf(d.at("context"), "Context without a rule", "An attested control has no rule that could read it: remove context.")
	case (c.Kind == KindSetting || c.Kind == KindGraded) && len(c.Context) == 0:
		c.unclear = true
		d.errorf(d.at(), "No evidence declared", `Name the datasets that the rule reads, as in: context = ["entra.security_defaults"].`)
	}
}

// contexts reads the names of datasets, and returns the datasets.
func (d *decoder) contexts(c *Control) (datasets []string) {
	for _, s := range d.sourceMap {
		seen := map[string]bool{}
		for _, block := range s.Contexts {
			if seen[block.Name] {
				c.unclear = true
				d.errorf(block.Range, "Duplicate context", "The name %q is taken by another context of this control: choose another.", clip(block.Name))
			}
			seen[block.Name] = true
		}
	}
	for _, block := range d.Contexts {
		if !validName.MatchString(block.Name) {
			c.unclear = true
			d.errorf(block.Range, "Invalid context name", "The rule finds the dataset as data.context.<name>: %q is not letters, digits and underscores that start with a letter.", clip(block.Name))
		}
		name := ContextName{Name: block.Name, Dataset: optional(block.Dataset, "")}
		if c.Names = append(c.Names, name); name.Dataset != "" {
			datasets = append(datasets, name.Dataset)
		}
	}
	slices.SortFunc(c.Names, func(a, b ContextName) int { return strings.Compare(a.Name, b.Name) })
	return datasets
}

// constants merges the constants of all sections, name by name.
func (d *decoder) constants(c *Control) map[string]any {
	var merged map[string]any
	for _, s := range slices.Backward(d.sourceMap) {
		values, _ := d.object(s.Constants, d.names, "constants")
		for _, name := range sortedKeys(values) {
			value, err := plain(values[name])
			if err != nil || value == nil || !validName.MatchString(name) {
				c.unclear = true
				d.errorf(d.at("constants", name), "Invalid constant", "A constant has a name of letters, digits and underscores, and a value that is known: %q has not.", clip(name))
				continue
			}
			if merged == nil {
				merged = map[string]any{}
			}
			merged[name] = value
		}
	}
	return merged
}

func (d *decoder) coverage() *Coverage {
	block := d.Coverage
	coverage := &Coverage{
		Dataset:      block.Dataset,
		WhenEmpty:    d.oneOfAt(d.at("coverage", block.Dataset, "when_empty"), "when_empty", block.WhenEmpty, emptyRules()),
		AllOrNothing: d.oneOfAt(d.at("coverage", block.Dataset, "credit"), "credit", optional(block.Credit, "partial"), credits()) == "all_or_nothing",
		Match:        d.match(block),
	}
	seen := map[string]bool{}
	for _, join := range block.Joins {
		if !validName.MatchString(join.Name) {
			d.errorf(join.Range, "Invalid join name", "The rule finds the record under this name: %q is not letters, digits and underscores that start with a letter.", clip(join.Name))
		}
		if seen[join.Name] {
			d.errorf(join.Range, "Duplicate join", "The name %q is taken by another join of this control: choose another.", join.Name)
		}
		seen[join.Name] = true
		coverage.Joins = append(coverage.Joins, Join{
			Name: join.Name, Dataset: join.Dataset, On: optional(join.On, ""), Many: optional(join.Many, false),
			IgnoreUnmatched: d.oneOfAt(d.at("coverage", block.Dataset, "join", join.Name, "unmatched"), "unmatched", optional(join.Unmatched, "judge"), unmatched()) == "ignore",
		})
	}
	if block.Fresh != nil {
		coverage.Fresh = &Fresh{Field: block.Fresh.Field, Days: block.Fresh.Days}
	}
	slices.SortFunc(coverage.Joins, func(a, b Join) int { return strings.Compare(a.Name, b.Name) })
	return coverage
}

// match decodes the match of the coverage block or, where several controls share the block, the one
// beside it.
func (d *decoder) match(block *coverageBlock) []Match {
	expr := block.Match
	if d.has("match") {
		if !absent(expr, d.names) {
			d.errorf(d.at("match"), "Match given twice", "The coverage block has a match, too: write it in one place.")
			return nil
		}
		expr = d.Match
	}
	fields, ok := d.object(expr, d.names, "match")
	if !ok {
		return nil
	}
	var matches []Match
	for _, name := range sortedKeys(fields) {
		value, err := plain(fields[name])
		switch value.(type) {
		case []any, map[string]any, nil:
			d.errorf(d.matchAt(block.Dataset, name), "Invalid match", "The value of %s has to be a string, a number or a boolean.", name)
			continue
		}
		if err != nil {
			d.errorf(d.matchAt(block.Dataset, name), "Invalid match", "The value of %s can't be used: %v.", name, err)
			continue
		}
		matches = append(matches, Match{Field: name, Value: value})
	}
	return matches
}

// absent reports whether an optional attribute was left out.
func absent(expr hcl.Expression, names *hcl.EvalContext) bool {
	if expr == nil {
		return true
	}
	value, diags := expr.Value(names)
	return !diags.HasErrors() && value.IsNull()
}

func (d *decoder) prerequisites(id string) []Prerequisite {
	var list []Prerequisite
	for _, block := range d.Prerequisites {
		p := Prerequisite{
			License: optional(block.License, ""), ServicePlans: sortedSet(slices.Clone(block.ServicePlans)), Control: optional(block.Control, ""), where: block.Range,
		}
		given := 0
		for _, one := range []bool{p.License != "", len(p.ServicePlans) > 0, p.Control != ""} {
			if one {
				given++
			}
		}
		switch {
		case given != 1:
			d.errorf(block.Range, "Invalid prerequisite", "Give one of license, service_plans (any one of them is enough) and control, and no more.")
			continue
		case p.Control == id:
			d.errorf(block.Range, "Prerequisite cycle", "A control can't be its own prerequisite.")
			continue
		}
		list = append(list, p)
	}
	return list
}

func (d *decoder) missing(attribute string) {
	d.errorf(d.at(attribute), "Missing "+attribute, "Give the control the attribute %s, in its own block or in the defaults of its file.", attribute)
}

func (d *decoder) required(attribute string, value *string) string {
	if value == nil || strings.TrimSpace(*value) == "" {
		d.missing(attribute)
		return ""
	}
	return *value
}

func (d *decoder) oneOf(attribute, value string, allowed []string) string {
	return d.oneOfAt(d.at(attribute), attribute, value, allowed)
}

func (d *decoder) oneOfAt(at hcl.Range, attribute, value string, allowed []string) string {
	if value == "" || slices.Contains(allowed, value) {
		return value
	}
	d.errorf(at, "Invalid "+attribute, "%q is not one of %s.%s", clip(value), strings.Join(allowed, ", "), suggest.Hint(value, allowed))
	return value
}

func optional[T any](value *T, otherwise T) T {
	if value == nil {
		return otherwise
	}
	return *value
}

// clip shortens a foreign word before it is shown.
func clip(word string) string {
	if runes := []rune(word); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return word
}

// validName is what joins and parameters are called, so that a rule can write input.name.
var validName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,99}$`)

// validID is what a control may be called, in a file name and in an address, too.
var validID = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]{0,99}$`)
