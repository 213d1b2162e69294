package script_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/posture-score/posture/internal/collect"
	"github.com/posture-score/posture/internal/collect/script"
	"github.com/posture-score/posture/internal/importer"
	importers "github.com/posture-score/posture/internal/importer/builtin"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/schemas"
)

// TestRun runs the shell script with testdata/curl.sh, which answers as Graph would, and reads the folder as posture does.
func TestRun(t *testing.T) {
	saved, out, seen := run(t, "sesame")
	if strings.Contains(out, "sesame") {
		t.Error("the output shows the token")
	}
	if !strings.Contains(seen, "Bearer sesame\"") || !strings.Contains(seen, "Bearer mellon\"") || strings.Contains(seen, "elsewhere") {
		t.Errorf("curl was given:\n%s", seen)
	}
	want := []string{
		"entra.domains failed: Graph answered with an error: the next page is elsewhere: https://elsewhere.example/domains",
		"entra.group_member_lists collected", "entra.group_members collected", "entra.groups collected", "entra.organization collected",
		"entra.role_assignments collected",
		"entra.security_defaults failed: Graph answered with an error: the request failed",
		"entra.users collected",
		"forms.settings failed: Graph answered with an error: the answer is not JSON (HTTP 503)",
		"purview.activity_subscriptions collected",
	}
	bundle, skipped, err := importer.Options{Importers: importers.Importers(), CollectedAt: time.Unix(0, 0).UTC()}.Import(t.Context(), saved, filepath.Join(t.TempDir(), "bundle"))
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	defer func() { _ = bundle.Close() }()
	var got []string
	for _, d := range bundle.Manifest().Datasets {
		line := d.Name + " " + d.Status
		if d.Reason != "" {
			line += ": " + d.Reason
		}
		got = append(got, line)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s\n%s", diff, out)
	}
	if len(skipped) > 0 {
		t.Errorf("skipped: %v", skipped)
	}
}

func TestRunWithoutToken(t *testing.T) {
	_, out, seen := run(t, "")
	if !strings.Contains(out, "there is no token") || seen != "" {
		t.Errorf("curl was given %q, and the output is:\n%s", seen, out)
	}
}

// run runs the shell script of a small plan; it returns the folder, the output, and the arguments
// of the stand-in for curl.
func run(t *testing.T, token string) (folder, out, seen string) {
	t.Helper()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not here")
	}
	if _, err := exec.LookPath("jq"); err != nil {
		t.Skip("jq is not here")
	}
	plan := &collect.Plan{}
	for _, d := range small(t).Datasets {
		if d.Service == collect.Graph || d.Service == collect.Management {
			plan.Datasets = append(plan.Datasets, d)
		}
	}
	plan.Datasets = append(plan.Datasets, graphDataset("entra.domains", schemas.List, "/v1.0/domains"),
		graphDataset("entra.security_defaults", schemas.Document, "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy"))
	dir := t.TempDir()
	must.Do(t, os.WriteFile(filepath.Join(dir, "curl"), must.Get(os.ReadFile(filepath.Join("testdata", "curl.sh")))(t), 0o700))
	folder = filepath.Join(dir, "responses")
	cmd := exec.CommandContext(t.Context(), bash, "-s", "--", folder)
	cmd.Stdin = strings.NewReader(render(t, script.Curl, plan))
	log := filepath.Join(dir, "seen")
	cmd.Env = append(os.Environ(), "PATH="+dir+string(os.PathListSeparator)+os.Getenv("PATH"), "GRAPH_TOKEN="+token, "MANAGEMENT_TOKEN="+strings.ReplaceAll(token, "sesame", "mellon"), "SEEN="+log)
	text, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	given, err := os.ReadFile(log)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return folder, string(text), string(given)
}
