package score_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/engine/score"
)

func ExampleShare() {
	fmt.Println(score.Share(9_00, 25, 52), "of 9 points for 25 of 52 users")
	// Output: 4.33 of 9 points for 25 of 52 users
}

func TestShare(t *testing.T) {
	for _, test := range []struct {
		most               score.Points
		compliant, inScope int64
		want               string
	}{
		{10_00, 50, 100, "5"},               // Microsoft Learn's worked example
		{9_00, 25, 52, "4.33"},              // a public tenant's case
		{10_00, 0, 60, "0"},                 //
		{10_00, 60, 60, "10"},               //
		{8_00, 1, 3, "2.67"},                // rounds up
		{7_00, 1, 3, "2.33"},                // rounds down
		{1_00, 1, 200, "0.01"},              // half a hundredth rounds up
		{1_00, 1, 201, "0"},                 // less than half rounds down
		{10_00, 999_999, 1_000_000, "9.99"}, // rounding doesn't complete an action
		{0, 1, 2, "0"},                      // an action worth nothing earns nothing
	} {
		if got := score.Share(test.most, test.compliant, test.inScope).String(); got != test.want {
			t.Errorf("Share(%v, %d, %d) = %s, want %s", test.most, test.compliant, test.inScope, got, test.want)
		}
	}
}

func TestFraction(t *testing.T) {
	for _, test := range []struct {
		most     score.Points
		fraction string
		want     string
	}{
		{5_00, "0", "0"}, {5_00, "1", "5"}, {5_00, "0.5", "2.5"}, {4_00, "0.3333333333", "1.33"}, {4_00, "0.9999999", "3.99"},
	} {
		fraction, _ := new(big.Rat).SetString(test.fraction)
		if got := score.Fraction(test.most, fraction).String(); got != test.want {
			t.Errorf("Fraction(%v, %s) = %s, want %s", test.most, test.fraction, got, test.want)
		}
	}
}

func TestPercent(t *testing.T) {
	for _, test := range []struct {
		part, whole score.Points
		want        string
	}{
		{0, 0, "0"}, {0, 10_00, "0"}, {10_00, 10_00, "100"}, {1_00, 3_00, "33.33"}, {99_999, 100_000, "99.99"}, {128_00, 274_00, "46.72"},
	} {
		if got := score.Percent(test.part, test.whole).String(); got != test.want {
			t.Errorf("Percent(%v, %v) = %s, want %s", test.part, test.whole, got, test.want)
		}
	}
}

func TestPointsJSON(t *testing.T) {
	for _, text := range []string{"0", "4.33", "10", "0.07", "128.5"} {
		var p score.Points
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			t.Fatal(err)
		}
		back, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if string(back) != text {
			t.Errorf("%s came back as %s", text, back)
		}
	}
}

// TestSumInvariants holds what must be true of every score, on random sets of actions.
func TestSumInvariants(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		items := make([]score.Item, random.IntN(40))
		for i := range items {
			most := score.Points(random.IntN(1001))
			items[i] = score.Item{
				Category: []string{"identity", "device", "apps"}[random.IntN(3)],
				Product:  []string{"entra_id", "purview"}[random.IntN(2)],
				Max:      most, Assessed: random.IntN(4) > 0,
			}
			if items[i].Assessed {
				items[i].Achieved = score.Points(random.Int64N(int64(most) + 1))
			}
		}
		sum := score.Sum(items)
		random.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
		if diff := cmp.Diff(sum, score.Sum(items)); diff != "" {
			t.Fatalf("the order of actions changes the score (-first +shuffled):\n%s", diff)
		}
		if sum.Achieved > sum.AssessedTotal || sum.AssessedTotal > sum.Total {
			t.Fatalf("achieved %v, assessed %v, total %v are out of order", sum.Achieved, sum.AssessedTotal, sum.Total)
		}
		for _, groups := range [][]score.Group{sum.Categories, sum.Products} {
			var achieved, total score.Points
			for _, g := range groups {
				achieved, total = achieved+g.Achieved, total+g.Total
			}
			if achieved != sum.Achieved || total != sum.Total {
				t.Fatalf("groups add up to %v of %v, the score is %v of %v", achieved, total, sum.Achieved, sum.Total)
			}
		}
	}
}
