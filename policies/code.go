package policies

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/posture-score/posture/policies/packed"
	"github.com/posture-score/posture/policies/rule"
)

// Invariant: every field of a control is written here, but for those that only loading in full needs; a test compares all of them.

func (s *state) code(c *packed.Coder) {
	packed.Text(c, &s.key)
	s.codeRest(c)
}

func (s *state) codeRest(c *packed.Coder) {
	packed.Text(c, &s.version)
	packed.Text(c, &s.digest)
	packed.List(c, &s.controls, func(c *packed.Coder, v **Control) { packed.Pointer(c, v, codeControl) })
	packed.List(c, &s.products, func(c *packed.Coder, v **Product) { packed.Pointer(c, v, codeProduct) })
	packed.List(c, &s.licenses, func(c *packed.Coder, v **License) { packed.Pointer(c, v, codeLicense) })
	packed.Map(c, &s.packages, func(c *packed.Coder, p *pkg) {
		codeTexts(c, &p.rules)
		packed.Text(c, &p.digest)
	})
	packed.List(c, &s.modules, func(c *packed.Coder, m *rule.Module) {
		packed.Text(c, &m.Path)
		packed.Text(c, &m.Package)
	})
	packed.Text(c, &s.ready)
}

func codeControl(c *packed.Coder, v *Control) {
	for _, text := range []*string{
		&v.ID, &v.Title, &v.Description, &v.Category, &v.Product, &v.Tier, &v.Difficulty, &v.UserImpact, &v.Complexity, &v.Confidence,
		&v.UserImpactText, &v.Source, &v.Exception, &v.RequiresSource, &v.Package, &v.Digest, &v.ReplacedBy, &v.Reason,
	} {
		packed.Text(c, text)
	}
	packed.Int(c, &v.Points)
	packed.Text(c, &v.Stage)
	codeTexts(c, &v.Threats)
	packed.Text(c, &v.Kind)
	packed.Pointer(c, &v.Coverage, codeCoverage)
	codeTexts(c, &v.Context)
	codeTexts(c, &v.AnyOf)
	packed.List(c, &v.Parameters, codeParameter)
	packed.List(c, &v.Prerequisites, func(c *packed.Coder, v *Prerequisite) {
		packed.Text(c, &v.License)
		packed.Text(c, &v.LicenseTitle)
		codeTexts(c, &v.ServicePlans)
		codeTexts(c, &v.PlanIDs)
		packed.Text(c, &v.Control)
		codeRange(c, &v.Range)
	})
	packed.Text(c, &v.Implementation.ManageURL)
	codeTexts(c, &v.Implementation.Steps)
	packed.List(c, &v.Implementation.LearnMore, func(c *packed.Coder, v *Link) {
		packed.Text(c, &v.Title)
		packed.Text(c, &v.URL)
	})
	packed.Map(c, &v.Frameworks, codeTexts)
	codeRange(c, &v.Range)
}

func codeCoverage(c *packed.Coder, v *Coverage) {
	packed.Text(c, &v.Dataset)
	packed.List(c, &v.Match, func(c *packed.Coder, v *Match) {
		packed.Text(c, &v.Field)
		packed.JSON(c, &v.Value)
	})
	packed.List(c, &v.Joins, func(c *packed.Coder, v *Join) {
		packed.Text(c, &v.Name)
		packed.Text(c, &v.Dataset)
		packed.Text(c, &v.On)
		c.Bool(&v.Many)
		c.Bool(&v.IgnoreUnmatched)
	})
	packed.Text(c, &v.WhenEmpty)
	c.Bool(&v.AllOrNothing)
	packed.Pointer(c, &v.Fresh, func(c *packed.Coder, v *Fresh) {
		packed.Text(c, &v.Field)
		packed.Text(c, &v.Days)
	})
}

func codeParameter(c *packed.Coder, v *Parameter) {
	packed.Text(c, &v.Name)
	packed.Text(c, &v.Description)
	codeType(c, &v.Type)
	packed.Text(c, &v.Format)
	packed.JSON(c, &v.Value)
	c.Bool(&v.Exceptions)
}

// codeType codes a type as cty writes it in JSON.
func codeType(c *packed.Coder, t *cty.Type) {
	var text string
	if !c.Reading() {
		raw, err := ctyjson.MarshalType(*t)
		if err != nil {
			c.Fail(err)
		}
		text = string(raw)
	}
	if packed.Text(c, &text); !c.Reading() {
		return
	}
	read, err := typeOf(text)
	if err != nil {
		c.Fail(err)
	}
	*t = read
}

// typeOf reads a type. cty's own reader takes many times as long as it takes for the few that parameters are of.
func typeOf(text string) (cty.Type, error) {
	switch text {
	case `"string"`:
		return cty.String, nil
	case `"number"`:
		return cty.Number, nil
	case `"bool"`:
		return cty.Bool, nil
	case `["list","string"]`:
		return cty.List(cty.String), nil
	case `["map","number"]`:
		return cty.Map(cty.Number), nil
	}
	return ctyjson.UnmarshalType([]byte(text))
}

func codeProduct(c *packed.Coder, v *Product) {
	packed.Text(c, &v.ID)
	packed.Text(c, &v.Title)
	packed.Text(c, &v.License)
	packed.Text(c, &v.LicenseTitle)
	codeTexts(c, &v.ServicePlans)
	codeTexts(c, &v.PlanIDs)
	codeRange(c, &v.Range)
	c.Bool(&v.fallback)
}

func codeLicense(c *packed.Coder, v *License) {
	packed.Text(c, &v.ID)
	packed.Text(c, &v.Title)
	packed.List(c, &v.Plans, func(c *packed.Coder, v *ServicePlan) {
		packed.Text(c, &v.Name)
		packed.Text(c, &v.ID)
	})
	codeTexts(c, &v.includes)
	codeRange(c, &v.Range)
	c.Bool(&v.fallback)
}

func codeTexts(c *packed.Coder, v *[]string) { packed.List(c, v, packed.Text[string]) }

func codeRange(c *packed.Coder, v *hcl.Range) {
	packed.Text(c, &v.Filename)
	for _, at := range []*hcl.Pos{&v.Start, &v.End} {
		packed.Int(c, &at.Line)
		packed.Int(c, &at.Column)
		packed.Int(c, &at.Byte)
	}
}
