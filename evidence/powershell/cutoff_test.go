package powershell_test

import (
	"encoding/json"
	"testing"

	"github.com/posture-score/posture/evidence/powershell"
)

func TestCutOff(t *testing.T) {
	const shape = `{"type":"object","properties":{
		"name":{"type":"string"},
		"names":{"type":"array","items":{"type":"string"}},
		"part":{"type":["object","null"],"properties":{"deep":{"type":"array","items":{"type":"object"}}}},
		"parts":{"type":"array","items":{"type":"object","properties":{"inner":{"type":"object"}}}}}}`
	tests := []struct{ name, record, want string }{
		{"nothing", `{"Name":"a","Names":["a"],"Part":{"Deep":[{"A":1}]},"Parts":[{"Inner":{}}]}`, ""},
		{"a list", `{"Names":"System.Object[]"}`, "Names"},
		{"a hash table", `{"Part":"@{Deep=System.Object[]}","Name":"a"}`, "Part"},
		{"within an object", `{"Part":{"Deep":["@{A=1}"]}}`, "Part"},
		{"within a list", `{"Parts":[{"Inner":"System.Collections.Hashtable"}]}`, "Parts"},
		{"within a list of one that collapsed", `{"Parts":{"Inner":"System.Collections.Hashtable"}}`, "Parts"},
		{"where a text is wanted", `{"Name":"System.Collections.Generic.List` + "`1[System.String]" + `"}`, "Name"},
		{"a text that looks like a type", `{"Name":"System.Center"}`, ""},
		{"the type of a condition", `{"Names":"Microsoft.Exchange.Predicate"}`, ""},
		{"a field that nobody knows", `{"Other":"System.Object[]"}`, ""},
		{"texts that ran together", `{"Name":"a","Names":"a@contoso.example b@contoso.example"}`, "Names"},
		{"an empty list that became a text", `{"Name":"a","Names":""}`, "Names"},
		{"one text with a space, in a record that has its lists", `{"Names":"My Marketplace Apps","Other":[]}`, ""},
		{"one text, in a record without lists", `{"Names":"a"}`, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			record, _ := decode(t, test.record).(map[string]any)
			of, _ := decode(t, shape).(map[string]any)
			if got := powershell.CutOff(record, of); got != test.want {
				t.Errorf("CutOff: %q, want %q", got, test.want)
			}
		})
	}
}

// FuzzCutOff: a field that Convert leaves out was cut off.
func FuzzCutOff(f *testing.F) {
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
			only := map[string]any{name: value}
			converted, _ := powershell.Convert(only, of).(map[string]any)
			field := powershell.CamelCase(name)
			if _, kept := converted[field]; kept || (field != "a" && field != "b") {
				continue
			}
			if powershell.CutOff(only, of) != name {
				t.Errorf("Convert leaves %s out, and CutOff does not say so", name)
			}
		}
	})
}
