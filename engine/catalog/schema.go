package catalog

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// This file is the grammar of a policy file, as gohcl reads it. decode.go turns it into Controls.

type fileBody struct {
	Catalogs  []catalogBlock  `hcl:"catalog,block"`
	Licenses  []licenseBlock  `hcl:"license,block"`
	Products  []productBlock  `hcl:"product,block"`
	Templates []templateBlock `hcl:"template,block"`
	Defaults  []defaultsBlock `hcl:"defaults,block"`
	Controls  []controlBlock  `hcl:"control,block"`
}

type catalogBlock struct {
	Version string `hcl:"version"`
}

type licenseBlock struct {
	ID       string         `hcl:"id,label"`
	Title    string         `hcl:"title"`
	Plans    hcl.Expression `hcl:"plans,optional"`
	Includes []string       `hcl:"includes,optional"`
	Range    hcl.Range      `hcl:",def_range"`
}

type productBlock struct {
	ID      string    `hcl:"id,label"`
	Title   string    `hcl:"title"`
	Service *string   `hcl:"service,optional"`
	License *string   `hcl:"license,optional"`
	Plans   []string  `hcl:"service_plans,optional"`
	Range   hcl.Range `hcl:",def_range"`
}

type defaultsBlock struct {
	Range hcl.Range `hcl:",def_range"`
	Body  hcl.Body  `hcl:",remain"`
}

type templateBlock struct {
	Name  string    `hcl:"name,label"`
	Range hcl.Range `hcl:",def_range"`
	Body  hcl.Body  `hcl:",remain"`
}

type controlBlock struct {
	ID    string    `hcl:"id,label"`
	Range hcl.Range `hcl:",def_range"`
	Body  hcl.Body  `hcl:",remain"`
}

// attributes are those of a control, of the defaults of its file, or of a template.
type attributes struct {
	Use            *string             `hcl:"use,optional"`
	Rule           *string             `hcl:"rule,optional"`
	Title          *string             `hcl:"title,optional"`
	Description    *string             `hcl:"description,optional"`
	Category       *string             `hcl:"category,optional"`
	Product        *string             `hcl:"product,optional"`
	Points         *float64            `hcl:"points,optional"`
	Stage          *string             `hcl:"stage,optional"`
	ReplacedBy     *string             `hcl:"replaced_by,optional"`
	Reason         *string             `hcl:"reason,optional"`
	Tier           *string             `hcl:"tier,optional"`
	Difficulty     *string             `hcl:"difficulty,optional"`
	UserImpact     *string             `hcl:"user_impact,optional"`
	Complexity     *string             `hcl:"complexity,optional"`
	Confidence     *string             `hcl:"confidence,optional"`
	Threats        []string            `hcl:"threats,optional"`
	Context        []string            `hcl:"context,optional"`
	AnyOf          []string            `hcl:"any_of,optional"`
	Values         hcl.Expression      `hcl:"parameters,optional"`
	Constants      hcl.Expression      `hcl:"constants,optional"`
	Match          hcl.Expression      `hcl:"match,optional"`
	UserImpactText *string             `hcl:"user_impact_text,optional"`
	Frameworks     map[string][]string `hcl:"frameworks,optional"`
	Source         *string             `hcl:"source,optional"`
	Exception      *string             `hcl:"exception,optional"`
	RequiresSource *string             `hcl:"requires_source,optional"`
	Differences    []string            `hcl:"differences,optional"`

	Setting        *settingBlock        `hcl:"setting,block"`
	Coverage       *coverageBlock       `hcl:"coverage,block"`
	Graded         *gradedBlock         `hcl:"graded,block"`
	Attested       *attestedBlock       `hcl:"attested,block"`
	Contexts       []contextBlock       `hcl:"context,block"`
	Parameters     []parameterBlock     `hcl:"parameter,block"`
	Prerequisites  []prerequisiteBlock  `hcl:"prerequisite,block"`
	Implementation *implementationBlock `hcl:"implementation,block"`
}

type (
	settingBlock  struct{}
	gradedBlock   struct{}
	attestedBlock struct{}
)

type coverageBlock struct {
	Dataset   string         `hcl:"dataset,label"`
	WhenEmpty string         `hcl:"when_empty"`
	Credit    *string        `hcl:"credit,optional"`
	Match     hcl.Expression `hcl:"match,optional"`
	Joins     []joinBlock    `hcl:"join,block"`
	Fresh     *freshBlock    `hcl:"fresh,block"`
	Range     hcl.Range      `hcl:",def_range"`
}

// contextBlock names a document below data.context. Without a dataset the rule finds nothing there.
type contextBlock struct {
	Name    string    `hcl:"name,label"`
	Dataset *string   `hcl:"dataset,optional"`
	Range   hcl.Range `hcl:",def_range"`
}

type freshBlock struct {
	Field string    `hcl:"field"`
	Days  string    `hcl:"days"`
	Range hcl.Range `hcl:",def_range"`
}

type joinBlock struct {
	Name      string    `hcl:"name,label"`
	Dataset   string    `hcl:"dataset"`
	On        *string   `hcl:"on,optional"`
	Many      *bool     `hcl:"many,optional"`
	Unmatched *string   `hcl:"unmatched,optional"`
	Range     hcl.Range `hcl:",def_range"`
}

type parameterBlock struct {
	Name        string         `hcl:"name,label"`
	Type        hcl.Expression `hcl:"type"`
	Default     hcl.Expression `hcl:"default,optional"`
	Description *string        `hcl:"description,optional"`
	Format      *string        `hcl:"format,optional"`
	Exceptions  *bool          `hcl:"exceptions,optional"`
	Range       hcl.Range      `hcl:",def_range"`
}

type prerequisiteBlock struct {
	License      *string   `hcl:"license,optional"`
	ServicePlans []string  `hcl:"service_plans,optional"`
	Control      *string   `hcl:"control,optional"`
	Range        hcl.Range `hcl:",def_range"`
}

type implementationBlock struct {
	ManageURL *string           `hcl:"manage_url,optional"`
	Steps     []string          `hcl:"steps,optional"`
	LearnMore map[string]string `hcl:"learn_more,optional"`
	Range     hcl.Range         `hcl:",def_range"`
}

// over returns the parts of an implementation, and those of another one that it leaves out.
func (b *implementationBlock) over(base *implementationBlock) *implementationBlock {
	if b == nil || base == nil {
		return or(b, base)
	}
	merged := *b
	merged.ManageURL = or(b.ManageURL, base.ManageURL)
	if b.Steps == nil {
		merged.Steps = base.Steps
	}
	if b.LearnMore == nil {
		merged.LearnMore = base.LearnMore
	}
	return &merged
}

// section is one body of attributes with the places of what was written in it.
type section struct {
	attributes
	body  *hclsyntax.Body
	parts *bodyIndex // of the body
	where hcl.Range
}

// readSection reads a body, whose expressions may use what the context has.
func readSection(body hcl.Body, where hcl.Range, names *hcl.EvalContext) (section, hcl.Diagnostics) {
	s := section{where: where}
	s.body, _ = body.(*hclsyntax.Body)
	if s.body != nil {
		s.parts = &bodyIndex{body: s.body}
		if diags := hclsyntax.Walk(s.body, &loops{}); diags.HasErrors() {
			return s, diags
		}
	}
	diags := decodeBody(body, names, &s.attributes)
	return s, withoutConsequences(diags)
}

// withoutConsequences leaves out what gohcl says of a value that could not be evaluated, beside the
// reason for that.
func withoutConsequences(diags hcl.Diagnostics) hcl.Diagnostics {
	known := slices.DeleteFunc(slices.Clone(diags), func(d *hcl.Diagnostic) bool {
		return d.Summary == "Unsuitable value type" && strings.HasSuffix(d.Detail, "value must be known")
	})
	if len(known) == 0 {
		return diags
	}
	return known
}

// has reports whether the attribute was written here.
func (s section) has(attribute string) bool {
	return s.body != nil && s.body.Attributes[attribute] != nil
}

// merged returns the attributes of sections; each inherits what it leaves out from those that
// follow it.
func merged(sections []section) attributes {
	result := sections[len(sections)-1].attributes
	for _, s := range slices.Backward(sections[:len(sections)-1]) {
		result = s.over(result)
	}
	return result
}

// over returns the attributes of the section, which inherits what it leaves out from the base.
func (s section) over(base attributes) attributes {
	own := s.attributes
	merged := attributes{
		Rule:           or(own.Rule, base.Rule),
		Title:          or(own.Title, base.Title),
		Description:    or(own.Description, base.Description),
		Category:       or(own.Category, base.Category),
		Product:        or(own.Product, base.Product),
		Points:         or(own.Points, base.Points),
		Stage:          or(own.Stage, base.Stage),
		ReplacedBy:     or(own.ReplacedBy, base.ReplacedBy),
		Reason:         or(own.Reason, base.Reason),
		Tier:           or(own.Tier, base.Tier),
		Difficulty:     or(own.Difficulty, base.Difficulty),
		UserImpact:     or(own.UserImpact, base.UserImpact),
		Complexity:     or(own.Complexity, base.Complexity),
		Confidence:     or(own.Confidence, base.Confidence),
		UserImpactText: or(own.UserImpactText, base.UserImpactText),
		Source:         or(own.Source, base.Source),
		Exception:      or(own.Exception, base.Exception),
		RequiresSource: or(own.RequiresSource, base.RequiresSource),
		Coverage:       or(own.Coverage, base.Coverage),
		Implementation: own.Implementation.over(base.Implementation),
		Threats:        base.Threats,
		Context:        base.Context,
		AnyOf:          base.AnyOf,
		Frameworks:     base.Frameworks,
		Values:         base.Values,
		Match:          base.Match,
		Differences:    base.Differences,
		Parameters:     slices.Concat(base.Parameters, own.Parameters),
		Contexts:       slices.Clone(own.Contexts),
		Prerequisites:  base.Prerequisites,
	}
	for _, block := range base.Contexts {
		if !slices.ContainsFunc(own.Contexts, func(b contextBlock) bool { return b.Name == block.Name }) {
			merged.Contexts = append(merged.Contexts, block)
		}
	}
	if s.has("threats") {
		merged.Threats = own.Threats
	}
	if s.has("context") {
		merged.Context = own.Context
	}
	if s.has("any_of") {
		merged.AnyOf = own.AnyOf
	}
	if s.has("parameters") {
		merged.Values = own.Values
	}
	if s.has("differences") {
		merged.Differences = own.Differences
	}
	if s.has("match") {
		merged.Match = own.Match
	}
	if s.has("frameworks") {
		merged.Frameworks = maps.Clone(base.Frameworks)
		if merged.Frameworks == nil {
			merged.Frameworks = map[string][]string{}
		}
		maps.Copy(merged.Frameworks, own.Frameworks)
	}
	if len(own.Prerequisites) > 0 {
		merged.Prerequisites = own.Prerequisites
	}
	if own.kinds() > 0 {
		merged.Setting, merged.Coverage, merged.Graded, merged.Attested = own.Setting, own.Coverage, own.Graded, own.Attested
	} else {
		merged.Setting, merged.Coverage, merged.Graded, merged.Attested = base.Setting, base.Coverage, base.Graded, base.Attested
	}
	return merged
}

// kinds counts the blocks that say how points are earned: it should be one.
func (a attributes) kinds() int {
	count := 0
	for _, given := range []bool{a.Setting != nil, a.Coverage != nil, a.Graded != nil, a.Attested != nil} {
		if given {
			count++
		}
	}
	return count
}

func (a attributes) kind() Kind {
	switch {
	case a.Setting != nil:
		return KindSetting
	case a.Coverage != nil:
		return KindCoverage
	case a.Graded != nil:
		return KindGraded
	default:
		return KindAttested
	}
}

func or[T any](own, shared *T) *T {
	if own != nil {
		return own
	}
	return shared
}
