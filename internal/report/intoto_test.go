package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
)

func TestInToto(t *testing.T) {
	s := schema(t, "intoto-test-result.json")
	all := pages(t)
	passing := pages(t)["empty"]
	passing.Actions = []engine.Action{action("Done", "Done", 5, 5, engine.Complete)}
	warned := pages(t)["empty"]
	warned.Actions = append(passing.Actions, action("Left", "Left", 0, 5, engine.NotMet))
	warned.Actions[1].Status = engine.RiskAccepted
	dark := pages(t)["empty"]
	dark.Actions = append(passing.Actions, action("Dark", "Dark", 0, 5, engine.NoEvidence))
	for name, page := range map[string]Assessment{"FAILED": all["ordinary"], "FAILED named": all["named"], "FAILED empty": all["empty"], "FAILED dark": dark, "PASSED": passing, "WARNED": warned} {
		page.Register = &engine.Register{Digest: "sha256:" + strings.Repeat("d", 64)}
		value := valid(t, s, rendered(t, page, "intoto")).(map[string]any)
		want, _, _ := strings.Cut(name, " ")
		expect.Equalf(t, any(want), value["predicate"].(map[string]any)["result"], "%s", name)
	}
	unknown := ordinary(t)
	unknown.Evidence.Digest = "md5:0"
	errorHas(t, Write(&bytes.Buffer{}, Assessment{Assessment: unknown}, "intoto", Style{}), "the digest of the evidence is")
}
