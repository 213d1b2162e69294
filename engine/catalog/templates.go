package catalog

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/posture-score/posture/internal/suggest"
)

// This file finds the sections that a control is made of: its own block, the defaults of its file,
// and a template. A section inherits what it leaves out from the next.

// exampleID is the id of no control, with which sections are read that no control uses.
const exampleID = "example"

// sharedSection is a template or the defaults of a file. It is read once, or for each control anew
// if it uses control.id.
type sharedSection struct {
	body      hcl.Body
	where     hcl.Range
	dependent bool
	read      *section // for the last control
	unclear   bool     // it has mistakes, which are reported
}

func newSharedSection(body hcl.Body, where hcl.Range) *sharedSection {
	s := &sharedSection{body: body, where: where}
	if native, ok := body.(*hclsyntax.Body); ok {
		s.dependent = mentionsControl(native)
	}
	return s
}

// mentionsControl reports whether an expression of the body uses the variable control.
func mentionsControl(body *hclsyntax.Body) bool {
	found := false
	_ = hclsyntax.VisitAll(body, func(node hclsyntax.Node) hcl.Diagnostics {
		if traversal, ok := node.(*hclsyntax.ScopeTraversalExpr); ok {
			found = found || traversal.Traversal.RootName() == "control"
		}
		return nil
	})
	return found
}

func (l *loader) addTemplate(block templateBlock) {
	if !validName.MatchString(block.Name) {
		l.errorf(block.Range, "Invalid template name", "%q is not letters, digits and underscores that start with a letter.", clip(block.Name))
	}
	if first, ok := l.templates[block.Name]; ok {
		l.errorf(block.Range, "Duplicate template", "The template %s is declared at %s already: choose another name.", clip(block.Name), place(first.where))
		return
	}
	l.templates[block.Name] = newSharedSection(block.Body, block.Range)
}

// checkTemplates reads the templates that no control used, to find their mistakes.
func (l *loader) checkTemplates() {
	for _, name := range sortedKeys(l.templates) {
		t := l.templates[name]
		if t.read == nil {
			l.section(t, l.expressionContext(exampleID))
		}
		if t.read != nil && t.read.Use != nil {
			l.errorf(sourceMap{*t.read}.at("use"), "Template of a template", "A template can't use another one: write out what they share.")
		}
	}
}

// sections returns the sections of a control, its own first; false if one of them has mistakes.
func (l *loader) sections(block controlBlock, defaults *sharedSection, names *hcl.EvalContext) ([]section, bool) {
	own, diags := readSection(block.Body, block.Range, names)
	l.add(diags)
	all, ok := []section{own}, !diags.HasErrors()
	if defaults != nil {
		shared, fine := l.section(defaults, names)
		all, ok = append(all, shared), ok && fine
	}
	if !ok {
		return nil, false
	}
	use := all[0].Use
	if use == nil && defaults != nil {
		use = all[1].Use
	}
	if use == nil {
		return all, true
	}
	template, known := l.templates[*use]
	if !known && l.unread {
		return nil, false // a file that could not be read may declare it
	}
	if !known {
		l.errorf(sourceMap(all).at("use"), "Unknown template", "No template %q is declared.%s", clip(*use), suggest.Hint(*use, slices.Sorted(maps.Keys(l.templates))))
		return nil, false
	}
	shared, fine := l.section(template, names)
	return append(all, shared), fine && shared.Use == nil
}

// section reads a shared section for the control that the names are of.
func (l *loader) section(s *sharedSection, names *hcl.EvalContext) (section, bool) {
	switch {
	case s.unclear:
		return section{}, false
	case s.read != nil && !s.dependent:
		return *s.read, true
	}
	if native, ok := s.body.(*hclsyntax.Body); ok && s.dependent {
		if l.evaluated += native.SrcRange.End.Byte - native.SrcRange.Start.Byte; l.evaluated > maxEvaluatedBytes {
			l.errorf(s.where, "Too much to evaluate", "The sections that use control.id are evaluated for each control, which adds up to more than %d MiB: split them.", maxEvaluatedBytes>>20)
			s.unclear = true
			return section{}, false
		}
	}
	read, diags := readSection(s.body, s.where, names)
	l.add(diags)
	s.read, s.unclear = &read, diags.HasErrors()
	return read, !s.unclear
}
