package evidence_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

func TestManifestErrors(t *testing.T) {
	digest := strings.Repeat("0", 64)
	users := func(change map[string]any) map[string]any {
		d := map[string]any{"name": "entra.users", "status": "collected", "path": "users", "sha256": digest, "records": 1}
		for k, v := range change {
			if d[k] = v; v == nil {
				delete(d, k)
			}
		}
		return d
	}
	plain := manifest(users(nil))

	tests := []struct{ name, manifest, want string }{
		{"empty file", ``, `contoso/manifest.json:1:1: the JSON ends before it is complete (byte 0). The file was cut off: collect it again.`},
		{"truncated", plain[:40], `contoso/manifest.json:2:39: the JSON ends before it is complete (byte 40). The file was cut off: collect it again.`},
		{"not an object", `[]`, `contoso/manifest.json:1:1: a manifest is an object (byte 0)`},
		{"not JSON", `schema_version: 1`, `contoso/manifest.json:1:1: the JSON is not well-formed: invalid character 's' at start of value (byte 0)`},
		{"trailing data", plain + "\n{}", `contoso/manifest.json:17:1: the JSON is not well-formed: invalid character '{' after top-level value (byte 327)`},
		{"UTF-16", "\xff\xfe{\x00}\x00", `contoso/manifest.json: the text is UTF-16. Save it as UTF-8; in PowerShell: Out-File -Encoding utf8.`},
		{"too large", plain + strings.Repeat(" ", 1<<20), `contoso/manifest.json: is larger than 1 MiB`},
		{"no version", `{"tenant": {"id": "x"}}`, `contoso/manifest.json: schema_version is missing. This version of posture reads schema_version "1".`},
		{
			"unknown version", `{"schema_version": "2", "news": 1}`,
			`contoso/manifest.json: schema_version "2" is unknown. This version of posture reads schema_version "1"; a newer one may read this bundle.`,
		},
		{"version of another type", `{"schema_version": 1}`, `contoso/manifest.json:1:20: field "schema_version" cannot be a number (byte 19)`},
		{
			"unknown field", strings.Replace(plain, `"tenant"`, `"tenants"`, 1),
			`contoso/manifest.json:13:3: field "tenants" is unknown (byte 288). Check its spelling, or remove it.`,
		},
		{"bad time", strings.Replace(plain, "2026-03-01", "yesterday", 1), `contoso/manifest.json:2:19: field "collected_at" is not a time (byte 20). Write it in RFC 3339, like 2026-03-01T06:00:00Z.`},
		{"a time beyond the calendar", strings.Replace(plain, "2026-03-01T06:00:00Z", "9999-12-31T23:59:59-23:00", 1), `contoso/manifest.json: collected_at is out of range. In UTC it has to be in a year from 1 to 9999.`},
		{"no time", strings.Replace(plain, `"collected_at": "2026-03-01T06:00:00Z",`, "", 1), `contoso/manifest.json: collected_at is missing. Give the time when the collection ended, in RFC 3339.`},
		{"nameless collector", strings.Replace(plain, `"tenant"`, `"collector": {"version": "1"}, "tenant"`, 1), `contoso/manifest.json: collector.name is missing`},
		{
			"several mistakes", strings.Replace(manifest(users(map[string]any{"records": nil}), users(map[string]any{"name": "Groups"})), `"collected_at"`, `"colected_at"`, 1),
			`contoso/manifest.json:2:3: field "colected_at" is unknown (byte 4). Check its spelling, or remove it.` + "\n" +
				`contoso/manifest.json: collected_at is missing. Give the time when the collection ended, in RFC 3339.` + "\n" +
				`contoso/manifest.json:4:5: dataset "entra.users" has no count of records (byte 63)` + "\n" +
				`contoso/manifest.json:10:5: dataset name "Groups" is not valid (byte 240). Names are like "entra.users": lower-case letters, digits and underscores around one dot.`,
		},
		{
			"empty bundle", manifest(),
			`contoso/manifest.json: the bundle is empty: no dataset is listed. A dataset that could not be collected is listed with status "failed" and a reason.`,
		},
		{"twice the same dataset", manifest(users(nil), users(map[string]any{"path": "other"})), `contoso/manifest.json:11:5: dataset "entra.users" is listed twice (byte 261). Each dataset has one file; merge the two.`},
		{"twice the same file", manifest(users(nil), users(map[string]any{"name": "entra.groups", "path": "./users"})), `contoso/manifest.json:11:5: datasets "entra.users" and "entra.groups" share the file "users" (byte 261). Each dataset has a file of its own.`},
	}
	for _, c := range must.Cases(t, "testdata/manifest.txt") {
		var change map[string]any
		must.Do(t, json.Unmarshal([]byte(c[1]), &change))
		tests = append(tests, struct{ name, manifest, want string }{c[0], manifest(users(change)), c[2]})
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			folder(t, map[string]string{"manifest.json": tt.manifest, "users": "{}", "folder/file": ""})
			_, err := evidence.Open(t.Context(), "contoso", evidence.Limits{})
			expect.Equal(t, tt.want, text(err))
		})
	}
}
