package evidence_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

func TestBundleManifest(t *testing.T) {
	folder(t, map[string]string{
		"a.json": "{}",
		"manifest.json": "\ufeff" + `{
			"datasets": [
				{"name": "teams.settings", "status": "failed", "reason": "denied", "records": 0},
				{"name": "entra.users", "status": "collected", "path": "./a.json", "records": 1, "collected_at": "2026-02-01T01:02:03+02:00"}
			],
			"collected_at": "2026-01-01T00:00:00Z",
			"collected_at": "2026-03-01T00:00:00Z",
			"tenant": {"id": "2", "name": "Fabrikam"},
			"tenant": {"id": "1"}, "collector": {"name": "c", "version": "2"}, "schema_version": "1"
		}`,
	})
	b := must.Get(evidence.Open(t.Context(), "contoso", evidence.DefaultLimits()))(t)
	defer closeBundle(t, b)
	march := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	users := evidence.Dataset{Name: "entra.users", Status: evidence.Collected, Path: "a.json", Records: 1, CollectedAt: time.Date(2026, 1, 31, 23, 2, 3, 0, time.UTC)}
	want := evidence.Manifest{
		SchemaVersion: "1",
		Tenant:        evidence.Tenant{ID: "1"},
		Collector:     evidence.Collector{Name: "c", Version: "2"},
		CollectedAt:   march,
		Datasets:      []evidence.Dataset{users, {Name: "teams.settings", Status: evidence.Failed, Reason: "denied", CollectedAt: march}},
	}
	got := b.Manifest()
	expect.Equal(t, want, got)
	got.Datasets[0].Name = "changed"
	d, ok := b.Dataset("entra.users")
	if diff := cmp.Diff(users, d); diff != "" || !ok {
		t.Error(diff)
	}
	if _, ok := b.Dataset("entra.groups"); ok {
		t.Error("found what is not there")
	}
}

func TestVerify(t *testing.T) {
	good := single("{}", 1)
	changed := single("{}", 1)
	changed["users"] = "{} "
	noDigest := single("{}", 1)
	noDigest["manifest.json"] = manifest(
		map[string]any{"name": "entra.users", "status": "collected", "path": "users", "records": 1},
		map[string]any{"name": "entra.groups", "status": "collected", "path": "groups", "records": 1, "sha256": strings.Repeat("0", 64)},
		map[string]any{"name": "entra.domains", "status": "failed", "reason": "denied"},
	)
	noDigest["groups"] = ""
	tests := []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"good", good, ""},
		{"compressed", single(gz("{}"), 1), ""},
		{"changed", changed, "contoso/users: has the sha256 3d8e6a3f3561a8683abc16c3851110c4e607124c4c5a919cb7e78764882f37ad where the manifest says 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a. The file was changed after it was collected."},
		{"no digest, and a wrong one", noDigest, lines(
			"contoso/groups: has the sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 where the manifest says 0000000000000000000000000000000000000000000000000000000000000000. The file was changed after it was collected.",
			`contoso/manifest.json: dataset "entra.users" has no sha256. Without it nobody can tell whether the file was changed.`,
		)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			folder(t, tt.files)
			b := must.Get(evidence.Open(t.Context(), "contoso", evidence.Limits{}))(t)
			defer closeBundle(t, b)
			expect.Equal(t, tt.want, text(b.Verify(t.Context())))
		})
	}
}

func TestVerifyCanceled(t *testing.T) {
	folder(t, single("{}", 1))
	b := must.Get(evidence.Open(t.Context(), "contoso", evidence.Limits{}))(t)
	defer closeBundle(t, b)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.Verify(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// A file that goes away after the bundle was opened.
func TestVerifyVanished(t *testing.T) {
	folder(t, single("{}", 1))
	b := must.Get(evidence.Open(t.Context(), "contoso", evidence.Limits{}))(t)
	defer closeBundle(t, b)
	must.Do(t, os.Remove("contoso/users"))
	expect.Equal(t, "contoso/users: there is no such file", text(b.Verify(t.Context())))
	if _, err := read1(t, b); text(err) != "contoso/users: there is no such file" {
		t.Error(err)
	}
}

func TestDigest(t *testing.T) {
	digest := func(files map[string]string) string {
		folder(t, files)
		b := must.Get(evidence.Open(t.Context(), "contoso", evidence.Limits{}))(t)
		defer closeBundle(t, b)
		return b.Digest()
	}
	files := single("{}", 1)
	base := digest(files)
	if want := "sha256:da988e31890d2dc578c3239bb69dc32681d419c6bfda40eb22048a9c4bbc4b3e"; base != want {
		t.Errorf("got %s, want %s: digests that were published change", base, want)
	}
	renamed := single("{}", 1)
	renamed["other"] = renamed["users"]
	renamed["manifest.json"] = strings.ReplaceAll(renamed["manifest.json"], `"path": "users"`, `"path": "other"`)
	if digest(renamed) != base {
		t.Error("where a file stands matters")
	}
	if digest(single("{} ", 1)) == base {
		t.Error("what a file holds does not matter")
	}
	tenant := single("{}", 1)
	tenant["manifest.json"] = strings.ReplaceAll(tenant["manifest.json"], "5f1b0d3e", "6f1b0d3e")
	if digest(tenant) == base {
		t.Error("the tenant does not matter")
	}
}
