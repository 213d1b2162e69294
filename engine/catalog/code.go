package catalog

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/posture-score/posture/engine/internal/codec"
	"github.com/posture-score/posture/engine/internal/rego/check"
)

// Invariant: every field of a control is written here, but for those that only loading in full
// needs; a test compares all of them.

func (s *state) code(c *codec.Coder) {
	codec.Text(c, &s.key)
	s.codeRest(c)
}

func (s *state) codeRest(c *codec.Coder) {
	codec.Text(c, &s.version)
	codec.Text(c, &s.digest)
	codec.List(c, &s.controls, func(c *codec.Coder, v **Control) { codec.Pointer(c, v, codeControl) })
	codec.List(c, &s.products, func(c *codec.Coder, v **Product) { codec.Pointer(c, v, codeProduct) })
	codec.List(c, &s.licenses, func(c *codec.Coder, v **License) { codec.Pointer(c, v, codeLicense) })
	codec.Map(c, &s.packages, func(c *codec.Coder, p *pkg) {
		codeTexts(c, &p.rules)
		codec.Text(c, &p.digest)
		c.Bool(&p.timed)
	})
	codec.List(c, &s.modules, func(c *codec.Coder, m *check.Module) {
		codec.Text(c, &m.Path)
		codec.Text(c, &m.Package)
	})
	codec.Text(c, &s.ready)
}

func codeControl(c *codec.Coder, v *Control) {
	for _, text := range []*string{
		&v.ID, &v.Title, &v.Description, &v.Category, &v.Product, &v.Tier, &v.Difficulty, &v.UserImpact, &v.Complexity, &v.Confidence,
		&v.UserImpactText, &v.Source, &v.Exception, &v.RequiresSource, &v.Rule, &v.Package, &v.Digest, &v.ReplacedBy, &v.Reason,
	} {
		codec.Text(c, text)
	}
	codec.Int(c, &v.Points)
	codec.Text(c, &v.Stage)
	codeTexts(c, &v.Threats)
	codec.Text(c, &v.Kind)
	codec.Pointer(c, &v.Coverage, codeCoverage)
	codeTexts(c, &v.Context)
	codeTexts(c, &v.AnyOf)
	codec.List(c, &v.Names, func(c *codec.Coder, v *ContextName) {
		codec.Text(c, &v.Name)
		codec.Text(c, &v.Dataset)
	})
	codec.Map(c, &v.Constants, codec.JSON)
	codec.List(c, &v.Parameters, codeParameter)
	codec.List(c, &v.Prerequisites, func(c *codec.Coder, v *Prerequisite) {
		codec.Text(c, &v.License)
		codec.Text(c, &v.LicenseTitle)
		codeTexts(c, &v.ServicePlans)
		codeTexts(c, &v.PlanIDs)
		codec.Text(c, &v.Control)
		codeRange(c, &v.where)
	})
	codec.Text(c, &v.Implementation.ManageURL)
	codeTexts(c, &v.Implementation.Steps)
	codec.List(c, &v.Implementation.LearnMore, func(c *codec.Coder, v *Link) {
		codec.Text(c, &v.Title)
		codec.Text(c, &v.URL)
	})
	codec.Map(c, &v.Frameworks, codeTexts)
	codeTexts(c, &v.Differences)
	codeRange(c, &v.where)
}

func codeCoverage(c *codec.Coder, v *Coverage) {
	codec.Text(c, &v.Dataset)
	codec.List(c, &v.Match, func(c *codec.Coder, v *Match) {
		codec.Text(c, &v.Field)
		codec.JSON(c, &v.Value)
	})
	codec.List(c, &v.Joins, func(c *codec.Coder, v *Join) {
		codec.Text(c, &v.Name)
		codec.Text(c, &v.Dataset)
		codec.Text(c, &v.On)
		c.Bool(&v.Many)
		c.Bool(&v.IgnoreUnmatched)
	})
	codec.Text(c, &v.WhenEmpty)
	c.Bool(&v.AllOrNothing)
	codec.Pointer(c, &v.Fresh, func(c *codec.Coder, v *Fresh) {
		codec.Text(c, &v.Field)
		codec.Text(c, &v.Days)
	})
}

func codeParameter(c *codec.Coder, v *Parameter) {
	codec.Text(c, &v.Name)
	codec.Text(c, &v.Description)
	codeType(c, v)
	codec.Text(c, &v.Format)
	codec.JSON(c, &v.Value)
	c.Bool(&v.Exceptions)
}

// codeType codes the type of a parameter as it is written.
func codeType(c *codec.Coder, v *Parameter) {
	if codec.Text(c, &v.Type); !c.Reading() {
		return
	}
	t, err := typeOf(v.Type)
	if err != nil {
		c.Fail(err)
	}
	v.cty = t
}

// typeOf reads a type. The common ones are read here, many times faster than by HCL.
func typeOf(text string) (cty.Type, error) {
	switch text {
	case "string":
		return cty.String, nil
	case "number":
		return cty.Number, nil
	case "bool":
		return cty.Bool, nil
	case "list(string)":
		return cty.List(cty.String), nil
	case "map(number)":
		return cty.Map(cty.Number), nil
	case "map(list(string))":
		return cty.Map(cty.List(cty.String)), nil
	}
	expr, diags := hclsyntax.ParseExpression([]byte(text), "", hcl.InitialPos)
	if diags.HasErrors() {
		return cty.NilType, diags
	}
	t, diags := typeexpr.TypeConstraint(expr)
	if diags.HasErrors() {
		return cty.NilType, diags
	}
	return t, nil
}

func codeProduct(c *codec.Coder, v *Product) {
	codec.Text(c, &v.ID)
	codec.Text(c, &v.Title)
	codec.Text(c, &v.Service)
	codec.Text(c, &v.License)
	codec.Text(c, &v.LicenseTitle)
	codeTexts(c, &v.ServicePlans)
	codeTexts(c, &v.PlanIDs)
	codeRange(c, &v.where)
	c.Bool(&v.fallback)
}

func codeLicense(c *codec.Coder, v *License) {
	codec.Text(c, &v.ID)
	codec.Text(c, &v.Title)
	codec.List(c, &v.Plans, func(c *codec.Coder, v *ServicePlan) {
		codec.Text(c, &v.Name)
		codec.Text(c, &v.ID)
	})
	codeTexts(c, &v.includes)
	codeRange(c, &v.where)
	c.Bool(&v.fallback)
}

func codeTexts(c *codec.Coder, v *[]string) { codec.List(c, v, codec.Text[string]) }

func codeRange(c *codec.Coder, v *hcl.Range) {
	codec.Text(c, &v.Filename)
	for _, at := range []*hcl.Pos{&v.Start, &v.End} {
		codec.Int(c, &at.Line)
		codec.Int(c, &at.Column)
		codec.Int(c, &at.Byte)
	}
}
