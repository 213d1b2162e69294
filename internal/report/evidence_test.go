package report

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/validate"
)

func TestValidation(t *testing.T) {
	amiss := fixture[validate.Report](t, "validation")
	well := &validate.Report{Datasets: []validate.Dataset{{Name: "entra.users", Status: evidence.Collected, Records: 1, Known: true}}}
	golden(t, "validation-amiss", "table", Style{}, Validation{amiss})
	golden(t, "validation-well", "table", Style{}, Validation{well})
}

func TestBundle(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "bundle")
	w := must.Get(evidence.Create(dir, evidence.Manifest{
		SchemaVersion: evidence.SchemaVersion,
		Tenant:        evidence.Tenant{ID: "t-1", Name: "Contoso\x1b[2J"},
		Collector:     evidence.Collector{Name: "by hand"},
		CollectedAt:   time.Date(2026, 3, 1, 6, 0, 0, 0, time.UTC),
	}))(t)
	must.Do(t, w.Document("entra.security_defaults", map[string]any{"isEnabled": true}))
	for _, field := range []string{"a", "b", "c.d", "e\x1b"} {
		w.Truncated("entra.security_defaults", evidence.Truncated{Field: field, File: "defaults.json"})
	}
	w.Fail("exchange.mailboxes", "403 Forbidden: "+strings.Repeat("the account may not read this ", 5))
	must.Do(t, w.Close())
	bundle := must.Get(evidence.Open(t.Context(), dir, evidence.DefaultLimits()))(t)
	defer func() { _ = bundle.Close() }()
	golden(t, "bundle", "table", Style{}, Bundle{bundle})
}

func TestJSON(t *testing.T) {
	var text bytes.Buffer
	must.Do(t, encode(&text, map[string]any{"b": "<&>", "a": []int{}}))
	if got, want := text.String(), "{\n  \"a\": [],\n  \"b\": \"<&>\"\n}\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
