package score_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/score"
)

func ExampleFraction() {
	fmt.Println(score.Fraction(9_00, big.NewRat(25, 52)), "of 9 points for 25 of 52 users")
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
		expect.Equalf(t, test.want, score.Share(test.most, test.compliant, test.inScope).String(), "Share(%v, %d/%d)", test.most, test.compliant, test.inScope)
	}
}

// TestShareInvariants: points are within half a hundredth of the exact share, never fall as more comply, and are full only when
// all comply.
// TestShareIsFraction holds that a share of integers is rounded as the fraction of the same numbers.
func TestShareIsFraction(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for range 20_000 {
		// Of any size, so that products overflow, too.
		most, whole := score.Points(random.Int64N(1<<random.IntN(40)+1)), 1+random.Int64N(1<<random.IntN(60)+1)
		part := random.Int64N(whole + whole/2)
		if got, want := score.Share(most, part, whole), score.Fraction(most, big.NewRat(part, whole)); got != want {
			t.Fatalf("Share(%d, %d, %d) = %d, want %d", most, part, whole, got, want)
		}
	}
	for _, part := range []int64{-3, 0, 1, 3, 4} { // beyond what a share is, too
		if got, want := score.Share(7, part, 3), score.Fraction(7, big.NewRat(part, 3)); got != want {
			t.Errorf("Share(7, %d, 3) = %d, want %d", part, got, want)
		}
	}
}

func TestShareInvariants(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 500 {
		most, inScope := score.Points(1+random.IntN(1000)), 1+random.Int64N(2000)
		last := score.Points(0)
		for compliant := range inScope + 1 {
			got := score.Share(most, compliant, inScope)
			if got < last || got > most || (got == most) != (compliant == inScope) {
				t.Fatalf("Share(%v, %d/%d) = %v after %v", most, compliant, inScope, got, last)
			}
			last = got
			// Twice the error times inScope; a share just below full is cut to the hundredth below.
			if off := 2 * (int64(got)*inScope - int64(most)*compliant); (off > inScope || off <= -inScope) && got != most-1 {
				t.Fatalf("Share(%v, %d/%d) = %v is off by more than half a hundredth", most, compliant, inScope, got)
			}
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
		expect.Equalf(t, test.want, score.Fraction(test.most, fraction).String(), "Fraction(%v, %s)", test.most, test.fraction)
	}
}

func TestPercent(t *testing.T) {
	for _, test := range []struct {
		part, whole score.Points
		want        string
	}{
		{0, 0, "0"}, {0, 10_00, "0"}, {10_00, 10_00, "100"}, {1_00, 3_00, "33.33"}, {99_999, 100_000, "99.99"}, {128_00, 274_00, "46.72"},
	} {
		expect.Equalf(t, test.want, score.Percent(test.part, test.whole).String(), "Percent(%v, %v)", test.part, test.whole)
	}
}

func TestPointsJSON(t *testing.T) {
	for _, text := range []string{"0", "4.33", "10", "0.07", "128.5"} {
		var p score.Points
		must.Do(t, json.Unmarshal([]byte(text), &p))
		back := must.Get(json.Marshal(p))(t)
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
			items[i] = randomItem(random)
		}
		sum := score.Sum(items)
		shuffled := slices.Clone(items)
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if diff := cmp.Diff(sum, score.Sum(shuffled)); diff != "" {
			t.Fatalf("the order of actions changes the score (-first +shuffled):\n%s", diff)
		}
		if sum.Achieved > sum.AssessedTotal || sum.AssessedTotal > sum.Total {
			t.Fatalf("achieved %v, assessed %v, total %v are out of order", sum.Achieved, sum.AssessedTotal, sum.Total)
		}
		if (sum.Percent == score.Full) != (sum.Achieved == sum.Total && sum.Total > 0) {
			t.Fatalf("%v of %v is %v percent", sum.Achieved, sum.Total, sum.Percent)
		}
		checkGroup(t, "all", score.Group{Achieved: sum.Achieved, Total: sum.Total, Views: sum.Views}, items)
		checkGroups(t, sum, sum.Categories, items, func(i score.Item) string { return i.Category })
		checkGroups(t, sum, sum.Products, items, func(i score.Item) string { return i.Product })
	}
}

func randomItem(random *rand.Rand) score.Item {
	most := score.Points(random.IntN(1001))
	item := score.Item{
		Category: []string{"identity", "device", "apps"}[random.IntN(3)],
		Product:  []string{"entra_id", "purview"}[random.IntN(2)],
		Max:      most, Assessed: random.IntN(4) > 0, Licensed: random.IntN(3) > 0,
	}
	if item.Assessed {
		item.Achieved = score.Points(random.Int64N(int64(most) + 1))
	}
	switch random.IntN(4) { // an action has one status
	case 0:
		item.Planned = true
	case 1:
		item.Accepted = true
	}
	return item
}

// checkGroups holds that groups are sorted, and add up to the whole in every column.
func checkGroups(t *testing.T, sum score.Score, groups []score.Group, items []score.Item, by func(score.Item) string) {
	t.Helper()
	var whole score.Group
	for i, g := range groups {
		if i > 0 && groups[i-1].Name >= g.Name {
			t.Fatalf("%s stands before %s", groups[i-1].Name, g.Name)
		}
		checkGroup(t, g.Name, g, slices.DeleteFunc(slices.Clone(items), func(i score.Item) bool { return by(i) != g.Name }))
		whole.Achieved += g.Achieved
		whole.Total += g.Total
		whole.Planned += g.Planned
		whole.CurrentLicense += g.CurrentLicense
		whole.Achievable += g.Achievable
	}
	if diff := cmp.Diff(score.Group{Achieved: sum.Achieved, Total: sum.Total, Views: sum.Views}, whole); diff != "" {
		t.Fatalf("groups don't add up (-score +sum of groups):\n%s", diff)
	}
}

// checkGroup holds the order of views, and that each differs from what is achieved by exactly what its actions have left.
func checkGroup(t *testing.T, name string, g score.Group, items []score.Item) {
	t.Helper()
	if g.Achieved > g.Planned || g.Planned > g.Total {
		t.Fatalf("%s: achieved %v, planned %v, total %v are out of order", name, g.Achieved, g.Planned, g.Total)
	}
	if g.Achieved > g.Achievable || g.Achievable > g.CurrentLicense || g.CurrentLicense > g.Total {
		t.Fatalf("%s: achieved %v, achievable %v, current license %v, total %v are out of order", name, g.Achieved, g.Achievable, g.CurrentLicense, g.Total)
	}
	left := func(counts func(score.Item) bool) score.Points {
		var points score.Points
		for _, i := range items {
			if counts(i) {
				points += i.Max - i.Achieved
			}
		}
		return points
	}
	want := score.Views{
		Planned:        g.Achieved + left(func(i score.Item) bool { return i.Planned }),
		CurrentLicense: g.Achieved + left(func(i score.Item) bool { return i.Licensed }),
		Achievable:     g.Achieved + left(func(i score.Item) bool { return i.Licensed && !i.Accepted }),
	}
	if diff := cmp.Diff(want, g.Views); diff != "" {
		t.Fatalf("%s: views (-want +got):\n%s", name, diff)
	}
}
