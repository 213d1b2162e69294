package schemas

import (
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
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
	"evidence": {"digest": "sha256:DIGEST", "collected_at": "2025-01-02T03:04:05Z", "licenses": true, "warnings": ["old"], "datasets": [
		{"name": "entra.users", "status": "collected", "records": 60, "digest": "sha256:DIGEST", "violations": 2},
		{"name": "forms.settings", "status": "failed", "records": 0, "reason": "access denied"},
		{"name": "teams.meeting_policies", "status": "missing", "records": 0}]},
	"catalog": {"version": "1.0.0", "digest": "sha256:DIGEST", "controls": 2}, "engine": {"version": "0.1.0"},
	"score": {"achieved": 4.33, "total": 10, "assessed_total": 9, "percent": 43.3, VIEWS,
		"categories": [{"category": "identity", "achieved": 4.33, "total": 10, VIEWS}],
		"products": [{"product": "entra_id", "achieved": 4.33, "total": 10, VIEWS}]},
	"findings": ["a decision is unused"],
	"actions": [
		{"id": "MFARegistrationV2", "title": "Register", "category": "identity", "product": "entra_id", "kind": "coverage",
			"points": {"achieved": 4.33, "max": 9, "by_evidence": 4.33}, "outcome": "partial", "coverage": {"compliant": 25, "in_scope": 52, "records": 60},
			"reasons": ["no method"], "failing": {"total": 27, "shown": ["u1"]}, "missing": [], "digest": "sha256:DIGEST",
			"status": "planned", "decision": {"status": "planned", "owner": "ada", "due": "2025-02-01T00:00:00Z", "tags": ["q1"],
				"notes": [{"time": "2025-01-01T00:00:00Z", "author": "ada", "text": "begun"}],
				"exclude": [{"key": "u9", "reason": "break glass", "expires": "2025-06-01T00:00:00Z"}]},
			"findings": ["the status planned expires in 3 days"], "excluded": {"total": 1, "shown": [{"key": "u9", "reason": "break glass"}]},
			"prerequisites": [{"service_plans": ["AAD_PREMIUM"], "met": true}, {"control": "OneAdmin", "met": false}],
			"rank": 1, "impact": 46.7, "tier": "core", "difficulty": "low", "user_impact": "moderate", "complexity": "unknown",
			"threats": ["account_breach"], "frameworks": {"scuba": ["MS.AAD.3.2v1"]}},
		{"id": "OneAdmin", "title": "Two", "category": "identity", "product": "entra_id", "kind": "setting",
			"points": {"achieved": 0, "max": 1, "by_evidence": 0}, "outcome": "no_evidence", "reasons": [], "missing": ["entra.role_assignments"],
			"digest": "sha256:DIGEST", "status": "to_address", "findings": [], "prerequisites": [], "rank": 2, "impact": 10,
			"tier": "core", "difficulty": "low", "user_impact": "low", "complexity": "low", "threats": [], "frameworks": {}}
	]}`

// views is what an assessment says of the score as it would be.
const views = `"planned": {"points": 9, "percent": 90}, "current_license": {"points": 10, "percent": 100}, "achievable": {"points": 9, "percent": 90}`

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
			name: "evidence without a date", document: "assessment", text: assessment,
			old: `"collected_at": "2025-01-02T03:04:05Z"`, new: `"collected_at": null`,
		},
		{
			name: "a status of its own", document: "assessment", text: assessment, old: `"status": "planned"`, new: `"status": "ignored"`,
			want: []Violation{
				{"/actions/0/decision/status", "enum", `"ignored" is not one of "", "to_address", "planned", "risk_accepted", "third_party", "alternate_mitigation"`},
				{"/actions/0/status", "enum", `"ignored" is not one of "to_address", "planned", "risk_accepted", "third_party", "alternate_mitigation", "completed"`},
			},
		},
		{
			name: "completed by hand", document: "assessment", text: assessment, old: `"decision": {"status": "planned"`, new: `"decision": {"status": "completed"`,
			want: []Violation{{"/actions/0/decision/status", "enum", `"completed" is not one of "", "to_address", "planned", "risk_accepted", "third_party", "alternate_mitigation"`}},
		},
		{
			name: "a day that is not a time", document: "assessment", text: assessment, old: `"2025-02-01T00:00:00Z"`, new: `"2025-02-01"`,
			want: []Violation{{"/actions/0/decision/due", "format", `"2025-02-01" is not a date-time`}},
		},
		{
			name: "an exclusion without a reason", document: "assessment", text: assessment, old: `{"key": "u9", "reason": "break glass"}`, new: `{"key": "u9"}`,
			want: []Violation{{"/actions/0/excluded/shown/0", "required", `missing field "reason"`}},
		},
		{
			name: "excluded records of a setting", document: "assessment", text: assessment, old: `"status": "to_address"`, new: `"excluded": {"total": 1, "shown": []}, "status": "to_address"`,
			want: []Violation{{"/actions/1/kind", "const", `want "coverage", got "setting"`}},
		},
		{
			name: "a prerequisite of nothing", document: "assessment", text: assessment, old: `"control": "OneAdmin", "met"`, new: `"met"`,
			want: []Violation{{"/actions/0/prerequisites/1", "required", `missing field "control"`}, {"/actions/0/prerequisites/1", "required", `missing field "service_plans"`}},
		},
		{
			name: "no views", document: "assessment", text: assessment, old: ", " + views, new: ``,
			want: []Violation{
				{"/score", "required", `missing fields "planned", "current_license", "achievable"`},
				{"/score/categories/0", "required", `missing fields "planned", "current_license", "achievable"`},
				{"/score/products/0", "required", `missing fields "planned", "current_license", "achievable"`},
			},
		},
		{
			name: "the first place is 1", document: "assessment", text: assessment, old: `"rank": 1`, new: `"rank": 0`,
			want: []Violation{{"/actions/0/rank", "minimum", `0 is less than 1`}},
		},
		{
			name: "nothing is named so", document: "../schemas/manifest", text: manifest,
			want: []Violation{{"", "$schema", `no schema is named "../schemas/manifest"`}},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := strings.NewReplacer("DIGEST", strings.Repeat("0a", 32), "VIEWS", views).Replace(test.text)
			old := strings.ReplaceAll(test.old, "DIGEST", strings.Repeat("0a", 32))
			if !strings.Contains(text, old) {
				t.Fatalf("%q is not in the document", old)
			}
			if old != "" {
				text = strings.ReplaceAll(text, old, test.new)
			}
			expect.Equalf(t, test.want, Validate(test.document, decode(t, text)), "violations")
		})
	}
}

func TestText(t *testing.T) {
	for _, name := range []string{"manifest", "assessment"} {
		raw := must.Get(Text(name))(t)
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
