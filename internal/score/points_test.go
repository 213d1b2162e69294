package score_test

import (
	"encoding/json"
	"testing"

	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/score"
)

func TestPointsAreReadAsWritten(t *testing.T) {
	for p := range score.Points(20_00) {
		readBack(t, p)
	}
	for _, p := range []score.Points{9_999_99, 123_456_78, 1_000_000_000_000_00} {
		readBack(t, p)
	}
}

func readBack(t *testing.T, p score.Points) {
	t.Helper()
	text := must.Get(json.Marshal(p))(t)
	var back score.Points
	if err := json.Unmarshal(text, &back); err != nil || back != p {
		t.Errorf("%d is written as %s and read as %d, %v", p, text, back, err)
	}
}

func TestPointsAreBounded(t *testing.T) {
	for _, text := range []string{`-1`, `-0.01`, `1e13`, `1e300`, `1e999`, `"1"`, `null`, `true`, `[]`} {
		var p score.Points
		if err := json.Unmarshal([]byte(text), &p); err == nil {
			t.Errorf("%s is read as %s", text, p)
		}
	}
}
