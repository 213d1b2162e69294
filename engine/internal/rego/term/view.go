package term

import (
	"strconv"
	"strings"
	"unsafe"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/schemas"
)

// Invariant: the term of a view equals the term that [Decoder.Decode] makes of the same JSON, and whatever else is asked of a view is what
// its term would say.

// Kind says how a [View] holds its value.
type Kind uint8

// The kinds.
const (
	None    Kind = iota // there is no value
	Boxed               // Term
	Text                // String: a string
	Integer             // Int
	Number              // String: the literal
	List                // Parts: an array
	Object              // Parts: an object
	Written             // String: any other JSON, such as a string with escapes
	Ratio               // Int / By: a quotient that was not worked out so far
)

// View is a value that is read where it stands, without a term made of it: in JSON, or in the memory of an evaluation. It is valid as long
// as that memory.
type View struct {
	Kind   Kind
	Int    int64
	By     int64
	String string // of an array or an object: its JSON, if it was read from some
	Parts  *Parts
	Term   *ast.Term
	fold   *schemas.Fold
}

// Parts are what an array or an object is made of.
type Parts struct {
	Values []View
	names  []string // of the members of an object; of those with the same name the last one counts
}

// viewOfText returns the view of a string of JSON.
func viewOfText(quoted []byte, escaped bool, fold *schemas.Fold) View {
	if content := quoted[1 : len(quoted)-1]; !escaped && (fold == nil || isCanonical(content, fold)) {
		return View{Kind: Text, String: text(content)}
	}
	return View{Kind: Written, String: text(quoted), fold: fold}
}

// viewOfLiteral returns the view of true, false, null or a number.
func viewOfLiteral(json []byte) View {
	switch json[0] {
	case 't':
		return View{Kind: Boxed, Term: ast.InternedTerm(true)}
	case 'f':
		return View{Kind: Boxed, Term: ast.InternedTerm(false)}
	case 'n':
		return View{Kind: Boxed, Term: ast.InternedNullTerm}
	}
	return ViewOfNumber(text(json))
}

// isCanonical reports whether a text is in the canonical form of the fold.
func isCanonical(content []byte, fold *schemas.Fold) bool {
	var buffer []byte
	folded := fold.Text(content, &buffer)
	return len(folded) == len(content) && (len(content) == 0 || &folded[0] == &content[0])
}

// ViewOfNumber returns the view of a number, by its literal.
func ViewOfNumber(literal string) View {
	if n, ok := integer(literal); ok {
		return View{Kind: Integer, Int: n}
	}
	return View{Kind: Number, String: literal}
}

// maxDigits is how many digits an integer may have to be held as such, if it is one of 64 bits.
const maxDigits = 19

// integer returns the value of a literal that is the usual form of an integer: no other literal has the same digits.
func integer(literal string) (n int64, ok bool) {
	digits := strings.TrimPrefix(literal, "-")
	if len(digits) == 0 || len(digits) > maxDigits || digits[0] == '0' && len(literal) > 1 {
		return 0, false
	}
	for i := range len(digits) {
		c := digits[i] - '0'
		if c > 9 {
			return 0, false
		}
		n = n*10 + int64(c)
	}
	if len(digits) < len(literal) {
		n = -n
	}
	return n, len(digits) < maxDigits || n > 0 && literal <= "9223372036854775807"
}

// ViewOfTerm returns the view of a term.
func ViewOfTerm(t *ast.Term) View {
	switch v := t.Value.(type) {
	case ast.String:
		return View{Kind: Text, String: string(v), Term: t}
	case ast.Number:
		view := ViewOfNumber(string(v))
		view.Term = t
		return view
	}
	return View{Kind: Boxed, Term: t}
}

// text is the text of bytes, without a copy.
func text(b []byte) string {
	return unsafe.String(unsafe.SliceData(b), len(b)) //nolint:gosec // valid as long as the view
}

// bytesOf is the bytes of a text, without a copy: they must not be changed.
func bytesOf(s string) []byte {
	return unsafe.Slice(unsafe.StringData(s), len(s)) //nolint:gosec // valid as long as the view
}

// View returns a view as a term, which shares no memory with it.
func (d *Decoder) View(v *View) *ast.Term {
	switch {
	case v.Term != nil:
		return v.Term
	case v.Kind == Text:
		return ast.StringTerm(strings.Clone(v.String))
	case v.Kind == Integer:
		return integerTerm(v.Int)
	case v.Kind == Number:
		return &ast.Term{Value: ast.Number(strings.Clone(v.String))}
	case v.Parts != nil && v.String == "":
		return d.parts(v)
	}
	return d.DecodeRare(bytesOf(v.String), v.fold)
}

func integerTerm(n int64) *ast.Term {
	if i := int(n); int64(i) == n && ast.HasInternedIntNumberTerm(i) {
		return ast.InternedTerm(i)
	}
	return &ast.Term{Value: ast.Number(strconv.FormatInt(n, 10))}
}

// parts returns an array or an object that was not read from JSON.
func (d *Decoder) parts(v *View) *ast.Term {
	values := v.Parts.Values
	switch {
	case v.Kind == Object:
		object := ast.NewObjectWithCapacity(len(values))
		for i := range values {
			object.Insert(ast.StringTerm(v.Parts.names[i]), d.View(&values[i]))
		}
		return &ast.Term{Value: object}
	case len(values) == 0:
		return ast.InternedEmptyArray
	}
	terms := make([]*ast.Term, len(values))
	for i := range values {
		terms[i] = d.View(&values[i])
	}
	return &ast.Term{Value: ast.NewArray(terms...)}
}

// Member returns the member of an [Object] with that name; nil if there is none.
func (v *View) Member(name string) *View {
	for i := len(v.Parts.names) - 1; i >= 0; i-- {
		if v.Parts.names[i] == name {
			return &v.Parts.Values[i]
		}
	}
	return nil
}

// Element returns an element of a [List]; nil if there is none.
func (v *View) Element(i int64) *View {
	if i < 0 || i >= int64(len(v.Parts.Values)) {
		return nil
	}
	return &v.Parts.Values[i]
}

// ViewOfText returns the view of a text, whose memory it shares.
func ViewOfText(content []byte) View { return View{Kind: Text, String: text(content)} }
