package term

import (
	"strconv"
	"strings"
	"unsafe"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/internal/jsonscan"
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
	Array               // String: the JSON of an array
	Object              // String: the JSON of an object
	Written             // String: any other JSON, such as a string with escapes
	List                // List: an array
	Ratio               // Int / By: a quotient that was not worked out so far
)

// View is a value that is read where it stands, without a term made of it: in JSON, or in the memory of an evaluation. It is valid as long
// as that memory.
type View struct {
	Kind   Kind
	Field  int32 // from 1: the slot of the field of the input that it is; 0 if it is none
	Int    int64
	By     int64
	String string
	List   []View
	Term   *ast.Term
	fold   *schemas.Fold
}

// ViewOf returns the view of a JSON value that is well-formed and has no blanks around it, in the canonical form of the fold. It shares the
// memory of the JSON.
func ViewOf(json []byte, fold *schemas.Fold) View {
	switch {
	case len(json) == 0:
		return View{}
	case json[0] == '"':
		if end, escaped := jsonscan.String(json, 0); escaped || end != len(json) {
			break
		}
		content := json[1 : len(json)-1]
		if fold == nil || isCanonical(content, fold) {
			return View{Kind: Text, String: text(content)}
		}
	case json[0] == '[':
		return View{Kind: Array, String: text(json), fold: fold}
	case json[0] == '{':
		return View{Kind: Object, String: text(json), fold: fold}
	case json[0] == 't':
		return View{Kind: Boxed, Term: ast.InternedTerm(true)}
	case json[0] == 'f':
		return View{Kind: Boxed, Term: ast.InternedTerm(false)}
	case json[0] == 'n':
		return View{Kind: Boxed, Term: ast.InternedNullTerm}
	default:
		return ViewOfNumber(text(json))
	}
	return View{Kind: Written, String: text(json), fold: fold}
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

// bytes is the bytes of a text, without a copy: they must not be changed.
func bytes(s string) []byte {
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
	case v.Kind == List:
		return d.list(v.List)
	}
	return d.DecodeRare(bytes(v.String), v.fold)
}

func integerTerm(n int64) *ast.Term {
	if i := int(n); int64(i) == n && ast.HasInternedIntNumberTerm(i) {
		return ast.InternedTerm(i)
	}
	return &ast.Term{Value: ast.Number(strconv.FormatInt(n, 10))}
}

func (d *Decoder) list(views []View) *ast.Term {
	if len(views) == 0 {
		return ast.InternedEmptyArray
	}
	terms := make([]*ast.Term, len(views))
	for i := range views {
		terms[i] = d.View(&views[i])
	}
	return &ast.Term{Value: ast.NewArray(terms...)}
}

// Member returns the field of an [Object] with that name; one of no kind if there is none. Of fields with the same name the last one wins.
func (v *View) Member(name string) View {
	b, found := bytes(v.String), View{}
	at := jsonscan.SkipSpace(b, 1)
	if at < len(b) && b[at] == '}' {
		return found
	}
	var last []byte
	var unquoted []byte
	for more := true; more; {
		start := jsonscan.SkipSpace(b, at)
		end, escaped := jsonscan.String(b, start)
		same := string(jsonscan.Unquote(&unquoted, b[start:end], escaped)) == name
		start = jsonscan.SkipSpace(b, jsonscan.Colon(b, end))
		end = jsonscan.Skip(b, start, anyDepth)
		if same {
			last = b[start:end]
		}
		at, more = jsonscan.Next(b, end, '}')
	}
	if last == nil {
		return found
	}
	return ViewOf(last, v.fold.Field(name))
}

// anyDepth stands for no limit: the JSON of views was scanned with one before.
const anyDepth = 1 << 30

// Elements walks over the elements of an array.
type Elements struct {
	json []byte
	at   int // negative at the end
	fold *schemas.Fold
	list []View // the rest of a [List]
}

// Elements returns what walks over the elements of an [Array] or a [List].
func (v *View) Elements() Elements {
	if v.Kind == List {
		return Elements{at: -1, list: v.List}
	}
	e := Elements{json: bytes(v.String), fold: v.fold.Elements()}
	if e.at = jsonscan.SkipSpace(e.json, 1); e.json[e.at] == ']' {
		e.at = -1
	}
	return e
}

// Next returns the next element; false at the end.
func (e *Elements) Next() (View, bool) {
	if len(e.list) > 0 {
		v := e.list[0]
		e.list = e.list[1:]
		return v, true
	}
	value, ok := e.skip()
	if !ok {
		return View{}, false
	}
	return ViewOf(value, e.fold), true
}

// skip returns the JSON of the next element; false at the end.
func (e *Elements) skip() ([]byte, bool) {
	if e.at < 0 {
		return nil, false
	}
	start := jsonscan.SkipSpace(e.json, e.at)
	end := jsonscan.Skip(e.json, start, anyDepth)
	at, more := jsonscan.Next(e.json, end, ']')
	if e.at = at; !more {
		e.at = -1
	}
	return e.json[start:end], true
}

// Len returns the number of elements of an [Array] or a [List].
func (v *View) Len() int {
	if v.Kind == List {
		return len(v.List)
	}
	n := 0
	for e := v.Elements(); ; n++ {
		if _, ok := e.skip(); !ok {
			return n
		}
	}
}

// Element returns an element of an [Array] or a [List]; one of no kind if there is none.
func (v *View) Element(i int64) View {
	if v.Kind == List {
		if i < 0 || i >= int64(len(v.List)) {
			return View{}
		}
		return v.List[i]
	}
	for e := v.Elements(); i >= 0; i-- {
		value, ok := e.skip()
		if !ok {
			break
		}
		if i == 0 {
			return ViewOf(value, e.fold)
		}
	}
	return View{}
}

// ViewOfText returns the view of a text, whose memory it shares.
func ViewOfText(content []byte) View { return View{Kind: Text, String: text(content)} }

// IsArray reports whether the view is of an array.
func (v *View) IsArray() bool { return v.Kind == Array || v.Kind == List }
