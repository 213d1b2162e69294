package psobject_test

import (
	"encoding/json"
	"testing"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/importer/psobject"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/records"
)

const truncatedShape = `{"type":"object","properties":{
	"name":{"type":"string"},
	"on":{"type":["boolean","null"]},
	"names":{"type":"array","items":{"type":"string"}},
	"ids":{"type":"array","items":{"type":"string","format":"id"}},
	"domains":{"type":"array","items":{"type":"string","format":"domain"}},
	"mails":{"type":"array","items":{"type":"string","format":"mail"}},
	"labels":{"type":"array","items":{"type":"string","format":"name"}},
	"types":{"type":"array","items":{"type":"string","x-posture":{"type_names":true}}},
	"part":{"type":["object","null"],"properties":{"name":{"type":"string"},"names":{"type":"array","items":{"type":"string"}},"deep":{"type":"array","items":{"type":"object"}}}},
	"parts":{"type":"array","items":{"type":"object","properties":{"inner":{"type":"object","properties":{"names":{"type":"array","items":{"type":"string"}}}}}}},
	"open":{"type":["object","null"]}}}`

func TestTruncated(t *testing.T) {
	tests := []struct {
		name   string
		record string // in a list
		want   []string
	}{
		{"nothing", `{"Name":"a","Names":["a"],"Part":{"Deep":[{"A":1}]},"Parts":[{"Inner":{}}]}`, nil},
		{"a list", `{"Names":"System.Object[]"}`, []string{"names"}},
		{"a list of a generic type", "{\"Names\":\"System.Collections.Generic.List`1[System.String]\"}", []string{"names"}},
		{"a hash table", `{"Part":"System.Collections.Hashtable"}`, []string{"part"}},
		{"an object", `{"Part":"@{Deep=System.Object[]}","Name":"a"}`, []string{"part"}},
		{"an object in other words", `{"Part":"{Id: 1}"}`, []string{"part"}},
		{"an object as pairs", `{"Part":"id=1; name=a"}`, []string{"part"}},
		{"an object of a module's own type", `{"Part":"Microsoft.Graph.PowerShell.Models.MicrosoftGraphUser"}`, []string{"part"}},
		{"within an object", `{"Part":{"Deep":["@{A=1}"]}}`, []string{"part.deep"}},
		{"two fields", `{"Part":{"Deep":["@{A=1}"],"Names":"System.String[]"}}`, []string{"part.deep", "part.names"}},
		{"an element of a list of texts", `{"Names":["a","@{Name=b}"]}`, []string{"names"}},
		{"an element that is the name of a type", `{"Names":["Microsoft.Exchange.Data.Directory.ADObjectId"]}`, []string{"names"}},
		{"an element that was a list", `{"Ids":["a b"]}`, []string{"ids"}},
		{"within a list", `{"Parts":[{"Inner":"System.Collections.Hashtable"}]}`, []string{"parts.inner"}},
		{"within a list of one that collapsed", `{"Parts":{"Inner":"System.Collections.Hashtable"}}`, []string{"parts.inner"}},
		{"a list of one that collapsed and was cut off", `{"Parts":"@{Inner=}"}`, []string{"parts"}},
		{"a list of objects that ran together", `{"Parts":"@{Inner=} @{Inner=}"}`, []string{"parts"}},
		{"where a text is wanted", `{"Name":"System.Object[]"}`, []string{"name"}},
		{"where a boolean is wanted", `{"On":"@{Value=True}"}`, []string{"on"}},
		{"below what the schema says", `{"Open":{"A":{"B":"@{C=1}"}}}`, []string{"open"}},
		{"in an object where a text is wanted", `{"Names":[{"Sender":"@{Address=a}"}]}`, []string{"names"}},
		{"a text that looks like a type", `{"Name":"System.Center"}`, nil},
		{"an application's name", `{"Name":"Microsoft.Azure.SyncFabric","Names":["Microsoft.Azure.SyncFabric"]}`, nil},
		{"the types of conditions", `{"Types":["Microsoft.Exchange.MessagingPolicies.Rules.Tasks.SentToPredicate"]}`, nil},
		{"the types of conditions, cut off themselves", `{"Types":["@{Name=a}"]}`, []string{"types"}},
		{"a field that nobody knows", `{"Other":"System.Object[]","Part":{"Other":"@{A=1}"}}`, nil},
		{"ids that ran together", `{"Ids":"a b","Parts":[{"Inner":{"Names":[]}}]}`, []string{"ids"}},
		{"an id", `{"Ids":"a"}`, nil},
		{"domains that ran together", `{"Domains":"a.example b.example","Ids":[]}`, []string{"domains"}},
		{"a domain with what is shared", `{"Domains":"a.example: CalendarSharingFreeBusySimple, ContactsSharing","Ids":[]}`, nil},
		{"addresses that ran together", `{"Mails":"a@contoso.example b@contoso.example","Ids":[]}`, []string{"mails"}},
		{"addresses with names that ran together", `{"Mails":["Ada A;a@contoso.example Bo B;b@contoso.example"]}`, []string{"mails"}},
		{"an address with a name", `{"Mails":["Ada A;a@contoso.example"],"Ids":[]}`, nil},
		{"addresses with commas between them", `{"Mails":["a@contoso.example,b@contoso.example"]}`, []string{"mails"}},
		{"ids with semicolons between them", `{"Ids":"a;b"}`, []string{"ids"}},
		{"objects in words, where names are wanted", `{"Labels":["{Id: 1, Name: a}"]}`, []string{"labels"}},
		{"objects in pairs, where names are wanted", `{"Labels":"id=1; name=a","Ids":[]}`, []string{"labels"}},
		{"objects of a script, where names are wanted", `{"Labels":["[object Object]"]}`, []string{"labels"}},
		{"a text of pairs", `{"Names":["v=DMARC1; p=none"],"Ids":[]}`, nil},
		{"a filter", `{"Name":"{((Alias -ne 'x'))}"}`, nil},
		{"an object that was cut off and has members of its own", `{"Part":{"value":"Microsoft.Exchange.Data.Directory.ADObjectId","PSComputerName":"x"}}`, []string{"part"}},
		{"a list that was cut off and has members of its own", `{"Names":{"value":"System.Object[]","PSComputerName":"x"}}`, []string{"names"}},
		{"a name of a setting", `{"Labels":["All Employees"]}`, nil},
		{"texts that ran together", `{"Names":"a b"}`, []string{"names"}},
		{"texts that ran together in one that was wrapped", `{"Names":{"value":"a b","Count":2}}`, []string{"names"}},
		{"one text that was wrapped", `{"Names":{"value":"a b","Count":1}}`, nil},
		{"one text with a blank, beside a list", `{"Names":"All Employees","Ids":[]}`, nil},
		{"one text with a blank, beside an object", `{"Names":"All Employees","Part":{"Name":"a"}}`, nil},
		{"one text with a blank, above a list", `{"Names":"All Employees","Parts":[{"Inner":{}}]}`, nil},
		{"texts that ran together below the deepest list", `{"Ids":[],"Part":{"Names":"a b"}}`, []string{"part.names"}},
		{"a wrapping is no list", `{"Names":"a b","On":{"value":1,"Value":"True"}}`, []string{"names"}},
		{"a list that was wrapped is one", `{"Names":"a b","Ids":{"value":["a"],"Count":1}}`, nil},
		{"a wrapped list is no deeper than the list", `{"Part":{"Names":"a b"},"Ids":{"value":["a"],"Count":1}}`, []string{"part.names"}},
		{"an empty list that became a text", `{"Name":"a","Names":"","Ids":""}`, nil},
		{"one word", `{"Names":"a"}`, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var record map[string]any
			numbered(t, test.record, &record)
			of, _ := decode(t, truncatedShape).(map[string]any)
			file := psobject.NewFile("x.json")
			file.Convert(record, 1, nil, of)
			var want []evidence.Truncated
			for _, field := range test.want {
				want = append(want, evidence.Truncated{Field: field, File: "x.json"})
			}
			expect.Equalf(t, want, file.Truncated(), "Truncated")
		})
	}
}

// A list or an object anywhere in the file shows that nothing at its level was cut off, before it or after it.
func TestTruncatedKnowsTheWholeFile(t *testing.T) {
	of, _ := decode(t, truncatedShape).(map[string]any)
	file := psobject.NewFile("x.json")
	var doubtful, deep map[string]any
	numbered(t, `{"Names":"All Employees"}`, &doubtful)
	numbered(t, `{"Ids":[]}`, &deep)
	file.Convert(doubtful, 1, nil, of)
	if len(file.Truncated()) != 1 {
		t.Errorf("a text that may be a list: %v", file.Truncated())
	}
	file.Convert(deep, 1, nil, of)
	if len(file.Truncated()) != 0 {
		t.Errorf("with a list at its level: %v", file.Truncated())
	}
}

// A lone object's own lists are never cut off: the least depth keeps them.
func TestTruncatedInALoneObject(t *testing.T) {
	of, _ := decode(t, truncatedShape).(map[string]any)
	file := psobject.NewFile("x.json")
	file.Convert(map[string]any{"Names": "All Employees"}, 0, nil, of)
	if got := file.Truncated(); len(got) > 0 {
		t.Errorf("Truncated: %v", got)
	}
}

// What an adapter makes of a text says nothing of the depth of the file.
func TestTruncatedIgnoresWhatIsAdapted(t *testing.T) {
	of, _ := decode(t, truncatedShape).(map[string]any)
	file := psobject.NewFile("x.json")
	adapt := func(record map[string]any) map[string]any {
		record["Ids"] = []any{record["Ids"]}
		return record
	}
	file.Convert(map[string]any{"Names": "a b", "Ids": "c"}, 1, adapt, of)
	if got := file.Truncated(); len(got) != 1 || got[0].Field != "names" {
		t.Errorf("Truncated: %v, want names", got)
	}
}

func TestFiles(t *testing.T) {
	of, _ := decode(t, truncatedShape).(map[string]any)
	files := psobject.Files{}
	files.Of("b.json").Convert(map[string]any{"Part": "@{"}, 1, nil, of)
	files.Of("a.json").Convert(map[string]any{"Part": "@{", "Name": "x"}, 1, nil, of)
	files.Of("b.json").Convert(map[string]any{"Name": "@{"}, 1, nil, of)
	want := []evidence.Truncated{{Field: "part", File: "a.json"}, {Field: "name", File: "b.json"}, {Field: "part", File: "b.json"}}
	expect.Equalf(t, want, files.Truncated(), "Truncated")
}

// FuzzTruncated: a field that the conversion leaves out was cut off, and is said to be.
func FuzzTruncated(f *testing.F) {
	const shape = `{"type":"object","properties":{"a":{"type":"array","items":{"type":["array","object"]}},"b":{"type":"object"},"c":{"type":"string"}}}`
	f.Add(`{"A":"System.Object[]","B":"@{","C":"System.Collections.X"}`)
	f.Add(`{"A":["@{A=1}"],"B":["System."]}`)
	f.Fuzz(func(t *testing.T, text string) {
		var record map[string]any
		if json.Unmarshal([]byte(text), &record) != nil {
			t.Skip()
		}
		of, _ := decode(t, shape).(map[string]any)
		for name, value := range record {
			file := psobject.NewFile("x.json")
			converted, _ := file.Convert(map[string]any{name: value}, 1, nil, of).(map[string]any)
			field := psobject.CamelCase(name)
			if _, kept := converted[field]; kept || (field != "a" && field != "b" && field != "c") {
				continue
			}
			if got := file.Truncated(); len(got) != 1 || got[0].Field != field {
				t.Errorf("Convert leaves %s out, and Truncated says %v", name, got)
			}
		}
	})
}

// numbered decodes JSON as the importers do.
func numbered(t *testing.T, text string, into *map[string]any) {
	t.Helper()
	value := must.Get(records.Decode([]byte(text), records.Limits{}))(t)
	*into, _ = value.(map[string]any)
}
