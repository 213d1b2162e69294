package score_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/score"
)

// The worked example of docs/scoring.md.
func ExampleRank() {
	for _, c := range score.Rank([]score.Candidate{
		{ID: "AATP_DormantAccounts", Left: 5_00, Effort: score.Effort("low", "low", "unknown")},
		{ID: "AdminMFAV2", Left: 2_22, Effort: score.Effort("low", "low", "unknown")},
		{ID: "MFARegistrationV2", Left: 4_67, Effort: score.Effort("high", "high", "unknown")},
		{ID: "PWAgePolicyNew", Left: 8_00, Effort: score.Effort("low", "moderate", "unknown")},
	}) {
		fmt.Println(c.ID, c.Left, "for an effort of", c.Effort)
	}
	// Output:
	// PWAgePolicyNew 8 for an effort of 5
	// AATP_DormantAccounts 5 for an effort of 4
	// MFARegistrationV2 4.67 for an effort of 8
	// AdminMFAV2 2.22 for an effort of 4
}

func TestEffort(t *testing.T) {
	for _, test := range []struct {
		difficulty, userImpact, complexity string
		want                               int
	}{
		{"low", "low", "low", 3},
		{"moderate", "moderate", "moderate", 6},
		{"high", "high", "high", 9},
		{"unknown", "unknown", "unknown", 6}, // counts as moderate
		{"", "", "", 6},
		{"low", "moderate", "high", 6},
		{"high", "low", "unknown", 6},
		{"low", "low", "unknown", 4},
		{"high", "high", "low", 7},
	} {
		expect.Equalf(t, test.want, score.Effort(test.difficulty, test.userImpact, test.complexity), "Effort(%q, %q, %q)", test.difficulty, test.userImpact, test.complexity)
	}
}

func TestRank(t *testing.T) {
	for _, test := range []struct {
		name       string
		candidates []score.Candidate
		want       []string
	}{
		{"nothing", nil, []string{}},
		{"points", []score.Candidate{{"a", 1_00, 6}, {"b", 9_00, 6}}, []string{"b", "a"}},
		{"effort", []score.Candidate{{"a", 5_00, 9}, {"b", 5_00, 3}}, []string{"b", "a"}},
		{"points for effort", []score.Candidate{{"hard", 9_00, 9}, {"easy", 4_00, 3}}, []string{"easy", "hard"}}, // 1 against 1.33
		{"a tie goes to more points", []score.Candidate{{"a", 3_00, 3}, {"b", 9_00, 9}}, []string{"b", "a"}},
		{"then by id", []score.Candidate{{"b", 5_00, 6}, {"a", 5_00, 6}}, []string{"a", "b"}},
		{"a hundredth decides", []score.Candidate{{"a", 5_00, 6}, {"b", 5_01, 6}}, []string{"b", "a"}},
		{"of thirds", []score.Candidate{{"a", 3_33, 3}, {"b", 10_00, 9}}, []string{"b", "a"}}, // 1.11 against 1.111...
	} {
		got := []string{}
		for _, c := range score.Rank(test.candidates) {
			got = append(got, c.ID)
		}
		if diff := gocmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestRankIsATotalOrder: whatever the order of candidates, their ranking is the same; and no pair stands the wrong way round.
func TestRankIsATotalOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		candidates := make([]score.Candidate, random.IntN(30))
		for i := range candidates {
			candidates[i] = score.Candidate{ID: string(rune('A' + i)), Left: score.Points(1 + random.IntN(6)*100), Effort: 3 + random.IntN(7)}
		}
		given := slices.Clone(candidates)
		ranked := score.Rank(candidates)
		if diff := gocmp.Diff(given, candidates); diff != "" {
			t.Fatalf("the argument was changed (-given +now):\n%s", diff)
		}
		random.Shuffle(len(candidates), func(i, j int) { candidates[i], candidates[j] = candidates[j], candidates[i] })
		if diff := gocmp.Diff(ranked, score.Rank(candidates)); diff != "" {
			t.Fatalf("the order of candidates changes the ranking (-first +shuffled):\n%s", diff)
		}
		for i := range ranked {
			for j := i + 1; j < len(ranked); j++ {
				if before(ranked[j], ranked[i]) {
					t.Fatalf("%+v stands before %+v", ranked[i], ranked[j])
				}
			}
		}
	}
}

// before compares by the definition, in floating point, which is exact enough for quotients of such small numbers.
func before(a, b score.Candidate) bool {
	const least = 1e-9
	x, y := a.Left.Float()/float64(a.Effort), b.Left.Float()/float64(b.Effort)
	switch {
	case x > y+least:
		return true
	case x < y-least:
		return false
	}
	return cmp.Or(cmp.Compare(b.Left, a.Left), cmp.Compare(a.ID, b.ID)) < 0
}
