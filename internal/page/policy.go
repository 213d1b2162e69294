package page

import (
	"slices"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/page/highlight"
	"github.com/posture-score/posture/internal/snapshot"
)

// policyPart is the text that decides an action.
type policyPart struct {
	Known   bool   // the catalog at hand has the control
	Same    bool   // and it is the one that was assessed
	Digest  string // of the control as it was assessed
	Version string // of the catalog
	Place   string // file:line
	Source  string
	Package string // of the rule
	HCL     []highlight.Token
	Rego    []highlight.Token
	Brief   bool   // HCL lacks what the page says in words
	Rule    string // in a file: id of the element that has the Rego
}

// rulePart is a rule in the single file. Controls share it.
type rulePart struct {
	ID, Package string
	Rego        []highlight.Token
}

func policyOf(s *snapshot.Snapshot, a *engine.Action, control *catalog.Control, file bool) *policyPart {
	p := &policyPart{Digest: a.Digest, Version: s.Assessment.Catalog.Version}
	if control == nil {
		return p
	}
	p.Known, p.Same, p.Place, p.Source, p.Package = true, control.Digest == a.Digest, control.Position().String(), control.Source, control.RulePackage()
	if file {
		p.Source = "" // it is in the catalog, and too long
		if a.Outcome != engine.NotApplicable {
			p.inFile(s.Catalog, control)
		}
		return p
	}
	if text, ok := s.Catalog.ControlText(control); ok {
		p.HCL = highlight.Tokens(highlight.HCL, string(text))
	}
	if text, ok := s.Catalog.RuleText(control); ok {
		p.Rego = highlight.Tokens(highlight.Rego, string(text))
	}
	return p
}

// inFile adds the texts as the single file has them, which is sent by mail: rules stand there once, and what the page says of a control in
// words is not repeated. Neither is highlighted: that takes as many bytes as the texts.
func (p *policyPart) inFile(cat *catalog.Catalog, control *catalog.Control) {
	if text, ok := cat.ControlText(control, shownAnyway()...); ok {
		p.HCL, p.Brief = []highlight.Token{{Text: string(text)}}, true
	}
	if _, ok := cat.RuleText(control); ok {
		p.Rule = ruleID(control)
	}
}

// shownAnyway are the attributes and blocks of a control that its page shows in words.
func shownAnyway() []string {
	return []string{
		"title", "description", "category", "product", "tier", "difficulty", "user_impact", "complexity", "threats", "frameworks",
		"user_impact_text", "implementation", "source",
	}
}

func ruleID(control *catalog.Control) string { return "rule-" + control.RulePackage() }

// rulesOf returns the rules of the actions of an assessment, once each, sorted by package.
func rulesOf(s *snapshot.Snapshot) []rulePart {
	var list []rulePart
	if s.Catalog == nil {
		return nil
	}
	seen := map[string]bool{}
	for i := range s.Assessment.Actions {
		control, ok := s.Catalog.Control(s.Assessment.Actions[i].ID)
		if !ok || seen[control.RulePackage()] {
			continue
		}
		seen[control.RulePackage()] = true
		if text, ok := s.Catalog.RuleText(control); ok {
			list = append(list, rulePart{ID: ruleID(control), Package: control.RulePackage(), Rego: []highlight.Token{{Text: string(text)}}})
		}
	}
	slices.SortFunc(list, func(a, b rulePart) int {
		if a.Package < b.Package {
			return -1
		}
		return 1
	})
	return list
}
