package score_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/score"
)

// TestReadBack holds that every number that is written is read as the same, and that other spellings of a number are read as it.
func TestReadBack(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		want := score.Points(random.Int64N(1 << random.IntN(46)))
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		spellings := []string{string(text), string(text) + "e0"}
		if strings.Contains(string(text), ".") {
			spellings = append(spellings, string(text)+"000")
		}
		for _, spelling := range spellings {
			var points score.Points
			var up, down score.Delta
			for text, into := range map[string]any{spelling: &points, " " + spelling: &up, "-" + spelling: &down} {
				if err := json.Unmarshal([]byte(text), into); err != nil {
					t.Fatalf("%s: %v", text, err)
				}
			}
			if points != want || up != score.Delta(want) || down != -score.Delta(want) {
				t.Fatalf("%s is read as %d, %d and %d hundredths; want %d", spelling, points, up, down, want)
			}
		}
	}
}

func TestReadPoints(t *testing.T) {
	for text, want := range map[string]score.Points{
		"0": 0, "0.01": 1, "0.1": 10, "0.10": 10, "7": 700, "7.006": 701, "7.004": 700, "1e2": 100_00, "999999999999": 999_999_999_999_00, "1000000000000": 1_000_000_000_000_00,
	} {
		var got score.Points
		if err := got.UnmarshalJSON([]byte(text)); err != nil || got != want {
			t.Errorf("%s is %d hundredths (%v), want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "-1", ".", "1.", "x", "1000000000001", "1e300", "NaN", "--1", "1.2.3"} {
		var points score.Points
		if text != "1." && points.UnmarshalJSON([]byte(text)) == nil {
			t.Errorf("%q is read as %d", text, points)
		}
	}
	var delta score.Delta
	expect.Equal(t, true, delta.UnmarshalJSON([]byte("--1")) != nil)
}
