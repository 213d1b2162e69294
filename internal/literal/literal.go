package literal

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/posture-score/posture/internal/diag"
	"github.com/posture-score/posture/internal/suggest"
	"github.com/posture-score/posture/internal/textlimit"
)

// File is a file that is being read, with what was found to be wrong with it.
type File struct {
	name   string
	text   []byte
	diags  hcl.Diagnostics
	body   *hclsyntax.Body // nil if the text is not HCL
	secret []hcl.Range     // what diagnostics must not show
}

// Read reads the grammar of a text; the name of the file is for diagnostics.
func Read(name string, text []byte) *File {
	f := &File{name: name, text: text}
	if p := textlimit.HCLSize(text); p != nil {
		f.beyond(p)
		return f
	}
	if p := textlimit.HCL(text); p != nil {
		f.beyond(p)
		return f
	}
	parsed, diags := hclsyntax.ParseConfig(text, name, hcl.InitialPos)
	f.diags = append(f.diags, diags...)
	if body, ok := parsed.Body.(*hclsyntax.Body); ok && !diags.HasErrors() {
		f.body = body
	}
	return f
}

// beyond notes where the text passes a bound.
func (f *File) beyond(p *textlimit.Problem) {
	at := func(p textlimit.Position) hcl.Pos { return hcl.Pos{Line: p.Line, Column: p.Column, Byte: p.Byte} }
	f.errorf(hcl.Range{Filename: f.name, Start: at(p.Start), End: at(p.End)}, p.Summary, "%s", p.Detail)
}

// Err returns all that is wrong, as a [*diag.Problems], or nil.
func (f *File) Err() error {
	shown := slices.Clone(f.text)
	for _, at := range f.secret {
		for i := at.Start.Byte; i < at.End.Byte; i++ {
			shown[i] = '*'
		}
	}
	if p := diag.New(f.diags, map[string]*hcl.File{f.name: {Bytes: shown}}); p != nil {
		return p
	}
	return nil
}

func (f *File) errorf(at hcl.Range, summary, format string, args ...any) {
	f.diags = append(f.diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: fmt.Sprintf(format, args...), Subject: &at})
}

// Shape says what a body may hold.
type Shape struct {
	Attributes []string
	Blocks     []string // at most one of each
	Labelled   []string // any number, each with one label, none twice
}

// Body returns the content of the file. The parser says what else there is, and what that may have been meant to be.
func (f *File) Body(shape Shape) *Block {
	if f.body == nil {
		return &Block{file: f}
	}
	return f.open(f.body, hcl.Range{Filename: f.name, Start: hcl.InitialPos, End: hcl.InitialPos}, shape)
}

// Block is the attributes and blocks of a body.
type Block struct {
	Label   string // of a labelled block
	file    *File
	where   hcl.Range // of its header
	label   hcl.Range
	body    hcl.Body
	content *hcl.BodyContent
}

func (f *File) open(body hcl.Body, where hcl.Range, shape Shape) *Block {
	var schema hcl.BodySchema
	for _, name := range shape.Attributes {
		schema.Attributes = append(schema.Attributes, hcl.AttributeSchema{Name: name})
	}
	for _, kind := range shape.Blocks {
		schema.Blocks = append(schema.Blocks, hcl.BlockHeaderSchema{Type: kind})
	}
	for _, kind := range shape.Labelled {
		schema.Blocks = append(schema.Blocks, hcl.BlockHeaderSchema{Type: kind, LabelNames: []string{"id"}})
	}
	content, diags := body.Content(&schema)
	f.diags = append(f.diags, diags...)
	return &Block{file: f, where: where, body: body, content: content}
}

// Belong says in diagnostics of attributes that the block does not have to which block they belong, by their names.
func (b *Block) Belong(blocks map[string]string) {
	body, ok := b.body.(*hclsyntax.Body)
	if !ok || b.content == nil {
		return
	}
	for name, attribute := range body.Attributes {
		kind := blocks[name]
		if kind == "" || b.Has(name) {
			continue
		}
		for _, d := range b.file.diags {
			if d.Subject != nil && *d.Subject == attribute.NameRange {
				d.Detail = fmt.Sprintf("It belongs into the block %s: write %s { %s = ... }.", kind, kind, name)
			}
		}
	}
}

// Block returns the block of a type, or nil if there is none.
func (b *Block) Block(kind string, attributes ...string) *Block {
	if b.content == nil {
		return nil
	}
	found := b.content.Blocks.OfType(kind)
	if len(found) == 0 {
		return nil
	}
	for _, more := range found[1:] {
		b.file.errorf(more.DefRange, "Duplicate block", "There is a block %s in line %d already: merge the two.", kind, found[0].DefRange.Start.Line)
	}
	return b.file.open(found[0].Body, found[0].DefRange, Shape{Attributes: attributes})
}

// Labelled returns the blocks of a type that have a label, in the order of the file. Of those with one label the first counts.
func (b *Block) Labelled(kind string, attributes ...string) []*Block {
	if b.content == nil {
		return nil
	}
	var list []*Block
	seen := map[string]hcl.Range{}
	for _, found := range b.content.Blocks.OfType(kind) {
		label := found.Labels[0]
		if first, ok := seen[label]; ok {
			b.file.errorf(found.LabelRanges[0], "Duplicate "+kind, "The %s %.60q stands in line %d already: merge the two blocks.", kind, label, first.Start.Line)
			continue
		}
		seen[label] = found.DefRange
		inner := b.file.open(found.Body, found.DefRange, Shape{Attributes: attributes})
		inner.Label, inner.label = label, found.LabelRanges[0]
		list = append(list, inner)
	}
	return list
}

// Has reports whether an attribute is given.
func (b *Block) Has(name string) bool { return b.attribute(name) != nil }

func (b *Block) attribute(name string) *hcl.Attribute {
	if b.content == nil {
		return nil
	}
	return b.content.Attributes[name]
}

// Require notes which of some attributes are absent, and says why they are needed.
func (b *Block) Require(why string, names ...string) {
	if b.content == nil {
		return
	}
	for _, name := range names {
		if !b.Has(name) && !b.misspelt(name) {
			b.file.errorf(b.where, "Missing "+name, "%s Give the attribute %s.", why, name)
		}
	}
}

// misspelt reports whether an attribute that is no other may have been meant to be this one: that is said once.
func (b *Block) misspelt(name string) bool {
	body, ok := b.body.(*hclsyntax.Body)
	if !ok {
		return false
	}
	for other := range body.Attributes {
		if !b.Has(other) && suggest.Nearest(other, []string{name}) == name {
			return true
		}
	}
	return false
}

// Given returns the values of an attribute as they stand in the file, texts without their quotes, and its line; nothing if it is absent. It is for
// attributes in which nothing is wrong.
func (b *Block) Given(name string) (texts []string, line int) {
	a := b.attribute(name)
	if a == nil {
		return nil, 0
	}
	exprs := []hclsyntax.Expression{a.Expr.(hclsyntax.Expression)}
	if list, ok := a.Expr.(*hclsyntax.TupleConsExpr); ok {
		exprs = list.Exprs
	}
	for _, expr := range exprs {
		text, ok := written(expr)
		if !ok {
			at := expr.Range()
			text = string(b.file.text[at.Start.Byte:at.End.Byte])
		}
		texts = append(texts, text)
	}
	return texts, a.Range.Start.Line
}

// Place says where the value of an attribute is, such as "posture.hcl line 3, column 15"; "" if the attribute is absent. It is for what
// only shows when the value is used.
func (b *Block) Place(name string) string {
	a := b.attribute(name)
	if a == nil {
		return ""
	}
	at := a.Expr.Range().Start
	return fmt.Sprintf("%s line %d, column %d", b.file.name, at.Line, at.Column)
}

// Problem notes what is wrong with an attribute, or with the block if the attribute is absent.
func (b *Block) Problem(name, summary, format string, args ...any) {
	at := b.where
	if a := b.attribute(name); a != nil {
		at = a.Expr.Range()
	}
	b.file.errorf(at, summary, format, args...)
}

// ItemProblem is Problem about an item of an attribute that is a list, or about the attribute if it has no such item.
func (b *Block) ItemProblem(name string, item int, summary, format string, args ...any) {
	if a := b.attribute(name); a != nil {
		if list, ok := a.Expr.(*hclsyntax.TupleConsExpr); ok && item < len(list.Exprs) {
			b.file.errorf(list.Exprs[item].Range(), summary, format, args...)
			return
		}
	}
	b.Problem(name, summary, format, args...)
}

// Conceal keeps diagnostics from showing the value of an attribute.
func (b *Block) Conceal(name string) {
	if a := b.attribute(name); a != nil {
		b.file.secret = append(b.file.secret, a.Expr.Range())
	}
}

// LabelProblem notes what is wrong with the label.
func (b *Block) LabelProblem(summary, format string, args ...any) {
	b.file.errorf(b.label, summary, format, args...)
}

// maxWord is how many characters a word of a list of words may have.
const maxWord = 200
