package catalog

import (
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/textlimit"
	"github.com/posture-score/posture/schemas"
)

func builtin(t testing.TB) *schemas.Registry {
	t.Helper()
	return must.Get(schemas.Builtin())(t)
}

// The built-in datasets obey the rules for those of other catalogs.
func TestBuiltinSchemasObeyTheRules(t *testing.T) {
	folder := filepath.Join("..", "..", "schemas", "evidence")
	for _, name := range builtin(t).Names() {
		file := strings.ReplaceAll(name, ".", "/") + ".json"
		text := must.Get(os.ReadFile(filepath.Join(folder, filepath.FromSlash(file))))(t)
		l := &loader{collector: newCollector()}
		if l.readSchema(name, file, text) == nil {
			t.Errorf("%v", l.err())
		}
	}
}

// servers is a schema without mistakes.
const servers = `{
  "title": "Servers",
  "x-posture": {
    "kind": "population", "key": "host",
    "sources": [{"endpoint": "Export of the CMDB"}]
  },
  "type": "object",
  "required": ["host"],
  "properties": {
    "host": {"type": "string", "minLength": 1},
    "tags": {"type": ["array", "null"], "items": {"type": "string"}},
    "state": {"type": ["string", "null"], "enum": ["on", "off", null]}
  }
}`

// Every mistake in a schema is reported where it stands, with how to mend it.
func TestSchemaMistakes(t *testing.T) {
	tests := []struct{ old, new, want string }{
		{``, ``, ``},
		{`"title": "Servers",`, ``, `1,1-1: Missing title; Say what the dataset is, as plans and references show it: "title": "..."`},
		{`"title": "Servers",`, `"$id": "urn:x", "title": "Servers",`, `2,3-8: Invalid $id; The schema of our.servers has the $id "urn:posture:evidence:our.servers", or none.`},
		{`"population"`, `"populaton"`, `4,5-11: Invalid kind; The kind of a dataset is document, list or population. Did you mean "population"?`},
		{`"key": "host"`, `"ky": "host"`, `4,27-31: Unknown keyword; "ky" is not known here. Did you mean "key"? Known are always, default_limit, key, kind, label, never_empty, optional, sources, subject, unique.`},
		{`, "key": "host"`, ``, `3,3-14: Missing key; A population needs a field that names its records: "key": "...", such as host.`},
		{`"key": "host"`, `"key": "hots"`, `4,27-32: Unknown field; The records have no field "hots". Did you mean "host"?`},
		{`"key": "host"`, `"key": "state"`, `4,27-32: Invalid key; The key state names records, so it is in each of them, and a text: it has to be among "required", with "type": "string".`},
		{`"key": "host"`, `"key": "host", "label": "nam"`, `4,42-49: Unknown field; The records have no field "nam".`},
		{`"key": "host"`, `"key": "host", "subject": "a server"`, `4,42-51: Invalid subject; Say in a word, of letters, digits and underscores, what a record is about: "subject": "user", "device" or "server".`},
		{`"key": "host"`, `"key": "host", "unique": ["host", "port"]`, `4,61-67: Unknown field; The records have no field "port".`},
		{`"key": "host"`, `"key": "host", "unique": "host"`, `4,42-50: Invalid value; unique has to be a list of texts.`},
		{`"population", "key": "host"`, `"document", "key": "host"`, `4,25-30: Key of a document; A document is one object: leave out key, label and unique, or make it a list.`},
		{`{"endpoint": "Export of the CMDB"}`, `{}`, `5,17-18: Invalid source; A source is an endpoint or a cmdlet: {"endpoint": "Export of the CMDB, in words, or GET /v1.0/..."} or {"cmdlet": "Get-..."}.`},
		{`{"endpoint": "Export of the CMDB"}`, `{"from": "CMDB"}`, `5,18-24: Unknown keyword; "from" is not known here. Known are cmdlet, endpoint, expand, permission, select.`},
		{`["host"],`, `["hots"],`, `4,27-32: Invalid key; The key host names records, so it is in each of them, and a text: it has to be among "required", with "type": "string".|8,16-22: Unknown field; There is no field "hots" that could be required. Did you mean "host"?`},
		{`"minLength": 1`, `"minLength": -1`, `10,32-43: Invalid value; minLength has to be a whole number.`},
		{`"minLength": 1`, `"format": "email"`, `10,32-40: Unknown format; The formats are id, mail, sign-in-name, domain, name or date-time. Did you mean "mail"?`},
		{`"minLength": 1`, `"pattern": "("`, "10,32-41: Invalid pattern; It can't be used as a regular expression: error parsing regexp: missing closing ): `(`."},
		{`"minLength": 1`, `"pattern": "((a{1000}){1000})"`, `10,32-41: Invalid pattern; It can't be used as a regular expression: error parsing regexp: invalid repeat count: ` + "`{1000}`."},
		{`"host": {`, `"ho\u202est": {"type": "string"}, "host": {`, `10,5-17: Invalid name of a field; "ho\u202est" has characters that can't be seen: leave the field out.`},
		{`"minLength": 1`, `"maxLength": 9`, `10,32-43: Unknown keyword; A schema says what form evidence has, and not which values are good: leave it out, and let the rule decide.`},
		{`"items": {"type": "string"}`, `"items": {"$ref": "https://contoso.example/tag.json"}`, `11,51-57: Unknown keyword; A schema of evidence stands alone, and nothing is ever fetched: write the fields out where they are used.`},
		{`"items": {"type": "string"}`, `"items": {}`, `11,41-48: Missing type; Say what the field may hold, so that rules can be checked: "type": "string", or "type": ["string", "null"] and the like.`},
		{`["array", "null"]`, `["list", "null"]`, `11,14-20: Invalid value; type has to be one of array, boolean, integer, null, number, object, string, or a list of them.`},
		{`["array", "null"]`, `"string"`, `11,32-39: Keyword without its type; items is about values of the type "array", which "type" does not allow.`},
		{`"off", null]`, `"off", 1]`, `12,65-66: Invalid value; An enum lists texts, and null: leave it out, and let the rule decide about numbers.`},
		{`["string", "null"], "enum"`, `"string", "enum"`, `12,55-59: Value of another type; "type" does not allow a value of the type "null".`},
		{`"type": "object",
`, `"type": "array",
`, `7,3-9: Not an object; Records and documents are objects: "type": "object".`},
		{`{"type": "string", "minLength": 1}`, `true`, `10,5-11: Invalid field; The schema of a field is an object: {"type": "string"} and the like.`},
		{`"required"`, `"required": [], "required"`, `8,19-19: Invalid JSON; The schema cannot be read: duplicate object member name.`},
		{`"properties": {`, `"properties": {,`, `9,18-18: Invalid JSON; The schema cannot be read: invalid character ',' at start of value.`},
		{servers, `[]`, `1,1-1: Not a schema; A schema is one JSON object.`},
		{servers, ``, `1,1-1: Not a schema; A schema is one JSON object.`},
		{servers, servers + servers, `1,1-1: Not a schema; A schema is one JSON object.`},
		{servers, `{"a`, `1,4-4: Invalid JSON; The schema cannot be read: it ends too early.`},
		{servers, strings.Repeat(`{"a":`, 65), `1,321-322: Nested too deeply; Objects and lists lie in each other up to 64 times.`},
		{servers, `"` + strings.Repeat("a", textlimit.MaxJSONBytes) + `"`, `1,1-1: Text too large; It has 1025 KiB, and at most 1024 KiB are read: split it.`},
	}
	for _, test := range tests {
		l := &loader{collector: newCollector(), datasets: builtin(t)}
		if !strings.Contains(servers, test.old) {
			t.Fatalf("%s is not in the schema", test.old)
		}
		text := strings.Replace(servers, test.old, test.new, 1)
		dataset := l.readSchema("our.servers", "s.json", []byte(text))
		if (dataset == nil) != (test.want != "") {
			t.Errorf("%s: the dataset is %v", test.new, dataset)
		}
		got := ""
		if problems := l.problems(); problems != nil {
			got = strings.ReplaceAll(strings.ReplaceAll(problems.Error(), "\ns.json:", "|"), "s.json:", "")
		}
		expect.Equalf(t, test.want, got, "%.60s", test.new)
	}
}

const (
	ourControl = `product "our" {
  title = "Ours"
}
control "OurServers" {
  title    = "Turn servers off"
  category = "infrastructure"
  product  = "our"
  points   = 1
  tier     = "core"
  threats  = []
  coverage "our.servers" {
    when_empty = "full"
  }
  source = "ourselves"
}
`
	ourRule = "package policies.our.servers\n\ndefault compliant := false\n\ncompliant if input.state == \"off\"\n"
)

// sourceOf returns a catalog of some files.
func sourceOf(name string, files map[string]string) Source {
	s := Source{Name: name, files: map[string][]byte{}}
	for file, text := range files {
		s.files[file] = []byte(text)
	}
	return s
}

// A catalog brings datasets of its own, which none but its own controls and commands know, and
// which its digest covers.
func TestDatasets(t *testing.T) {
	base := builtin(t)
	ours := sourceOf("ours", map[string]string{"schemas/our/servers.json": servers, "schemas/README.json.md": ""})
	all, err := Datasets(t.Context(), base, ours)
	must.Do(t, err)
	if _, ok := all.Dataset("our.servers"); !ok || len(all.Names()) != len(base.Names())+1 || len(all.Own()) != 1 || all.Digest() == base.Digest() || len(all.Digest()) != 64 {
		t.Errorf("the registry has %v", all.Names())
	}
	digests, catalogs := map[string]bool{}, []*Catalog{}
	for _, text := range []string{servers, strings.Replace(servers, `"host"]`, `"host", "tags"]`, 1)} {
		cat := must.Get(Load(t.Context(), base, sourceOf("ours", map[string]string{"schemas/our/servers.json": text, "our/servers.hcl": ourControl, "our/servers.rego": ourRule})))(t)
		digests[cat.Digest()] = true
		catalogs = append(catalogs, cat)
	}
	if len(digests) != 2 || catalogs[0].Controls()[0].Digest == catalogs[1].Controls()[0].Digest {
		t.Error("a digest does not cover the schemas")
	}
	changed := Compare(catalogs[0], catalogs[1]).Changed
	if len(changed) != 1 || changed[0].Changes[0].Kind != ChangedSchema || changed[0].Changes[0].Name != "our.servers" {
		t.Errorf("changes are %v", changed)
	}

	twice := sourceOf("theirs", map[string]string{
		"schemas/our/servers.json": servers, "schemas/entra/users.json": servers, "schemas/servers.json": servers, "schemas/our/Servers.json": servers, "schemas/a/b/c.json": servers,
	})
	_, err = Datasets(t.Context(), base, ours, twice)
	want := []string{
		`theirs/schemas/a/b/c.json:1,1-1: Invalid path of a schema; The schema of a dataset stands in schemas/<product>/<dataset>.json, with names of lower-case letters, digits and underscores that start with a letter.`,
		`theirs/schemas/entra/users.json:1,1-1: Duplicate dataset; The dataset entra.users is built in (see 'posture schema show entra.users'): choose another name.`,
		`theirs/schemas/our/Servers.json:1,1-1: Invalid path of a schema; The schema of a dataset stands in schemas/<product>/<dataset>.json, with names of lower-case letters, digits and underscores that start with a letter.`,
		`theirs/schemas/our/servers.json:1,1-1: Duplicate dataset; The dataset our.servers is declared by ours/schemas/our/servers.json already: choose another name.`,
		`theirs/schemas/servers.json:1,1-1: Invalid path of a schema; The schema of a dataset stands in schemas/<product>/<dataset>.json, with names of lower-case letters, digits and underscores that start with a letter.`,
	}
	if err == nil {
		t.Fatal("datasets were declared twice")
	}
	expect.Equalf(t, want, strings.Split(err.Error(), "\n"), "errors")
}

// FuzzSchema reads any schema: it never panics, and what it accepts is one whose fields are all typed.
func FuzzSchema(f *testing.F) {
	f.Add([]byte(servers))
	f.Add([]byte(`{"title": "x", "type": "object", "x-posture": {"kind": "document"}, "properties": {"a/~": {"type": "array", "items": {"type": "null"}}}}`))
	for _, open := range []string{"[", "{\"a\":", "{\"properties\": {\"a\": ", "\"", "1", "(a{1000}"} {
		f.Add([]byte(strings.Repeat(open, 10_000)))
	}
	f.Add([]byte(`{"title": "x", "type": "object", "x-posture": {"kind": "document"}, "properties": {"a": {"type": "string", "pattern": "((a{1000}){1000})"}}}`))
	f.Add([]byte(`{"title": "x", "type": "object", "x-posture": {"kind": "document"}, "properties": {"` + strings.Repeat("a", 1000) + `": {"type": "string"}}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		l := &loader{collector: newCollector()}
		dataset := l.readSchema("our.servers", path.Join("x", "s.json"), text)
		if (dataset == nil) == (l.err() == nil) {
			t.Fatalf("a dataset %v and the error %v", dataset, l.err())
		}
		if dataset != nil {
			dataset.Accepts([]byte(`{"host": "a"}`))
			dataset.Validate(map[string]any{"host": "a"})
		}
	})
}
