package schemas

import (
	"encoding/json"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

func TestBuiltinHoldsEveryFile(t *testing.T) {
	registry := builtin(t)
	var want []string
	paths := must.Get(fs.Glob(files, "evidence/*/*"))(t)
	for _, path := range paths {
		name := must.Get(nameOf(strings.TrimPrefix(path, "evidence/")))(t)
		want = append(want, name)
	}
	expect.Equalf(t, want, registry.Names(), "names")
	for _, name := range want {
		if dataset, ok := registry.Dataset(name); !ok || dataset.Name != name {
			t.Errorf("Dataset(%q) = %v, %v", name, dataset, ok)
		}
	}
	if _, ok := registry.Dataset("entra.nothing"); ok {
		t.Error("a dataset that does not exist was found")
	}
}

// The built-in schemas are read late, and are the same as those that are read at once.
func TestBuiltinIsReadLate(t *testing.T) {
	late := builtin(t)
	tree := must.Get(fs.Sub(files, "evidence"))(t)
	early := must.Get(Open(tree))(t)
	if diff := cmp.Diff(early.Names(), late.Names()); diff != "" {
		t.Errorf("names (-early +late):\n%s", diff)
	}
	for _, name := range early.Names() {
		want, _ := early.Dataset(name)
		got, ok := late.Dataset(name)
		if !ok {
			t.Errorf("%s can't be read", name)
			continue
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Dataset{})); diff != "" {
			t.Errorf("%s (-early +late):\n%s", name, diff)
		}
		if diff := cmp.Diff(want.Shape(), got.Shape()); diff != "" {
			t.Errorf("the shape of %s (-early +late):\n%s", name, diff)
		}
	}
	if early.Digest() != "" || len(late.Digest()) != 64 || late.Digest() != digest(tree) {
		t.Errorf("digests are %q and %q", early.Digest(), late.Digest())
	}
}

// A text that is no schema never passes anything, however late that shows.
func TestLateErrors(t *testing.T) {
	for _, text := range []string{``, `[]`, `{}`, `{"x-posture": `, `{"x-posture": {}}`, `{"title": "x"`} {
		if dataset, err := parseLate("a.b", []byte(text)); err == nil {
			t.Errorf("%s was read as %+v", text, dataset)
		}
	}
	late := lateSchema([]byte(`{"$id": "urn:x"`))
	if late.shape() != nil || late.accept() != nil || len(late.validate("x")) == 0 {
		t.Error("a schema that was cut off accepts something")
	}
}

func TestEveryDatasetIsDescribed(t *testing.T) {
	registry := builtin(t)
	for _, name := range registry.Names() {
		t.Run(name, func(t *testing.T) {
			dataset, _ := registry.Dataset(name)
			if _, err := dataset.schema.compiled(); err != nil {
				t.Errorf("not a valid schema of draft 2020-12: %v", err)
			}
			if dataset.schema.accept() == nil {
				t.Error("a keyword keeps the quick path from being used")
			}
			if dataset.Shape()["$id"] == nil {
				t.Error("want an $id")
			}
			if dataset.Title == "" || dataset.Description == "" || len(dataset.Sources) == 0 {
				t.Error("want a title, a description and a source")
			}
			for _, source := range dataset.Sources {
				if (source.Endpoint == "") == (source.Cmdlet == "") {
					t.Errorf("source %+v: want either an endpoint or a cmdlet", source)
				}
			}
			if dataset.Kind != Document {
				wantKey(t, dataset)
			}
			wantDescriptions(t, "", dataset.Shape())
		})
	}
}

func wantKey(t *testing.T, dataset *Dataset) {
	t.Helper()
	shape := dataset.Shape()
	key := at(shape, []string{"properties", dataset.Key, "type"})
	required, _ := shape["required"].([]any)
	if key != "string" || len(required) == 0 || required[0] != dataset.Key {
		t.Errorf("the key %q must be the first required field and a string", dataset.Key)
	}
}

// wantDescriptions wants every field described, every list to say what is in it, and objects left open.
func wantDescriptions(t *testing.T, place string, shape map[string]any) {
	t.Helper()
	if _, closed := shape["additionalProperties"]; closed {
		t.Errorf("%s: evidence may hold fields that we don't know", place)
	}
	properties, _ := shape["properties"].(map[string]any)
	for _, required := range wordsOf(shape["required"]) {
		if _, ok := properties[required]; !ok {
			t.Errorf("%s: the required field %q is not described", place, required)
		}
	}
	for name, value := range properties {
		field := value.(map[string]any)
		where := place + "/" + name
		if text, _ := field["description"].(string); !strings.HasSuffix(text, ".") {
			t.Errorf("%s: want a description in a sentence", where)
		}
		if _, ok := field["type"]; !ok {
			t.Errorf("%s: want a type", where)
		}
		wantDescriptions(t, where, field)
		items, isList := field["items"].(map[string]any)
		if isList != (field["type"] == "array") {
			t.Errorf("%s: want items for a list and for nothing else", where)
		}
		wantDescriptions(t, where+"/*", items)
	}
}

func wordsOf(rule any) []string {
	var names []string
	texts(rule, &names)
	return names
}

// A tree of schemas makes a registry of its own.
func TestOpen(t *testing.T) {
	text := `{"$id": "urn:posture:evidence:payroll.%s", "x-posture": {"kind": "list", "key": "id"}, "properties": {"id": {"type": "string"}}}`
	registry := must.Get(Open(fstest.MapFS{
		"payroll/slips.json": {Data: []byte(strings.ReplaceAll(text, "%s", "slips"))},
		"payroll/banks.json": {Data: []byte(strings.ReplaceAll(text, "%s", "banks"))},
	}))(t)
	expect.Equalf(t, []string{"payroll.banks", "payroll.slips"}, registry.Names(), "names")
	banks, ok := registry.Dataset("payroll.banks")
	if !ok || banks.Kind != List || banks.Key != "id" {
		t.Fatalf("Dataset is %+v, %v", banks, ok)
	}
	want := []Violation{{Pointer: "/id", Keyword: "type", Message: "want string, got number"}}
	expect.Equalf(t, want, banks.Validate(map[string]any{"id": json.Number("1")}), "violations")
}

// The key tells records apart unless the schema says otherwise.
func TestUnique(t *testing.T) {
	for facts, want := range map[string][]string{
		`"kind": "list", "key": "id"`:                         {"id"},
		`"kind": "list", "key": "id", "unique": ["id", "at"]`: {"id", "at"},
		`"kind": "population", "key": "id", "unique": []`:     {},
		`"kind": "population", "key": "id", "unique": null`:   {"id"},
		`"kind": "document"`:                                  nil,
	} {
		text := `{"$id": "urn:posture:evidence:a.b", "x-posture": {` + facts + `}, "properties": {"id": {}, "at": {}}}`
		registry := must.Get(Open(fstest.MapFS{"a/b.json": {Data: []byte(text)}}))(t)
		dataset, _ := registry.Dataset("a.b")
		expect.Equalf(t, want, dataset.Unique, "%s", facts)
	}
}

func TestOpenErrors(t *testing.T) {
	for _, test := range cases(t, "open") {
		t.Run(test[0], func(t *testing.T) {
			_, err := Open(fstest.MapFS{test[1]: {Data: []byte(test[2])}})
			if err == nil || !strings.HasPrefix(err.Error(), "schemas: "+test[3]) {
				t.Errorf("error %v, want %q", err, test[3])
			}
		})
	}
}

// A reference out of the file is refused: nothing is fetched from the disk or the network.
func TestReferencesStayInside(t *testing.T) {
	for _, reference := range []string{"https://schemas.example/x.json", "file:///etc/hosts", "urn:posture:evidence:entra.users"} {
		_, err := compile("urn:x", []byte(`{"$id": "urn:x", "$ref": "`+reference+`"}`))
		if err == nil || !strings.Contains(err.Error(), "leads out of the schema") {
			t.Errorf("%s: error %v", reference, err)
		}
	}
	schema := must.Get(newSchema([]byte(`{"$id": "urn:x", "$ref": "https://schemas.example/x.json"}`), true))(t)
	want := []Violation{{Keyword: "$schema", Message: "the schema itself is not valid"}}
	expect.Equalf(t, want, schema.validate("x"), "violations")
}

func builtin(t testing.TB) *Registry {
	t.Helper()
	return must.Get(Builtin())(t)
}

func decode(t testing.TB, text string) any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	must.Do(t, decoder.Decode(&value))
	return value
}

// section returns a file of testdata/cases.txtar.
func section(t testing.TB, name string) string {
	t.Helper()
	archive := must.Get(txtar.ParseFile("testdata/cases.txtar"))(t)
	i := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == name })
	if i < 0 {
		t.Fatalf("there is no section %s", name)
	}
	return string(archive.Files[i].Data)
}

// cases returns the lines of a section, by their fields.
func cases(t testing.TB, name string) [][]string {
	t.Helper()
	var all [][]string
	for line := range strings.Lines(section(t, name)) {
		if !strings.HasPrefix(line, "#") {
			all = append(all, strings.Split(strings.TrimSuffix(line, "\n"), "\t"))
		}
	}
	return all
}

// lines returns violations as cases name them.
func lines(found []Violation) []string {
	all := make([]string, len(found))
	for i, v := range found {
		all[i] = v.Pointer + " " + v.Keyword + " " + v.Message
	}
	return all
}
