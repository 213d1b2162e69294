package schemas

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// Invariant: what is accepted as text is decoded here another way, and the library finds nothing in it.

// samples are the records of the sample tenants, by dataset, at most so many of one file; all of them if most is 0.
func samples(t testing.TB, most int) map[string][]string {
	t.Helper()
	tree := os.DirFS("../testdata")
	paths := must.Get(fs.Glob(tree, "*/*.*json"))(t)
	records := map[string][]string{}
	for _, file := range paths {
		raw := must.Get(fs.ReadFile(tree, file))(t)
		kind := path.Ext(file)
		name := strings.TrimSuffix(path.Base(file), kind)
		texts := []string{string(raw)}
		if kind == ".ndjson" {
			texts = strings.Split(strings.TrimSpace(string(raw)), "\n")
		}
		if most > 0 && len(texts) > most {
			texts = texts[:most]
		}
		if name != "manifest" && texts[0] != "" {
			records[name] = append(records[name], texts...)
		}
	}
	if len(records) == 0 {
		t.Fatal("there are no samples")
	}
	return records
}

func TestAcceptsSamples(t *testing.T) {
	registry := builtin(t)
	valid, accepted := 0, 0
	for name, records := range samples(t, 0) {
		dataset, ok := registry.Dataset(name)
		if !ok {
			t.Errorf("no schema is named %s", name)
			continue
		}
		for _, text := range records {
			sound := dataset.Validate(decode(t, text)) == nil
			switch {
			case dataset.Accepts([]byte(text)):
				accepted++
				if !sound {
					t.Errorf("%s: accepted, but not valid: %s", name, text)
				}
			case sound:
				t.Logf("%s: valid, but not accepted: %s", name, text)
			}
			if sound {
				valid++
			}
		}
	}
	t.Logf("%d of %d valid records are accepted", accepted, valid)
	if valid == 0 || accepted*100 < valid*99 {
		t.Errorf("%d of %d valid records are accepted, want nearly all", accepted, valid)
	}
}

// BenchmarkAccepts reads the samples of three populations again and again, against decoding and asking Validate.
func BenchmarkAccepts(b *testing.B) {
	registry, records := builtin(b), samples(b, 0)
	for _, name := range []string{"entra.users", "defender_endpoint.secure_configuration", "exchange.mailboxes", "entra.conditional_access_policies"} {
		dataset, _ := registry.Dataset(name)
		size := int64(0)
		var texts [][]byte
		for _, text := range records[name] {
			size += int64(len(text))
			texts = append(texts, []byte(text))
		}
		run := func(how string, check func(text []byte) bool) {
			b.Run(name+"/"+how, func(b *testing.B) {
				b.SetBytes(size / int64(len(texts)))
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					if !check(texts[i%len(texts)]) {
						b.Fatal("a sample is not accepted")
					}
				}
			})
		}
		run("text", dataset.Accepts)
		run("decode", func(text []byte) bool {
			decoder := json.NewDecoder(bytes.NewReader(text))
			decoder.UseNumber()
			var value any
			return decoder.Decode(&value) == nil && dataset.Validate(value) == nil
		})
	}
}

// What only the text shows. Where names are given twice, each value has to be right.
func TestAcceptsText(t *testing.T) {
	const rules = `{"type": "object", "required": ["a"], "properties": {
		"a": {"type": "string", "minLength": 1}, "b": {"type": ["string", "null"], "enum": ["on", null]}, "c": {"type": "array", "items": {"type": "integer"}},
		"d": {"type": "string", "format": "date-time"}, "e": {"type": "string", "minLength": 2}}}`
	a := newAcceptor(decode(t, rules).(map[string]any), nil)
	for _, test := range append(cases(t, "text"), []string{"true", " \n{ \"a\" : \"x\"\t,\r\n\"b\" : null } "}) {
		expect.Equalf(t, test[0] == "true", a.acceptsText([]byte(test[1])), "%s", test[1])
	}
}

// Nothing of a built-in schema is left to the library.
func TestAcceptorKnowsBuiltinSchemas(t *testing.T) {
	var known func(a *acceptor, place string)
	known = func(a *acceptor, place string) {
		if a == nil {
			t.Errorf("%s: a keyword is not known", place)
			return
		}
		for name, field := range a.fields {
			known(field.shape, place+"/"+name)
		}
		if !a.anything {
			known(a.items, place+"/*")
		}
	}
	registry := builtin(t)
	for _, name := range registry.Names() {
		dataset, _ := registry.Dataset(name)
		known(dataset.schema.accept(), name)
	}
}

func TestAcceptsAllocatesNothing(t *testing.T) {
	registry := builtin(t)
	for name, records := range samples(t, 1) {
		dataset, _ := registry.Dataset(name)
		text := []byte(records[0])
		dataset.Accepts(text)
		if count := testing.AllocsPerRun(10, func() { dataset.Accepts(text) }); count > 0 {
			t.Errorf("%s: %v allocations", name, count)
		}
	}
}
