package reference

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/schemas"
)

func TestText(t *testing.T) {
	for words, want := range map[string]string{
		"Plain words, as ever.":       "Plain words, as ever.",
		" two\n  lines\r\n":           "two lines",
		"a `b` *c* [d](e) <f> ~g~ $h": "a \\`b\\` \\*c\\* \\[d\\](e) \\<f\\> \\~g\\~ \\$h",
		`C:\Windows`:                  `C:\\Windows`,
		"risk_levels and _this_":      `risk_levels and \_this\_`,
		"LM & NTLM, &amp; &#124;":     `LM & NTLM, \&amp; \&#124;`,
		"# heading":                   `\# heading`,
		"- item":                      `\- item`,
		"1. first":                    `1\. first`,
		"15 minutes. 16) no":          "15 minutes. 16) no",
		"":                            "",
	} {
		expect.Equalf(t, want, text(words), "%q", words)
	}
}

func TestCode(t *testing.T) {
	for words, want := range map[string]string{
		"":         "",
		"a.b":      "`a.b`",
		"a\nb":     "`a b`",
		"a`b":      "``a`b``",
		"`a``":     "``` `a`` ```",
		"a | <b>":  "`a | <b>`",
		"*a*_b_&c": "`*a*_b_&c`",
	} {
		expect.Equalf(t, want, code(words), "%q", words)
	}
	if got, want := value([]any{"a<b", json.Number("1.50"), nil, true}), "`[\"a<b\",1.50,null,true]`"; got != want {
		t.Errorf("value: got %s, want %s", got, want)
	}
}

func TestRow(t *testing.T) {
	if got, want := row(text(`a|b\|c`), code("d|e"), ""), "| a\\|b\\\\\\|c | `d\\|e` |  |\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAnchor(t *testing.T) {
	for heading, want := range map[string]string{
		"`AdminMFAV2`":             "adminmfav2",
		"`entra.users`":            "entrausers",
		"`entra/risk_policies`":    "entrarisk_policies",
		"How to read a page":       "how-to-read-a-page",
		"Exchange: what, and why?": "exchange-what-and-why",
	} {
		expect.Equalf(t, want, anchor(heading), "%q", heading)
	}
}

func TestFields(t *testing.T) {
	dataset := must.Get(schemas.Parse("a.b", []byte(`{
		"title": "B",
		"x-posture": {"kind": "document"},
		"type": "object",
		"required": ["id"],
		"properties": {
			"at": {"type": ["string", "null"], "format": "date-time", "description": "When."},
			"anything": {},
			"id": {"type": "string"},
			"levels": {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}},
			"lists": {"type": ["array", "null"], "items": {"type": "array", "items": {"type": "number"}}},
			"open": {"type": "object"},
			"rows": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": ["integer", "string"]}}}},
			"state": {"type": ["string", "null"], "enum": ["on", "off", null]},
			"states": {"type": "array", "items": {"type": ["boolean", "null"]}},
			"version": {"enum": [1, 2]}
		}
	}`)))(t)
	want := [][3]string{
		{"id", "string", ""},
		{"anything", "any", ""},
		{"at", "date-time or null", "When."},
		{"levels", "list of `a`, `b`", ""},
		{"lists", "list of lists of numbers or null", ""},
		{"open", "object", ""},
		{"rows", "list of objects", ""},
		{"rows[].n", "integer or string", ""},
		{"state", "one of `on`, `off` or null", ""},
		{"states", "list of boolean or null", ""},
		{"version", "one of `1`, `2`", ""},
	}
	var got [][3]string
	for _, field := range Fields(dataset) {
		got = append(got, [3]string{field.Path, field.Type(literal), field.Description})
	}
	expect.Equal(t, want, got)
}

func TestCompare(t *testing.T) {
	shared, columns, notes := compare([][]fact{
		{
			{name: "license", value: "A", column: "license"},
			{name: "parameter `p`", value: "`1`", note: "How many.", column: "parameters", cell: "`p` = `1`"},
			{name: "parameter `q`", value: "`2`", column: "parameters", cell: "`q` = `2`"},
			{name: "source", value: "here"},
		},
		{
			{name: "license", value: "A", column: "license"},
			{name: "parameter `p`", value: "`3`", note: "How many.", column: "parameters", cell: "`p` = `3`"},
			{name: "parameter `q`", value: "`[]`", column: "parameters"},
			{name: "confidence", value: "low", column: "confidence"},
			{name: "source", value: "there"},
		},
		{
			{name: "license", value: "A", column: "license"},
			{name: "parameter `p`", value: "`1`", note: "How many.", column: "parameters", cell: "`p` = `1`"},
			{name: "parameter `q`", value: "`[]`", column: "parameters"},
			{name: "source", value: "here"},
		},
	})
	got := ""
	for _, f := range shared {
		got += f.item()
	}
	expect.Equal(t, "- **license**: A\n- **parameter `p`**: How many.\n", got)
	want := []column{
		{"parameters", []string{"`p` = `1`<br>`q` = `2`", "`p` = `3`", "`p` = `1`"}},
		{"confidence", []string{"", "low", ""}},
	}
	if diff := cmp.Diff(want, columns, cmp.AllowUnexported(column{})); diff != "" {
		t.Error(diff)
	}
	below := annotated([]*catalog.Control{{ID: "a"}, {ID: "b"}, {ID: "c"}}, notes)
	expect.Equal(t, "\n- **source** of `a`, `c`: here\n- **source** of `b`: there\n", below)
}
