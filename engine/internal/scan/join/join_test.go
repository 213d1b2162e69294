package join_test

import (
	"fmt"
	"log"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/engine/internal/scan/join"
	"github.com/posture-score/posture/internal/must"
)

func Example() {
	roles := join.New(1, 3, false)
	for _, r := range [][2]string{{"ada@contoso.example", `"reader"`}, {"Ben@contoso.example", `"reader"`}, {"ADA@contoso.example", `"owner"`}} {
		if err := roles.Add(join.Record{Key: []byte(r[0]), Values: [][]byte{[]byte(r[1])}}); err != nil {
			log.Fatal(err)
		}
	}
	roles.Seal()
	ada, _ := roles.Finder().Find([]byte("Ada@contoso.example"))
	for r := range roles.Rows(ada) {
		fmt.Printf("%s\n", roles.Value(r, 0))
	}
	// Output:
	// "reader"
	// "owner"
}

// TestIndex compares an index of random records with a map of them.
func TestIndex(t *testing.T) {
	for _, size := range []struct{ records, keys, values int }{{0, 1, 1}, {10, 3, 2}, {5000, 4000, 3}, {5001, 4000, 3}, {6000, 4000, 1 << 30}, {200_000, 50_000, 900_000}} {
		single := size.records%2 == 1
		random := rand.New(rand.NewPCG(1, uint64(size.records)))
		index := join.New(2, int64(size.records/3), single)
		want := map[string][]string{}
		untrusted := map[string]bool{}
		for range size.records {
			key := key(random, size.keys)
			values := [][]byte{[]byte(fmt.Sprintf("%q", fmt.Sprint(random.IntN(size.values)))), nil}
			if random.IntN(3) == 0 {
				values[1] = []byte("true")
			}
			bad := random.IntN(100) == 0
			must.Do(t, index.Add(join.Record{Key: []byte(key), Values: values, Invalid: bad, Fingerprint: uint64(len(values[1]))}))
			folded := strings.ToLower(key)
			want[folded] = append(want[folded], fmt.Sprintf("%s %s", values[0], values[1]))
			mixed := single && strings.HasSuffix(want[folded][0], "true") != (values[1] != nil)
			untrusted[folded] = untrusted[folded] || bad || mixed
		}
		index.Seal()
		finder := index.Finder()
		tuples := map[uint32]string{}
		for folded, records := range want {
			var got []string
			found, trusted := finder.Find([]byte(strings.ToUpper(folded)))
			if trusted == untrusted[folded] {
				t.Errorf("%d records, key %s: trusted is %v", size.records, folded, trusted)
			}
			if text := string(index.AppendKey(nil, found)); text != folded {
				t.Errorf("%d records: the text of key %s is %s", size.records, folded, text)
			}
			for r := range index.Rows(found) {
				text := fmt.Sprintf("%s %s", index.Value(r, 0), index.Value(r, 1))
				if other, ok := tuples[index.Tuple(r)]; ok && other != text {
					t.Fatalf("combination %d stands for %s and for %s", index.Tuple(r), other, text)
				}
				tuples[index.Tuple(r)] = text
				got = append(got, text)
			}
			if single {
				records = records[:1]
			}
			if diff := cmp.Diff(records, got); diff != "" {
				t.Fatalf("%d records, key %s (-want +got):\n%s", size.records, folded, diff)
			}
		}
		if index.Keys() != len(want) {
			t.Errorf("%d records: %d keys, want %d", size.records, index.Keys(), len(want))
		}
		if index.HighCardinality(0) != (size.values > 1<<17) || index.HighCardinality(1) {
			t.Errorf("%d different values: high is %v, %v", size.values, index.HighCardinality(0), index.HighCardinality(1))
		}
		if found, _ := finder.Find([]byte("nobody")); found != 0 {
			t.Errorf("found record %d of nobody", found)
		}
	}
}

// key invents keys of all kinds: GUIDs, what nearly is one, addresses of any length, beyond ASCII, in any case.
func key(random *rand.Rand, keys int) string {
	n := random.IntN(keys)
	var text string
	switch n % 5 {
	case 0:
		text = fmt.Sprintf("%08x-0000-4000-8000-%012x", n, n*7)
	case 1:
		text = fmt.Sprintf("%08x-0000-4000-8000-%011xg", n, n)
	case 2:
		text = fmt.Sprintf("ä%dé@contoso.example", n)
	case 3:
		text = strings.Repeat("x", n%300) + fmt.Sprint(n)
	default:
		text = fmt.Sprint(n)
	}
	if random.IntN(2) == 0 {
		return strings.ToUpper(text)
	}
	return text
}

func FuzzKeys(f *testing.F) {
	f.Add("a", "A")
	f.Add("00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000A")
	f.Add("", "\x01")
	f.Fuzz(func(t *testing.T, a, b string) {
		a, b = strings.ToValidUTF8(a, ""), strings.ToValidUTF8(b, "")
		index := join.New(0, 0, true)
		must.Do(t, index.Add(join.Record{Key: []byte(a)}))
		found, _ := index.Finder().Find([]byte(b))
		lower := strings.ToLower(b) // not EqualFold, to which k and the sign for Kelvin are the same
		if same := strings.ToLower(a) == lower; same != (found != 0) {
			t.Fatalf("%q and %q: found is %d, same is %v", a, b, found, same)
		}
	})
}
