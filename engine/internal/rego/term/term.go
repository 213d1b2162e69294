package term

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/schemas"
)

// Invariant: a term is the one that decoding with the standard library, folding and converting would give; terms that many records have
// are shared, so nobody may change one.

// Bounds of what a decoder remembers.
const (
	maxShared = 4096 // strings
	maxLength = 64   // bytes of one
)

// Decoder makes terms. It is not safe for concurrent use; the terms are.
type Decoder struct {
	alone   bool // strings are not shared
	text    []byte
	at      int
	shared  map[string]*ast.Term
	pairs   [][2]*ast.Term // members of the objects that are being read
	scratch []byte
	folded  []byte // a text in its canonical form
}

// NewDecoder makes a decoder.
func NewDecoder() *Decoder { return &Decoder{shared: map[string]*ast.Term{}} }

// Decode turns a JSON value into a term, which shares nothing with the text and is in the canonical form that the fold says. Of members with
// the same name the last wins. Text that is not well-formed gives nil.
func (d *Decoder) Decode(json []byte, fold *schemas.Fold) *ast.Term {
	d.alone = false
	return d.decode(json, fold)
}

// DecodeRare is Decode for a value that hardly ever comes again: its strings are not looked up among those that are shared.
func (d *Decoder) DecodeRare(json []byte, fold *schemas.Fold) *ast.Term {
	d.alone = true
	return d.decode(json, fold)
}

func (d *Decoder) decode(json []byte, fold *schemas.Fold) *ast.Term {
	d.text, d.at, d.pairs = json, 0, d.pairs[:0]
	t := d.value(fold)
	d.text = nil
	return t
}

// next skips blanks, and returns the byte after them without taking it; 0 at the end.
func (d *Decoder) next() byte {
	for d.at < len(d.text) {
		switch c := d.text[d.at]; c {
		case ' ', '\t', '\n', '\r':
			d.at++
		default:
			return c
		}
	}
	return 0
}

func (d *Decoder) value(fold *schemas.Fold) *ast.Term {
	switch d.next() {
	case '"':
		return d.string(fold)
	case '{':
		return d.object(fold)
	case '[':
		return d.array(fold.Elements())
	case 't':
		return d.word("true", ast.InternedTerm(true))
	case 'f':
		return d.word("false", ast.InternedTerm(false))
	case 'n':
		return d.word("null", ast.InternedNullTerm)
	case 0:
		return nil
	}
	return d.number()
}

func (d *Decoder) word(word string, t *ast.Term) *ast.Term {
	if d.at+len(word) > len(d.text) || string(d.text[d.at:d.at+len(word)]) != word {
		return nil
	}
	d.at += len(word)
	return t
}

func (d *Decoder) number() *ast.Term {
	start := d.at
	for d.at < len(d.text) {
		c := d.text[d.at]
		if (c < '0' || c > '9') && c != '-' && c != '+' && c != '.' && c != 'e' && c != 'E' {
			break
		}
		d.at++
	}
	n := d.text[start:d.at]
	if len(n) == 0 {
		return nil
	}
	if len(n) <= 4 {
		if i, err := strconv.Atoi(string(n)); err == nil && strconv.Itoa(i) == string(n) && ast.HasInternedIntNumberTerm(i) {
			return ast.InternedTerm(i)
		}
	}
	return &ast.Term{Value: ast.Number(n)}
}

// string reads the string that begins with the quote at hand.
func (d *Decoder) string(fold *schemas.Fold) *ast.Term {
	start := d.at
	escaped := false
	for d.at++; ; d.at++ {
		if d.at >= len(d.text) {
			return nil
		}
		c := d.text[d.at]
		if c == '"' {
			break
		}
		if c == '\\' {
			escaped = true
			d.at++
		}
	}
	d.at++
	content := d.text[start+1 : d.at-1]
	if escaped {
		var err error
		if d.scratch, err = jsontext.AppendUnquote(d.scratch[:0], d.text[start:d.at]); err != nil {
			return nil
		}
		content = d.scratch
	}
	return d.share(fold.Text(content, &d.folded))
}

// share returns the term of a string: the same one for the same string, if it is a short one of few.
func (d *Decoder) share(content []byte) *ast.Term {
	if d.alone {
		return ast.StringTerm(string(content))
	}
	if t := d.shared[string(content)]; t != nil {
		return t
	}
	t := ast.StringTerm(string(content))
	if len(content) <= maxLength && len(d.shared) < maxShared {
		d.shared[string(content)] = t
	}
	return t
}

func (d *Decoder) object(fold *schemas.Fold) *ast.Term {
	d.at++
	base := len(d.pairs)
	if d.next() == '}' {
		d.at++
		return ast.InternedEmptyObject
	}
	for {
		if d.next() != '"' {
			return nil
		}
		name := d.string(nil)
		if name == nil || d.next() != ':' {
			return nil
		}
		d.at++
		v := d.value(fieldFold(fold, name))
		if v == nil {
			return nil
		}
		d.pairs = append(d.pairs, [2]*ast.Term{name, v})
		switch d.next() {
		case ',':
			d.at++
		case '}':
			d.at++
			object := ast.NewObjectWithCapacity(len(d.pairs) - base)
			for _, pair := range d.pairs[base:] {
				object.Insert(pair[0], pair[1])
			}
			d.pairs = d.pairs[:base]
			return &ast.Term{Value: object}
		default:
			return nil
		}
	}
}

// fieldFold is the fold of the member of that name.
func fieldFold(fold *schemas.Fold, name *ast.Term) *schemas.Fold {
	if fold == nil {
		return nil
	}
	text, _ := name.Value.(ast.String)
	return fold.Field(string(text))
}

// array reads a list; the fold is that of its elements.
func (d *Decoder) array(fold *schemas.Fold) *ast.Term {
	d.at++
	if d.next() == ']' {
		d.at++
		return ast.InternedEmptyArray
	}
	var list []*ast.Term
	for {
		v := d.value(fold)
		if v == nil {
			return nil
		}
		list = append(list, v)
		switch d.next() {
		case ',':
			d.at++
		case ']':
			d.at++
			return &ast.Term{Value: ast.NewArray(list...)}
		default:
			return nil
		}
	}
}
