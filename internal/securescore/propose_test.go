package securescore_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/register"
	"github.com/posture-score/posture/internal/securescore"
)

// TestProposeAnyText proposes decisions with texts that a register has to escape, shorten or refuse.
func TestProposeAnyText(t *testing.T) {
	cat := must.Get(builtin(t.Context()))(t)
	for _, text := range []string{
		"", " ", "${file(\"/etc/passwd\")} %{if}", strings.Repeat("ä", 5000), strings.Repeat("語 ", 3000), "a\"b\\c\nd", "\u202eesrever\u200b", "\u200b", "<<EOT\nEOT",
		strings.Repeat("𝒳", 1500), "\x00\x1b[2J", "$${", "\u2028",
	} {
		update := map[string]string{"state": "Ignored", "comment": text, "assignedTo": text, "updatedBy": text, "updatedDateTime": "2026-10-01T00:00:00Z"}
		profile := must.Get(json.Marshal(map[string]any{"id": "OneAdmin", "maxScore": 1, "title": "T", "controlStateUpdates": []any{update}}))(t)
		written, proposals, err := securescore.Propose(read(t, profile).Profiles(""), cat)
		if err != nil {
			t.Errorf("%.20q: %v", text, err)
			continue
		}
		r := must.Get(register.Read("register.hcl", written))(t)
		if d := r.Decisions()["OneAdmin"]; len(proposals) != 1 || d.Status != "risk_accepted" || d.Reason == "" {
			t.Errorf("%.20q: the decision is %+v", text, d)
		}
	}
}
