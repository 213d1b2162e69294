package psobject_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/importer/psobject"
	"github.com/posture-score/posture/internal/must"
)

func TestConvert(t *testing.T) {
	tests := []struct {
		name, shape, value, want string
	}{
		{
			"names are camel case at every depth", `{}`,
			`{"Id":1,"IPAllowList":[{"SetSCL":-1}],"Conditions":{"ClientAppTypes":["all"]}}`,
			`{"id":1,"ipAllowList":[{"setSCL":-1}],"conditions":{"clientAppTypes":["all"]}}`,
		},
		{
			"names in any case, at every depth",
			`{"properties":{"recipientTypeDetails":{"type":"string"},"exceptions":{"type":"array","items":{"type":"object","properties":{"setSCL":{"type":"integer"}}}}}}`,
			`{"RECIPIENTTYPEDETAILS":"A","exceptions":[{"setscl":-1,"OtherName":1}]}`,
			`{"recipientTypeDetails":"A","exceptions":[{"setSCL":-1,"otherName":1}]}`,
		},
		{
			"of names that differ in case alone, the one of the field wins, or else the last",
			`{"properties":{"setSCL":{"type":"integer"},"mode":{"type":"string"}}}`,
			`{"setscl":1,"SETSCL":2,"setSCL":3,"MODE":"a","Mode":"b"}`, `{"setSCL":3,"mode":"b"}`,
		},
		{
			"words in any case",
			`{"properties":{"state":{"enum":["Enabled","Disabled",null],"type":["string","null"]},"actions":{"type":"array","items":{"type":"string","enum":["Quarantine"]}},
			"kinds":{"type":"string","x-posture":{"words":["internalGuest","serviceProvider"],"separator":","}},"users":{"type":"array","items":{"type":"string","format":"id","x-posture":{"words":["All"]}}},
			"other":{"type":"string"}}}`,
			`{"State":"enabled","Actions":["QUARANTINE","Else"],"Kinds":"INTERNALGUEST, serviceprovider","Users":["ALL","ADA"],"Other":"ENABLED"}`,
			`{"state":"Enabled","actions":["Quarantine","Else"],"kinds":"internalGuest, serviceProvider","users":["All","ADA"],"other":"ENABLED"}`,
		},
		{
			"dates are converted wherever they stand", `{"properties":{"when":{"type":"string"}}}`,
			`{"When":"/Date(1723812853000)/","Unknown":["/Date(0)/"]}`,
			`{"when":"2024-08-16T12:54:13Z","unknown":["1970-01-01T00:00:00Z"]}`,
		},
		{
			"a date with members of its own", `{"properties":{"when":{"type":["string","null"]}}}`,
			`{"When":{"value":"/Date(0)/","DisplayHint":2,"DateTime":"Thursday"}}`,
			`{"when":"1970-01-01T00:00:00Z"}`,
		},
		{
			"a number that became a text, where the schema wants no text",
			`{"properties":{"a":{"type":["integer","null"]},"b":{"type":"integer"},"c":{"type":["integer","string"]},"d":{"type":"number"},"e":{"type":"integer"}}}`,
			`{"A":"-1","B":"007","C":"7","D":"","E":"1e3","F":"7"}`,
			`{"a":-1,"b":"007","c":"7","d":"","e":"1e3","f":"7"}`,
		},
		{
			"an empty list that became null", `{"properties":{"names":{"type":"array"}}}`,
			`{"Names":null}`, `{"names":[]}`,
		},
		{
			"null where the schema allows it", `{"properties":{"names":{"type":["array","null"]}}}`,
			`{"Names":null}`, `{"names":null}`,
		},
		{
			"a list that is absent stays absent", `{"properties":{"names":{"type":"array"}}}`,
			`{}`, `{}`,
		},
		{
			"a list of one that became its element", `{"properties":{"names":{"type":"array","items":{"type":"string"}}}}`,
			`{"Names":"a"}`, `{"names":["a"]}`,
		},
		{
			"a list of one object that became the object", `{"properties":{"values":{"type":"array","items":{"type":"object"}}}}`,
			`{"Values":{"Name":"a"}}`, `{"values":[{"name":"a"}]}`,
		},
		{
			"an empty list written as an empty object or string", `{"properties":{"a":{"type":"array"},"b":{"type":"array"}}}`,
			`{"A":{},"B":""}`, `{"a":[],"b":[]}`,
		},
		{
			"a list of null is empty", `{"properties":{"names":{"type":"array","items":{"type":"string"}}}}`,
			`{"Names":[null]}`, `{"names":[]}`,
		},
		{
			"a list with members of its own", `{"properties":{"names":{"type":"array","items":{"type":"string"}}}}`,
			`{"Names":{"value":["a","b"],"Count":2}}`, `{"names":["a","b"]}`,
		},
		{
			"an object that became a list of one", `{"properties":{"part":{"type":"object"}}}`,
			`{"Part":[{"Name":"a"}]}`, `{"part":{"name":"a"}}`,
		},
		{
			"two objects where one is wanted stay, for validation", `{"properties":{"part":{"type":"object"}}}`,
			`{"Part":[{},{}]}`, `{"part":[{},{}]}`,
		},
		{
			"an object of nothing but nulls is not set", `{"properties":{"part":{"type":["object","null"],"properties":{"list":{"type":"array"}}}}}`,
			`{"Part":{"Mode":null,"Filter":{"Rule":null},"List":null}}`, `{"part":null}`,
		},
		{
			"an empty list is a value", `{"properties":{"part":{"type":["object","null"]}}}`,
			`{"Part":{"List":[]}}`, `{"part":{"list":[]}}`,
		},
		{
			"false is a value", `{"properties":{"part":{"type":["object","null"]}}}`,
			`{"Part":{"IsEnabled":false}}`, `{"part":{"isEnabled":false}}`,
		},
		{
			"values below the depth are left out",
			`{"properties":{"part":{"type":"object"},"list":{"type":"array"},"deep":{"type":"array","items":{"type":"object"}}}}`,
			`{"Part":"@{a=1}","List":"System.Object[]","Deep":[{"A":1},"@{A=2}"],"Kept":1}`, `{"kept":1}`,
		},
		{
			"the type of a condition is no cut-off list", `{"properties":{"list":{"type":"array","items":{"type":"string","x-posture":{"type_names":true}}}}}`,
			`{"List":"Microsoft.Exchange.Predicate"}`, `{"list":["Microsoft.Exchange.Predicate"]}`,
		},
		{
			"annotations go, the type stays", `{}`,
			`{"@odata.type":"#x","@odata.id":"y","Part@odata.context":"z"}`, `{"@odata.type":"#x"}`,
		},
		{
			"a value of the wrong type stays, for validation", `{"properties":{"on":{"type":"boolean"},"part":{"type":"object"},"text":{"type":"string"}}}`,
			`{"On":"On","Part":7,"Text":{"A":1}}`, `{"on":"On","part":7,"text":{"a":1}}`,
		},
		{
			"a boolean that became a text or a number",
			`{"properties":{"a":{"type":["boolean","null"]},"b":{"type":"boolean"},"c":{"type":["boolean","string"]},"d":{"type":"boolean"},"e":{"type":"boolean"},"f":{"type":["boolean","integer"]}}}`,
			`{"A":"True","B":"false","C":"True","D":1,"E":2,"F":1}`, `{"a":true,"b":false,"c":"True","d":true,"e":2,"f":1}`,
		},
		{
			"a number with a fraction that became a text", `{"properties":{"a":{"type":"number"},"b":{"type":"number"}}}`,
			`{"A":"1.5","B":"1,5"}`, `{"a":1.5,"b":"1,5"}`,
		},
		{
			"members of enumerations that were deserialized",
			`{"properties":{"state":{"type":["string","null"]},"mode":{"type":"string"},"level":{"type":"integer"},"on":{"type":"boolean"},"list":{"type":"array","items":{"type":"string"}}}}`,
			`{"State":{"value":0,"Value":"Enabled"},"Mode":{"Value":"AllowList"},"Level":{"value":2,"Value":"High"},"On":{"value":"True"},"List":[{"value":1,"Value":"All"}]}`,
			`{"state":"Enabled","mode":"AllowList","level":2,"on":true,"list":["All"]}`,
		},
		{
			"texts with members of their own",
			`{"properties":{"guid":{"type":"string"},"when":{"type":"string","format":"date-time"},"list":{"type":"array","items":{"type":"string"}}}}`,
			`{"Guid":{"value":"786548dd","Guid":"786548dd"},"When":{"value":"2026-10-31T09:47:58","DisplayHint":2,"DateTime":"Saturday"},"List":{"value":"a","Count":1}}`,
			`{"guid":"786548dd","when":"2026-10-31T09:47:58Z","list":["a"]}`,
		},
		{
			"an object that has a value of its own", `{"properties":{"setting":{"type":"object"},"list":{"type":"array","items":{"type":"object","properties":{"value":{}}}}}}`,
			`{"Setting":{"Name":"a","Value":"b"},"List":[{"Name":"a","Value":"b"}]}`, `{"setting":{"name":"a","value":"b"},"list":[{"name":"a","value":"b"}]}`,
		},
		{
			"spans of time that became objects", `{"properties":{"a":{"type":"string"},"b":{"type":"string"},"c":{"type":"string"}}}`,
			`{"A":{"Ticks":216000000000,"Days":0,"TotalHours":6},"B":"06:00:00","C":{"Ticks":-1296000000001,"TotalDays":-1.5}}`,
			`{"a":"06:00:00","b":"06:00:00","c":"-1.12:00:00.0000001"}`,
		},
		{
			"times of Microsoft's services", `{"properties":{"list":{"type":"array","items":{"type":"string","format":"date-time"}}}}`,
			`{"List":["2020-11-03 10:13:34.8476880","2026-10-31T09:47:58.854","2026-10-31T09:47:58+02:00","2026-10-31 09:47:58Z","2026-10-31","2026-10-31 09:47:58 UTC","2026-10-31T09:47Z","Sat, 31 Oct 2026 09:47:58 GMT","10/11/2026 09:47:58","soon"]}`,
			`{"list":["2020-11-03T10:13:34.847688Z","2026-10-31T09:47:58.854Z","2026-10-31T07:47:58Z","2026-10-31T09:47:58Z","2026-10-31T00:00:00Z","2026-10-31T09:47:58Z","2026-10-31T09:47:00Z","2026-10-31T09:47:58Z","10/11/2026 09:47:58","soon"]}`,
		},
		{
			"annotations of Exchange's REST interface go", `{}`,
			`{"Priority@data.type":"System.Int32","@adminapi.warnings":[],"Priority":1}`, `{"priority":1}`,
		},
		{
			"of two spellings the camel case one wins", `{}`,
			`{"id":"small","Id":"big"}`, `{"id":"small"}`,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			shape, _ := decode(t, test.shape).(map[string]any)
			// Records are objects, so their schemas say so.
			shape["type"] = "object"
			// As text, for a number may be one of several types.
			var value map[string]any
			numbered(t, test.value, &value)
			text := must.Get(json.Marshal(psobject.Convert(value, shape)))(t)
			expect.Equalf(t, decode(t, test.want), decode(t, string(text)), "Convert")
		})
	}
}

func TestConvertLeavesItsInput(t *testing.T) {
	const text = `{"Names":"a","Part":[{"When":"/Date(0)/"}]}`
	value := decode(t, text)
	psobject.Convert(value, map[string]any{"properties": map[string]any{"names": map[string]any{"type": "array"}}})
	expect.Equalf(t, decode(t, text), value, "Convert changed its input")
}

func FuzzConvert(f *testing.F) {
	const shape = `{"type":"object","properties":{"a":{"type":"array","items":{"type":"string"}},"b":{"type":["object","null"]}}}`
	f.Add(`{"A":"x","B":[{"C":"/Date(1)/"}]}`)
	f.Add(`{"A":{"value":[null],"Count":1},"B":"@{"}`)
	f.Fuzz(func(t *testing.T, text string) {
		var value any
		if json.Unmarshal([]byte(text), &value) != nil {
			t.Skip()
		}
		of, _ := decode(t, shape).(map[string]any)
		once := psobject.Convert(value, of)
		if record, ok := once.(map[string]any); ok {
			if list, there := record["a"]; there {
				if _, ok := list.([]any); !ok {
					t.Errorf("a is %T, want a list", list)
				}
			}
		}
		if diff := cmp.Diff(once, psobject.Convert(value, of)); diff != "" {
			t.Errorf("Convert is not deterministic:\n%s", diff)
		}
	})
}

func decode(t *testing.T, text string) any {
	t.Helper()
	var value any
	if err := json.NewDecoder(strings.NewReader(text)).Decode(&value); err != nil {
		t.Fatalf("decoding %s: %v", text, err)
	}
	return value
}
