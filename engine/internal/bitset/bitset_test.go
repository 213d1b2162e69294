package bitset_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/posture-score/posture/engine/internal/bitset"
	"github.com/posture-score/posture/internal/expect"
)

// Most sets of records are nearly empty or nearly full, so that their runs take few bytes.
func Example() {
	var failing bitset.Set
	failing.Add(7)
	failing.Add(9)
	fmt.Println(failing.Has(7), failing.Has(8), failing.Count(), len(failing.Append(nil)))
	// Output: true false 2 6
}

func of(numbers ...int) bitset.Set {
	var s bitset.Set
	for _, n := range numbers {
		s.Add(n)
	}
	return s
}

// samples are sets of numbers below 1,000: of few, of many, in runs, and at the edges of words.
func samples() []bitset.Set {
	random := rand.New(rand.NewPCG(1, 2))
	list := []bitset.Set{nil, of(0), of(63), of(64), of(0, 64, 128), of(999), of(62, 63, 64, 65)}
	for _, share := range []float64{0.001, 0.1, 0.5, 0.9, 0.999, 1} {
		var s, runs bitset.Set
		in := false
		for i := range 1000 {
			if random.Float64() < share {
				s.Add(i)
			}
			if in = in != (random.Float64() < share/10); in {
				runs.Add(i)
			}
		}
		list = append(list, s, runs)
	}
	return list
}

func TestShiftAndMap(t *testing.T) {
	turned := make([]uint32, 1000)
	for i := range turned {
		turned[i] = uint32((i*7 + 3) % 1000)
	}
	for i, s := range samples() {
		numbers := slices.Collect(s.All())
		expect.Equalf(t, int64(len(numbers)), s.Count(), "sample %d", i)
		var mapped []int
		for _, n := range numbers {
			mapped = append(mapped, int(turned[n]))
		}
		expect.Equalf(t, of(mapped...), s.Mapped(turned), "sample %d, mapped", i)
		for _, shift := range []int{0, 1, 63, 64, 65, 200} {
			want, got := of(3), of(3)
			for _, n := range numbers {
				want.Add(n + shift)
			}
			got.AddShifted(s, shift)
			expect.Equalf(t, want, got, "sample %d, shifted by %d", i, shift)
		}
		for _, other := range samples() {
			both := s.Xor(other)
			for n := range 1001 {
				if both.Has(n) != (s.Has(n) != other.Has(n)) {
					t.Fatalf("sample %d: %d is wrong in Xor", i, n)
				}
			}
			expect.Equalf(t, s, both.Xor(other), "sample %d, twice", i)
		}
	}
}

func TestCode(t *testing.T) {
	for i, s := range samples() {
		b := s.Append([]byte("x"))
		if most := 1 + 8*len(s) + 4 + 1; len(b) > most {
			t.Errorf("sample %d takes %d bytes, want at most %d", i, len(b), most)
		}
		got, rest, err := bitset.Read(append(b[1:], "rest"...), 1000)
		if err != nil || string(rest) != "rest" {
			t.Fatalf("sample %d: %v, and %q follows", i, err, rest)
		}
		expect.Equalf(t, s, got, "sample %d", i)
	}
	full := make([]int, 1000)
	for i := range full {
		full[i] = i
	}
	if b := of(full...).Append(nil); len(b) > 6 {
		t.Errorf("a full set takes %d bytes", len(b))
	}
}

// FuzzRead holds that a set which is read has only numbers that it may have, and is coded and read as it is.
func FuzzRead(f *testing.F) {
	for _, s := range samples() {
		f.Add(s.Append(nil), uint16(1000))
	}
	f.Fuzz(func(t *testing.T, b []byte, n uint16) {
		s, _, err := bitset.Read(b, int(n))
		if err != nil {
			return
		}
		for i := range s.All() {
			if i >= int(n) {
				t.Fatalf("%d is not below %d", i, n)
			}
		}
		again, rest, err := bitset.Read(s.Append(nil), int(n))
		if err != nil || len(rest) > 0 || !slices.Equal(s, again) {
			t.Fatalf("%v is read as %v, %v", s, again, err)
		}
	})
}
