package main

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/schemas"
)

// command runs one command line within the test, and returns the exit code and both outputs.
func command(t *testing.T, in string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = run(context.Background(), args, terminal{in: strings.NewReader(in), out: &out, err: &err})
	return code, out.String(), err.String()
}

// TestJSON holds what assess prints to the schema that is published for it, and its sums to its parts.
func TestJSON(t *testing.T) {
	t.Parallel()
	for _, tenant := range []string{"contoso", "fabrikam", "tailspin"} {
		t.Run(tenant, func(t *testing.T) {
			code, text, stderr := command(t, "", "assess", filepath.Join("..", "..", "testdata", tenant), "--format", "json")
			if code != exitOK || stderr != "" {
				t.Fatalf("exit code %d, and on standard error %q", code, stderr)
			}
			follows(t, "assessment", text)
			checkSums(t, text)
		})
	}
}

// follows holds a text to the schema that is published for it.
func follows(t *testing.T, schema, text string) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var document any
	must.Do(t, decoder.Decode(&document))
	for _, violation := range schemas.Validate(schema, document) {
		t.Errorf("%s: %s", violation.Pointer, violation.Message)
	}
}

// TestOtherJSON holds what policy diff and evidence plan print to the schemas that are published for them.
func TestOtherJSON(t *testing.T) {
	t.Parallel()
	ours := t.TempDir()
	if code, _, stderr := command(t, "", "policy", "new", "ContosoGuestReview", "--product", "entra_id", "--kind", "coverage", "--dir", ours); code != exitOK {
		t.Fatal(stderr)
	}
	for _, test := range []struct {
		schema string
		args   []string
	}{
		{"diff", []string{"policy", "diff", "builtin", "builtin"}},
		{"diff", []string{"policy", "diff", "builtin", ours}},
		{"diff", []string{"policy", "diff", ours, "builtin"}},
		{"attribution", []string{"diff", "../../testdata/contoso", "../../testdata/contoso", "--old-now", "2026-10-01T06:00:00Z", "--now", "2026-12-01T00:00:00Z"}},
		{"reconciliation", []string{"reconcile", "../../testdata/contoso", "--with", "../../testdata/graph/contoso/secureScores.json", "--with", "../../testdata/graph/contoso/secureScoreControlProfiles.json"}},
		{"graph_import", []string{
			"history", "import", "graph", "../../testdata/graph/contoso/secureScores.json", "../../testdata/graph/contoso/secureScoreControlProfiles.json",
			"--store", filepath.Join(ours, "store.db"), "--decisions", filepath.Join(ours, "decisions.hcl"),
		}},
		{"collection", []string{"evidence", "plan"}},
		{"collection", []string{"evidence", "plan", "--license", "AAD_PREMIUM"}},
	} {
		code, text, stderr := command(t, "", append(test.args, "--format", "json")...)
		if code != exitOK || stderr != "" {
			t.Fatalf("%v: exit code %d, and on standard error %q", test.args, code, stderr)
		}
		follows(t, test.schema, text)
	}
}

// TestHistoryJSON holds what the commands of the history print to the schema that is published for it.
func TestHistoryJSON(t *testing.T) {
	t.Parallel()
	store := filepath.Join(t.TempDir(), "posture.db")
	exported := filepath.Join(t.TempDir(), "history.ndjson")
	for _, args := range [][]string{
		{"assess", "../../testdata/contoso", "--record"},
		{"assess", "../../testdata/contoso", "--record", "--now", "2026-12-01T00:00:00Z"},
		{"history", "--all", "--format", "json"},
		{"history", "list", "--format", "json"},
		{"history", "show", "AdminMFAV2", "--format", "json"},
		{"history", "show", "scid_2501", "--format", "json"},
		{"history", "verify", "--head", strings.Repeat("0", 64), "--format", "json"},
		{"history", "prune", "--keep", "daily:1", "--format", "json"},
		{"history", "verify", "--format", "json"},
		{"history", "export"},
		{"history", "export", "--output", exported},
		{"history", "import", exported, "--format", "json"},
	} {
		_, text, stderr := command(t, "", append(args, "--store", store)...)
		if text == "" && args[len(args)-1] != exported {
			t.Errorf("%v: %s", args, stderr)
		}
		switch {
		case args[1] == "export":
			for line := range strings.Lines(text) {
				follows(t, "history", line)
			}
		case args[0] == "history":
			follows(t, "history", text)
		}
	}
}

// TestComparisonJSON holds what assess prints beside a benchmark, what benchmark show prints, and what trends prints to their schemas.
func TestComparisonJSON(t *testing.T) {
	t.Parallel()
	saved := filepath.Join(t.TempDir(), "contoso.json")
	for _, test := range []struct {
		schema string
		args   []string
	}{
		{"assessment", []string{"assess", filepath.Join("..", "..", "testdata", "contoso"), "--benchmark", "microsoft"}},
		{"benchmark", []string{"benchmark", "show"}},
		{"trend", []string{"trends", saved, "--benchmark", "microsoft"}},
	} {
		code, text, stderr := command(t, "", append(test.args, "--format", "json")...)
		if code != exitOK || stderr != "" {
			t.Fatalf("%v: exit code %d, and on standard error %q", test.args, code, stderr)
		}
		follows(t, test.schema, text)
		if test.schema == "assessment" {
			write(t, saved, text)
		}
	}
}

func checkSums(t *testing.T, text string) {
	t.Helper()
	type part struct{ Achieved, Total float64 }
	var assessment struct {
		Score struct {
			part
			Categories, Products []part
		}
		Actions []struct{ ID string }
	}
	must.Do(t, json.Unmarshal([]byte(text), &assessment))
	hundredths := func(points float64) int { return int(points*100 + 0.5) }
	for name, parts := range map[string][]part{"categories": assessment.Score.Categories, "products": assessment.Score.Products} {
		achieved, total := 0, 0
		for _, p := range parts {
			achieved, total = achieved+hundredths(p.Achieved), total+hundredths(p.Total)
		}
		if achieved != hundredths(assessment.Score.Achieved) || total != hundredths(assessment.Score.Total) {
			t.Errorf("%s sum to %d of %d hundredths, the score to %v of %v", name, achieved, total, assessment.Score.Achieved, assessment.Score.Total)
		}
	}
	for i := range len(assessment.Actions) - 1 {
		if assessment.Actions[i].ID >= assessment.Actions[i+1].ID {
			t.Errorf("%s stands before %s", assessment.Actions[i].ID, assessment.Actions[i+1].ID)
		}
	}
}
