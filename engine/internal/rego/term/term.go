package term

import (
	"strconv"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/schemas"
)

// Invariant: a term equals the result of decoding with the standard library, folding and converting. Terms of frequent strings are
// shared, so no term may be changed.

// Bounds of the shared terms of a decoder.
const (
	maxShared = 4096 // strings
	maxLength = 64   // bytes of one
)

// Decoder decodes JSON to terms. It is not safe for concurrent use; the terms are.
type Decoder struct {
	alone   bool // strings are not shared
	text    []byte
	at      int
	shared  map[string]*ast.Term
	pairs   [][2]*ast.Term // members of the objects that are being read
	scratch []byte
	folded  []byte // a text in its canonical form
}

// NewDecoder returns a decoder.
func NewDecoder() *Decoder { return &Decoder{shared: map[string]*ast.Term{}} }

// Decode returns a JSON value as a term in the canonical form of the fold, which shares no memory with the text. Of members with the
// same name the last one wins. It returns nil if the text is not well-formed.
func (d *Decoder) Decode(json []byte, fold *schemas.Fold) *ast.Term {
	d.alone = false
	return d.decode(json, fold)
}

// DecodeRare is Decode for a value that rarely repeats: its strings are not shared.
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

func (d *Decoder) value(fold *schemas.Fold) *ast.Term {
	if d.at = jsonscan.SkipSpace(d.text, d.at); d.at == len(d.text) {
		return nil
	}
	switch d.text[d.at] {
	case '"':
		return d.string(fold)
	case '{':
		return d.object(fold)
	case '[':
		return d.array(fold.Elements())
	case 't':
		return d.literal(ast.InternedTerm(true))
	case 'f':
		return d.literal(ast.InternedTerm(false))
	case 'n':
		return d.literal(ast.InternedNullTerm)
	}
	return d.number()
}

// token takes the token that ends at end, unless that is negative.
func (d *Decoder) token(end int) []byte {
	if end < 0 {
		return nil
	}
	token := d.text[d.at:end]
	d.at = end
	return token
}

func (d *Decoder) literal(t *ast.Term) *ast.Term {
	if d.token(jsonscan.Literal(d.text, d.at)) == nil {
		return nil
	}
	return t
}

func (d *Decoder) number() *ast.Term {
	end, _ := jsonscan.Number(d.text, d.at)
	n := d.token(end)
	if n == nil {
		return nil
	}
	if len(n) <= 4 {
		if i, err := strconv.Atoi(string(n)); err == nil && strconv.Itoa(i) == string(n) && ast.HasInternedIntNumberTerm(i) {
			return ast.InternedTerm(i)
		}
	}
	return &ast.Term{Value: ast.Number(n)}
}

// string reads the string that begins at d.at.
func (d *Decoder) string(fold *schemas.Fold) *ast.Term {
	end, escaped := jsonscan.Name(d.text, d.at)
	quoted := d.token(end)
	if quoted == nil {
		return nil
	}
	return d.share(fold.Text(jsonscan.Unquote(&d.scratch, quoted, escaped), &d.folded))
}

// share returns the term of a string: the same term for equal strings, as long as they are short and few.
func (d *Decoder) share(content []byte) *ast.Term {
	if d.alone {
		return ast.StringTerm(string(content))
	}
	if t := d.shared[string(content)]; t != nil {
		return t
	}
	text := string(content)
	t := ast.StringTerm(text)
	if len(text) <= maxLength && len(d.shared) < maxShared {
		d.shared[text] = t
	}
	return t
}

func (d *Decoder) object(fold *schemas.Fold) *ast.Term {
	base := len(d.pairs)
	if d.empty('}') {
		return ast.InternedEmptyObject
	}
	for more := true; more; {
		name := d.string(nil)
		if name == nil || d.token(jsonscan.Colon(d.text, d.at)) == nil {
			return nil
		}
		v := d.value(fieldFold(fold, name))
		if v == nil {
			return nil
		}
		d.pairs = append(d.pairs, [2]*ast.Term{name, v})
		if d.at, more = jsonscan.Next(d.text, d.at, '}'); d.at < 0 {
			return nil
		}
	}
	object := ast.NewObjectWithCapacity(len(d.pairs) - base)
	for _, pair := range d.pairs[base:] {
		object.Insert(pair[0], pair[1])
	}
	d.pairs = d.pairs[:base]
	return &ast.Term{Value: object}
}

// empty takes the opening byte and, if nothing stands between them, the closing one.
func (d *Decoder) empty(closing byte) bool {
	d.at = jsonscan.SkipSpace(d.text, d.at+1)
	if d.at == len(d.text) || d.text[d.at] != closing {
		return false
	}
	d.at++
	return true
}

// fieldFold returns the fold of the member of that name.
func fieldFold(fold *schemas.Fold, name *ast.Term) *schemas.Fold {
	if fold == nil {
		return nil
	}
	text, _ := name.Value.(ast.String)
	return fold.Field(string(text))
}

// array reads a list; the fold is that of its elements.
func (d *Decoder) array(fold *schemas.Fold) *ast.Term {
	if d.empty(']') {
		return ast.InternedEmptyArray
	}
	var list []*ast.Term
	for more := true; more; {
		v := d.value(fold)
		if v == nil {
			return nil
		}
		list = append(list, v)
		if d.at, more = jsonscan.Next(d.text, d.at, ']'); d.at < 0 {
			return nil
		}
	}
	return &ast.Term{Value: ast.NewArray(list...)}
}
