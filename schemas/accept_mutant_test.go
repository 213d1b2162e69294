package schemas

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/must"
)

// Invariant: a mutant of well-formed JSON is well-formed. What is accepted is decoded here another way,
// and the library finds nothing in it.

// span is where a value stands, and its name if it has one.
type span struct {
	name, named int // from the quote to past the quote; both 0 for an element
	start, end  int
}

// spans lists every value that is within a text, and the whole; nothing if it is not one value in well-formed JSON.
func spans(text string) []span {
	if !json.Valid([]byte(text)) {
		return nil
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var found []span
	next := func() int {
		at := int(decoder.InputOffset())
		return at + len(text[at:]) - len(strings.TrimLeft(text[at:], " \n\r\t,:"))
	}
	var value func(name, named int)
	value = func(name, named int) {
		start := next()
		token, _ := decoder.Token()
		if open, nested := token.(json.Delim); nested {
			for decoder.More() {
				from, to := 0, 0
				if open == '{' {
					from = next()
					_, _ = decoder.Token()
					to = int(decoder.InputOffset())
				}
				value(from, to)
			}
			_, _ = decoder.Token()
		}
		found = append(found, span{name: name, named: named, start: start, end: int(decoder.InputOffset())})
	}
	value(0, 0)
	return found
}

// strangers are values that are put where another one was.
func strangers() []string {
	return []string{
		`null`, `true`, `""`, `"x"`, `"\u0078"`, `"é"`, `"2024-02-30T10:11:12Z"`, `"2024-02-29T10:11:12.5+01:00"`, `"\\"`,
		`0`, `-0`, `1.0`, `1e3`, `1.5`, `1e400`, `-1E+400`, `1e-9999`, strings.Repeat("9", 299), strings.Repeat("9", 310), `0.` + strings.Repeat("1", 1001),
		`[]`, `{}`, `[1]`, `[null]`, `["x", "x"]`, `[[]]`, `[{}]`, `{"a": [1e400]}`, `{"a": {"\u0061": "}]\""}}`,
	}
}

// mutants are texts with one value changed, taken out, named otherwise, named twice, or with blanks around it.
func mutants(text string, s span) []string {
	before, value, after := text[:s.start], text[s.start:s.end], text[s.end:]
	found := []string{before + " \n\t\r" + value + "\r\n " + after}
	for _, stranger := range strangers() {
		found = append(found, before+stranger+after)
	}
	if s.named == 0 {
		return found
	}
	name := text[s.name:s.named]
	found = append(found,
		text[:s.name]+`"gone"`+text[s.named:],
		text[:s.name]+fmt.Sprintf(`"\u%04x`, name[1])+name[2:]+text[s.named:],
		text[:s.named]+" \n:"+value+"\t"+after,
		without(text, s))
	for _, stranger := range append(strangers(), value) {
		found = append(found,
			text[:s.end]+`, `+name+`: `+stranger+after,
			text[:s.name]+name+`:`+stranger+`,`+text[s.name:],
			text[:s.end]+`, "unknown": `+stranger+after)
	}
	return found
}

// without takes a member out, and the comma on one of its sides.
func without(text string, s span) string {
	before, after := strings.TrimRight(text[:s.name], " \n\r\t"), strings.TrimLeft(text[s.end:], " \n\r\t")
	if rest, cut := strings.CutPrefix(after, ","); cut {
		return before + rest
	}
	return strings.TrimSuffix(before, ",") + after
}

// right says whether the library finds nothing.
func right(t *testing.T, dataset *Dataset, value any) bool {
	t.Helper()
	compiled := must.Get(dataset.schema.compiled())(t)
	return unrepresentable(value, "", nil) == nil && compiled.Validate(dataset.Fold().Value(value)) == nil
}

// wantRight wants what is accepted, as text or decoded, to be right. It says whether the text was accepted.
func wantRight(t *testing.T, dataset *Dataset, text string, value any) bool {
	t.Helper()
	accepted := dataset.Accepts([]byte(text))
	decoded := dataset.schema.accept().acceptsValue(value)
	if (accepted || decoded) && !right(t, dataset, value) {
		t.Errorf("%s: accepted as text: %v, decoded: %v, but: %v\n%s", dataset.Name, accepted, decoded, dataset.Validate(value), text)
	}
	if accepted && dataset.Validate(value) != nil {
		t.Errorf("%s: accepted, but Validate finds: %v\n%s", dataset.Name, dataset.Validate(value), text)
	}
	return accepted
}

func TestAcceptsOnlyRightMutants(t *testing.T) {
	registry := builtin(t)
	total, accepted := 0, 0
	for name, records := range samples(t, 1) {
		dataset, _ := registry.Dataset(name)
		text := records[0]
		for _, s := range spans(text) {
			for _, mutant := range mutants(text, s) {
				total++
				if wantRight(t, dataset, mutant, decode(t, mutant)) {
					accepted++
				}
			}
		}
	}
	t.Logf("%d of %d mutants are accepted", accepted, total)
	if accepted == 0 || accepted == total {
		t.Error("want some of the mutants accepted")
	}
}

func TestMutants(t *testing.T) {
	const text = `{"a": [1, {"b":2}], "c" : ""}`
	var found []string
	for _, s := range spans(text) {
		found = append(found, text[s.name:s.named]+text[s.start:s.end])
		for _, mutant := range mutants(text, s) {
			if !json.Valid([]byte(mutant)) {
				t.Errorf("not JSON: %s", mutant)
			}
		}
	}
	if want := []string{`1`, `"b"2`, `{"b":2}`, `"a"[1, {"b":2}]`, `"c"""`, text}; !slices.Equal(found, want) {
		t.Errorf("values are %q, want %q", found, want)
	}
}

// The quick ways may say yes only where the library does, in all schemas. They have to end whatever the bytes are.
func FuzzAccepts(f *testing.F) {
	registry := builtin(f)
	for _, records := range samples(f, 1) {
		for i, text := range records {
			f.Add(text, uint16(i), uint16(0))
		}
	}
	f.Add(user, uint16(1), uint16(2))
	f.Add(`{"id": "u", "createdDateTime": "2024-02-30T10:11:12Z"}`, uint16(1), uint16(8))
	f.Add(`{"id": "a.example", "passwordValidityPeriodInDays": -0}`, uint16(2), uint16(32))
	f.Add(`{"controlId": "X", "compliant": true, "by": "ada", "at": "2024-01-02T03:04:05.678+01:00", "until": null}`, uint16(0), uint16(34))
	f.Fuzz(func(t *testing.T, text string, place, kind uint16) {
		if all := spans(text); len(all) > 0 {
			some := mutants(text, all[int(place)%len(all)])
			text = some[int(kind)%len(some)]
		}
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		var value any
		sound := json.Valid([]byte(text)) && decoder.Decode(&value) == nil
		for _, name := range registry.Names() {
			dataset, _ := registry.Dataset(name)
			if sound {
				wantRight(t, dataset, text, value)
			} else {
				dataset.Accepts([]byte(text))
			}
		}
	})
}
