package evidence_test

import (
	"strings"
	"testing"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/expect"
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
	one := func(change map[string]any) string { return manifest(users(change)) }
	plain := one(nil)

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
		{"unknown field of a dataset", one(map[string]any{"digest": "x"}), `contoso/manifest.json:5:7: field "datasets.0.digest" is unknown (byte 72). Check its spelling, or remove it.`},
		{"wrong type", one(map[string]any{"records": "12"}), `contoso/manifest.json:7:18: field "datasets.0.records" cannot be a string (byte 135)`},
		{"fraction", one(map[string]any{"records": 1.5}), `contoso/manifest.json:7:18: field "datasets.0.records" cannot be 1.5 (byte 135)`},
		{"bad time", strings.Replace(plain, "2026-03-01", "yesterday", 1), `contoso/manifest.json:2:19: field "collected_at" is not a time (byte 20). Write it in RFC 3339, like 2026-03-01T06:00:00Z.`},
		{"a time beyond the calendar", strings.Replace(plain, "2026-03-01T06:00:00Z", "9999-12-31T23:59:59-23:00", 1), `contoso/manifest.json: collected_at is out of range. In UTC it has to be in a year from 1 to 9999.`},
		{"no time", strings.Replace(plain, `"collected_at": "2026-03-01T06:00:00Z",`, "", 1), `contoso/manifest.json: collected_at is missing. Give the time when the collection ended, in RFC 3339.`},
		{"nameless collector", strings.Replace(plain, `"tenant"`, `"collector": {"version": "1"}, "tenant"`, 1), `contoso/manifest.json: collector.name is missing`},
		{
			"empty bundle", manifest(),
			`contoso/manifest.json: the bundle is empty: no dataset is listed. A dataset that could not be collected is listed with status "failed" and a reason.`,
		},
		{"bad name", one(map[string]any{"name": "Users"}), `contoso/manifest.json:4:5: dataset name "Users" is not valid (byte 64). Names are like "entra.users": lower-case letters, digits and underscores around one dot.`},
		{"twice the same dataset", manifest(users(nil), users(map[string]any{"path": "other"})), `contoso/manifest.json:11:5: dataset "entra.users" is listed twice (byte 261). Each dataset has one file; merge the two.`},
		{"twice the same file", manifest(users(nil), users(map[string]any{"name": "entra.groups", "path": "./users"})), `contoso/manifest.json:11:5: datasets "entra.users" and "entra.groups" share the file "users" (byte 261). Each dataset has a file of its own.`},
		{"no status", one(map[string]any{"status": nil}), `contoso/manifest.json:4:5: dataset "entra.users" has no status (byte 64)`},
		{"unknown status", one(map[string]any{"status": "skipped"}), `contoso/manifest.json:4:5: dataset "entra.users" has the unknown status "skipped" (byte 64)`},
		{"failed without reason", one(map[string]any{"status": "failed", "path": nil, "sha256": nil, "records": nil}), `contoso/manifest.json:4:5: dataset "entra.users" failed without a reason (byte 64)`},
		{"failed with file", one(map[string]any{"status": "failed", "reason": "denied"}), `contoso/manifest.json:4:5: dataset "entra.users" failed and yet has a file (byte 64)`},
		{"collected with reason", one(map[string]any{"reason": "denied"}), `contoso/manifest.json:4:5: dataset "entra.users" was collected and yet has a reason (byte 64)`},
		{"no path", one(map[string]any{"path": nil}), `contoso/manifest.json:4:5: dataset "entra.users" has no path (byte 64)`},
		{"no count", one(map[string]any{"records": nil}), `contoso/manifest.json:4:5: dataset "entra.users" has no count of records (byte 64)`},
		{"negative count", one(map[string]any{"records": -1}), `contoso/manifest.json:4:5: dataset "entra.users" has a negative count of records: -1 (byte 64)`},
		{"short digest", one(map[string]any{"sha256": "00"}), `contoso/manifest.json:4:5: dataset "entra.users" has a sha256 that is not 64 lower-case hexadecimal digits (byte 64)`},
		{"upper-case digest", one(map[string]any{"sha256": strings.Repeat("A", 64)}), `contoso/manifest.json:4:5: dataset "entra.users" has a sha256 that is not 64 lower-case hexadecimal digits (byte 64)`},
		{"path upwards", one(map[string]any{"path": "../users"}), `contoso/manifest.json:4:5: dataset "entra.users" has the path "../users", which leads out of the bundle (byte 64)`},
		{"path upwards within", one(map[string]any{"path": "a/../../users"}), `contoso/manifest.json:4:5: dataset "entra.users" has the path "a/../../users", which leads out of the bundle (byte 64)`},
		{"absolute path", one(map[string]any{"path": "/etc/passwd"}), `contoso/manifest.json:4:5: dataset "entra.users" has the path "/etc/passwd", which is absolute (byte 64)`},
		{"drive", one(map[string]any{"path": "C:/users"}), `contoso/manifest.json:4:5: dataset "entra.users" has the path "C:/users", which names a drive (byte 64)`},
		{"backslash", one(map[string]any{"path": `a\users`}), `contoso/manifest.json:4:5: dataset "entra.users" has the path "a\\users", which has a backslash; paths are written with slashes (byte 64)`},
		{"control character", one(map[string]any{"path": "a\x00b"}), `contoso/manifest.json:4:5: dataset "entra.users" has the path "a\x00b", which has characters that no file name should have (byte 64)`},
		{"long path", one(map[string]any{"path": strings.Repeat("a", 2000)}), `contoso/manifest.json:4:5: dataset "entra.users" has the path "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"…, which is too long (byte 64)`},
		{"path of the manifest", one(map[string]any{"path": "./manifest.json"}), `contoso/manifest.json:4:5: dataset "entra.users" has the path "manifest.json", which is no file of evidence (byte 64)`},
		{"absent file", one(map[string]any{"path": "nothing"}), `contoso/nothing: there is no such file`},
		{"folder for a file", one(map[string]any{"path": "folder"}), `contoso/folder: is not a regular file`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			folder(t, map[string]string{"manifest.json": tt.manifest, "users": "{}", "folder/file": ""})
			_, err := evidence.Open(t.Context(), "contoso", evidence.Limits{})
			expect.Equal(t, tt.want, text(err))
		})
	}
}
