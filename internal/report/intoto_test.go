package report

import (
	"bytes"
	"strings"
	"testing"

	testresult "github.com/in-toto/attestation/go/predicates/test_result/v0"
	statement "github.com/in-toto/attestation/go/v1"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

func TestInToto(t *testing.T) {
	s := schema(t, "intoto-test-result.json")
	all := pages(t)
	passing := pages(t)["empty"]
	passing.Actions = []engine.Action{action("Done", "Done", 5, 5, engine.Complete)}
	warned := pages(t)["empty"]
	warned.Actions = []engine.Action{passing.Actions[0], action("Left", "Left", 0, 5, engine.NotMet)}
	warned.Actions[1].Status = engine.RiskAccepted
	dark := pages(t)["empty"]
	dark.Actions = []engine.Action{passing.Actions[0], action("Dark", "Dark", 0, 5, engine.NoEvidence)}
	for name, page := range map[string]Assessment{"FAILED": all["ordinary"], "FAILED named": all["named"], "FAILED empty": all["empty"], "FAILED dark": dark, "PASSED": passing, "WARNED": warned} {
		page.Register = &engine.Register{Digest: "sha256:" + strings.Repeat("d", 64)}
		text := rendered(t, page, "intoto")
		isTestResult(t, text)
		value := valid(t, s, text).(map[string]any)
		want, _, _ := strings.Cut(name, " ")
		expect.Equalf(t, any(want), value["predicate"].(map[string]any)["result"], "%s", name)
	}
	unknown := ordinary(t)
	unknown.Evidence.Digest = "md5:0"
	errorHas(t, Write(&bytes.Buffer{}, Assessment{Assessment: unknown}, "intoto", Style{}), "the digest of the evidence is")
}

// isTestResult reads a statement by the code of in-toto, whose messages are closed: a field that they lack is an error.
func isTestResult(t *testing.T, text string) {
	t.Helper()
	var read statement.Statement
	must.Do(t, protojson.Unmarshal([]byte(text), &read))
	must.Do(t, read.Validate())
	var predicate testresult.TestResult
	must.Do(t, protojson.Unmarshal(must.Get(read.GetPredicate().MarshalJSON())(t), &predicate))
	for _, configuration := range predicate.GetConfiguration() {
		must.Do(t, configuration.Validate())
	}
	if len(predicate.GetConfiguration()) == 0 {
		t.Error("it names no catalog")
	}
}
