package schemas

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const manifest = `{
	"schema_version": "1",
	"tenant": {"id": "t1", "name": "Contoso"},
	"collector": {"name": "hand", "version": "1"},
	"collected_at": "2025-01-02T03:04:05Z",
	"datasets": [
		{"name": "entra.users", "status": "collected", "path": "entra/users.ndjson.gz", "sha256": "DIGEST", "records": 60, "collected_at": "2025-01-02T03:04:05Z"},
		{"name": "forms.settings", "status": "failed", "reason": "access denied"}
	]
}`

const assessment = `{
	"schema_version": "1", "tenant": {"id": "t1", "name": "Contoso"}, "evaluated_at": "2025-01-03T00:00:00Z",
	"evidence": {"digest": "sha256:DIGEST", "collected_at": "2025-01-02T03:04:05Z", "warnings": ["old"], "datasets": [
		{"name": "entra.users", "status": "collected", "records": 60, "digest": "sha256:DIGEST", "violations": 2},
		{"name": "forms.settings", "status": "failed", "records": 0, "reason": "access denied"},
		{"name": "teams.meeting_policies", "status": "missing", "records": 0}]},
	"catalog": {"version": "1.0.0", "digest": "sha256:DIGEST", "controls": 2}, "engine": {"version": "0.1.0"},
	"score": {"achieved": 4.33, "total": 10, "assessed_total": 9, "percent": 43.3,
		"categories": [{"category": "identity", "achieved": 4.33, "total": 10}],
		"products": [{"product": "entra_id", "achieved": 4.33, "total": 10}]},
	"actions": [
		{"id": "MFARegistrationV2", "title": "Register", "category": "identity", "product": "entra_id", "kind": "coverage",
			"points": {"achieved": 4.33, "max": 9}, "outcome": "partial", "coverage": {"compliant": 25, "in_scope": 52, "records": 60},
			"reasons": ["no method"], "failing": {"total": 27, "shown": ["u1"]}, "missing": [], "digest": "sha256:DIGEST"},
		{"id": "OneAdmin", "title": "Two", "category": "identity", "product": "entra_id", "kind": "setting",
			"points": {"achieved": 0, "max": 1}, "outcome": "no_evidence", "reasons": [], "missing": ["entra.role_assignments"], "digest": "sha256:DIGEST"}
	]}`

func TestValidateDocuments(t *testing.T) {
	tests := []struct {
		name, document, text string
		old, new             string // what is changed in a good document
		want                 []Violation
	}{
		{name: "a manifest", document: "manifest", text: manifest},
		{
			name: "a manifest without digests", document: "manifest", text: manifest, old: `"sha256": "DIGEST", `, new: ``,
			want: []Violation{{"/datasets/0", "required", `missing field "sha256"`}},
		},
		{
			name: "a manifest with more in it", document: "manifest", text: manifest, old: `"tenant": {`, new: `"note": 1, "tenant": {`,
			want: []Violation{{"", "additionalProperties", `unknown field "note"`}},
		},
		{
			name: "failed and yet with a file", document: "manifest", text: manifest, old: `"reason"`, new: `"path": "f.json", "reason"`,
			want: []Violation{{"/datasets/1/path", "not", "must not be here"}},
		},
		{
			name: "another version", document: "manifest", text: manifest, old: `"1"`, new: `"2"`,
			want: []Violation{{"/schema_version", "const", `want "1", got "2"`}},
		},
		{
			name: "collected without a file", document: "manifest", text: manifest, old: `"path": "entra/users.ndjson.gz", `, new: ``,
			want: []Violation{{"/datasets/0", "required", `missing field "path"`}},
		},
		{
			name: "failed without a reason", document: "manifest", text: manifest, old: `, "reason": "access denied"`, new: ``,
			want: []Violation{{"/datasets/1", "required", `missing field "reason"`}},
		},
		{
			name: "a negative count", document: "manifest", text: manifest, old: `60`, new: `-1`,
			want: []Violation{{"/datasets/0/records", "minimum", `-1 is less than 0`}},
		},
		{
			name: "no time", document: "manifest", text: manifest, old: `"collected_at": "2025-01-02T03:04:05Z"`, new: `"collected_at": ""`,
			want: []Violation{
				{"/collected_at", "format", `"" is not a date-time`},
				{"/datasets/0/collected_at", "format", `"" is not a date-time`},
			},
		},
		{name: "an assessment", document: "assessment", text: assessment},
		{
			name: "a field nobody knows", document: "assessment", text: assessment, old: `"engine": {`, new: `"engine": {"x": 1, `,
			want: []Violation{{"/engine", "additionalProperties", `unknown field "x"`}},
		},
		{
			name: "failing records of a setting", document: "assessment", text: assessment, old: `"coverage",`, new: `"setting",`,
			want: []Violation{{"/actions/0/kind", "const", `want "coverage", got "setting"`}},
		},
		{
			name: "another outcome", document: "assessment", text: assessment, old: `"no_evidence"`, new: `"fail"`,
			want: []Violation{{"/actions/1/outcome", "enum", `"fail" is not one of "complete", "partial", "not_met", "not_applicable", "no_evidence", "error"`}},
		},
		{
			name: "no list of what is missing", document: "assessment", text: assessment, old: `"missing": [],`, new: `"missing": null,`,
			want: []Violation{{"/actions/0/missing", "type", "want array, got null"}},
		},
		{
			name: "nothing is named so", document: "../schemas/manifest", text: manifest,
			want: []Violation{{"", "$schema", `no schema is named "../schemas/manifest"`}},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := strings.ReplaceAll(test.text, "DIGEST", strings.Repeat("0a", 32))
			old := strings.ReplaceAll(test.old, "DIGEST", strings.Repeat("0a", 32))
			if !strings.Contains(text, old) {
				t.Fatalf("%q is not in the document", old)
			}
			if old != "" {
				text = strings.ReplaceAll(text, old, test.new)
			}
			if diff := cmp.Diff(test.want, Validate(test.document, decode(t, text))); diff != "" {
				t.Errorf("violations (-want +got):\n%s", diff)
			}
		})
	}
}

func TestText(t *testing.T) {
	for _, name := range []string{"manifest", "assessment"} {
		raw, err := Text(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := compile("urn:posture:"+name, raw); err != nil {
			t.Errorf("%s is not a valid schema of draft 2020-12: %v", name, err)
		}
	}
	for _, name := range []string{"", "x", "evidence", "evidence/entra/users", `..\x`, "manifest.json"} {
		if _, err := Text(name); err == nil {
			t.Errorf("Text(%q) found something", name)
		}
	}
}
