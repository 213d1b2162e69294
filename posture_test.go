package posture_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture"
	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// write writes files below a new folder and returns its path.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		must.Do(t, os.MkdirAll(filepath.Dir(path), 0o755))
		must.Do(t, os.WriteFile(path, []byte(text), 0o600))
	}
	return dir
}

const guests = `control "ContosoGuests" {
  title       = "Guests are kept from inviting guests"
  category    = "identity"
  product     = "entra_id"
  points      = 4
  tier        = "core"
  difficulty  = "low"
  user_impact = "low"
  complexity  = "low"
  threats     = ["data_exfiltration"]
  setting {}
  context = ["entra.authorization_policy"]
  parameter "allowed" {
    type    = string
    default = "none"
  }
  source = "Contoso's own rule"
}
`

const guestsRule = `package policies.contoso.guests

default compliant := false

compliant if data.evidence.entra.authorization_policy.allowInvitesFrom == data.parameters.allowed
`

func TestOptions(t *testing.T) {
	t.Parallel()
	ours := write(t, map[string]string{"contoso/guests.hcl": guests, "contoso/guests.rego": guestsRule})
	parameters := filepath.Join(write(t, map[string]string{"p.hcl": "control \"ContosoGuests\" {\n  allowed = \"everyone\"\n}\n"}), "p.hcl")
	now := time.Date(2026, 10, 2, 0, 0, 0, 0, time.UTC)
	assessment := must.Get(posture.Assess(t.Context(), "testdata/contoso", posture.WithoutBuiltin(), posture.WithCatalog(ours),
		posture.WithParameters(parameters), posture.WithTime(now), posture.WithValidation(engine.ValidateFull),
		posture.WithDecisions(map[string]engine.Decision{"ContosoGuests": {Status: engine.Planned}})))(t)
	if len(assessment.Actions) != 1 || assessment.Actions[0].ID != "ContosoGuests" || assessment.Actions[0].Status != engine.Planned {
		t.Errorf("the actions are %+v", assessment.Actions)
	}
	if !assessment.EvaluatedAt.Equal(now) {
		t.Errorf("assessed as of %s, want %s", assessment.EvaluatedAt, now)
	}
}

// TestForeignExport holds that exports of other tools are imported.
func TestForeignExport(t *testing.T) {
	t.Parallel()
	dir := write(t, map[string]string{"authorizationPolicy.json": `{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#policies/authorizationPolicy/$entity",
		"id": "authorizationPolicy", "allowInvitesFrom": "none"}`, "notes.json": "nothing"})
	var skipped []string
	assessment := must.Get(posture.Assess(t.Context(), dir, posture.WithCollectedAt(time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)),
		posture.WithSkipped(func(file, _ string) { skipped = append(skipped, file) })))(t)
	var collected []string
	for _, dataset := range assessment.Evidence.Datasets {
		if dataset.Status == "collected" {
			collected = append(collected, dataset.Name)
		}
	}
	expect.Equalf(t, []string{"entra.authorization_policy"}, collected, "datasets")
	expect.Equalf(t, []string{"notes.json"}, skipped, "skipped files")
}

func TestErrors(t *testing.T) {
	t.Parallel()
	misspelled := write(t, map[string]string{"contoso/guests.hcl": strings.Replace(guests, "category", "categry", 1), "contoso/guests.rego": guestsRule})
	var problems *catalog.Problems
	if _, err := posture.New(t.Context(), posture.WithCatalog(misspelled)); !errors.As(err, &problems) {
		t.Errorf("a misspelled attribute is %v, want *catalog.Problems", err)
	}
	if _, err := posture.New(t.Context(), posture.WithParameters("none.hcl")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file of parameters is %v", err)
	}
	var wrong *evidence.Error
	text := filepath.Join(write(t, map[string]string{"a.txt": "none"}), "a.txt")
	if _, err := posture.Assess(t.Context(), text); !errors.As(err, &wrong) {
		t.Errorf("a file that is not evidence is %v, want *evidence.Error", err)
	}
	_, err := posture.Assess(t.Context(), "testdata/contoso", posture.WithTenant(evidence.Tenant{ID: "another"}))
	if err == nil || !strings.Contains(err.Error(), "another") {
		t.Errorf("another tenant is %v", err)
	}
}

// TestConcurrentUse holds that one Assessor serves several goroutines.
// TestPaceIsLeftAlone holds that nothing but PaceMemory changes the garbage collector of a program.
func TestPaceIsLeftAlone(t *testing.T) {
	before := debug.SetGCPercent(93)
	defer debug.SetGCPercent(before)
	if _, err := posture.Assess(t.Context(), filepath.Join("testdata", "contoso")); err != nil {
		t.Fatal(err)
	}
	if now := debug.SetGCPercent(93); now != 93 {
		t.Errorf("an assessment set the collector to %d", now)
	}
	t.Setenv("GOGC", "")
	posture.PaceMemory(0)
	if now := debug.SetGCPercent(93); now == 93 {
		t.Error("PaceMemory has no effect")
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	assessor := must.Get(posture.New(t.Context()))(t)
	results := make(chan *engine.Assessment)
	for range 2 {
		go func() {
			assessment, err := assessor.Assess(t.Context(), "testdata/contoso")
			if err != nil {
				t.Error(err)
			}
			results <- assessment
		}()
	}
	if diff := cmp.Diff(<-results, <-results); diff != "" {
		t.Errorf("two assessments differ:\n%s", diff)
	}
}
