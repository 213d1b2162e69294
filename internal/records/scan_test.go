package records_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/records"
)

// keeper is a visitor that keeps records.
type keeper struct {
	check *jsonscan.Pruner
	first int64
	kept  []string
	fail  func(first int64, p *records.View) error
}

// taken are the fields of a keeper.
func taken() []jsonscan.Field {
	nested := &jsonscan.FieldMask{}
	nested.Elements().Field("skuId")
	return []jsonscan.Field{{Name: "id", Mask: &jsonscan.FieldMask{Whole: true}}, {Name: "list", Mask: nested}}
}

func newKeeper() records.Visitor[[]string] {
	return &keeper{check: jsonscan.NewPruner(taken(), 20_000)}
}

func (k *keeper) Begin(first int64) { k.first, k.kept = first, nil }

func (k *keeper) Record(p *records.View) error {
	if k.fail != nil {
		if err := k.fail(k.first, p); err != nil {
			return err
		}
	}
	if _, status := k.check.Value(p.JSON(), 0, true); status != jsonscan.OK {
		return fmt.Errorf("%.100q: status %v", p.JSON(), status)
	}
	if p.Object() != k.check.Object() || !bytes.Equal(p.Slot(0), k.check.Slot(0)) || !bytes.Equal(p.Slot(1), k.check.Slot(1)) {
		return fmt.Errorf("%q: slots %q and %q", p.JSON(), p.Slot(0), p.Slot(1))
	}
	k.kept = append(k.kept, string(p.JSON()))
	return nil
}

func (k *keeper) End() []string { return k.kept }

// scanned reads all records with Scan, and checks the position of parts.
func scanned(t testing.TB, src records.Source, o records.Options) ([]string, error) {
	t.Helper()
	o.Fields = taken()
	var got []string
	err := records.Scan(t.Context(), src, o, newKeeper, func(part []string, first, n int64) error {
		if first != int64(len(got)) || n != int64(len(part)) || n == 0 {
			t.Errorf("a part of %d records is said to be %d after %d, comes after %d", len(part), n, first, len(got))
		}
		got = append(got, part...)
		return nil
	})
	return got, err
}

func allBlocks() []int { return []int{1, 7, 64, 65, 100, 128, 256, 500, 1000, 4096, 0} }

// population returns records that are hard to tell apart.
func population(n int) []string {
	list := make([]string, n)
	for i := range list {
		id := fmt.Sprintf("%d", i)
		switch i % 8 {
		case 0:
			list[i] = `{"id":"` + id + `","name":"Ada","list":[{"skuId":"x","plans":[]},{"skuId":"y"}]}`
		case 1:
			list[i] = `{"id":"` + id + `","name":"},{\"id\":\"7\",\n{\"id\":","list":[{"id":"a","name":"b"},{"id":"c","name":"d"}]}`
		case 2:
			list[i] = `{"name":"odd order","list":[[{"id":1},{"id":2}],{"id":3}],"id":"` + id + `"}`
		case 3:
			list[i] = `{"id":"` + id + `","name":"` + strings.Repeat("long äöü ", i%50) + `"}`
		case 4:
			list[i] = `{ "id" : "` + id + `" , "name":"]}{[\\\"" , "empty" : { } , "none":[ ] }`
		case 5:
			list[i] = `{"id":"` + id + `","name":"x}{y","manager":{"id":"m","name":"Grace"},"list":[{"id":"` + id + `","name":"","list":[]},{"id":"","name":""}]}`
		case 6:
			list[i] = `{}`
		default:
			list[i] = `{"id":` + id + `,"name":null,"list":[{"skuId":-0.5e-3},true,false,"]"]}`
		}
	}
	return list
}

// pretty returns an indented array.
func pretty(records []string, indent, end string) string {
	var b strings.Builder
	for i, r := range records {
		if i > 0 {
			b.WriteString("," + end)
		}
		r = strings.ReplaceAll(r, `,"`, ","+end+indent+indent+`"`)
		r = strings.ReplaceAll(r, `:[{`, ": ["+end+indent+"{"+end+indent+indent)
		b.WriteString(indent + "{" + end + indent + indent + strings.TrimLeft(r[1:], " "))
	}
	return "[" + end + b.String() + end + "]" + end
}

func TestScan(t *testing.T) {
	list := population(200)
	giant := append(append(population(20), `{"id":"`+strings.Repeat("a},{\\\"id\\\":", 3000)+`","list":[`+strings.Repeat(`{"id":"1","name":"2"},`, 500)+`1]}`), population(20)...)
	scalars := []string{"1", "22", `"two"`, "null", "[3]", "-0.5", "true", "{}", `[[",\n"]]`, "4e1"}
	alike := make([]string, 200)
	for i := range alike {
		alike[i] = `{"id":"a","name":"b","list":[{"id":"a","name":"b"},{"id":"a","name":"b"},{"id":"a","name":"b"},{"id":"a","name":"b"}]}`
	}
	page := func(before string, records []string, gap, after string) string {
		return `{"@odata.context":"x",` + before + `"value":[` + strings.Join(records, gap) + `]` + after + `}`
	}
	deep := strings.Repeat(`{"a":[`, 500) + strings.Repeat("]}", 500)
	tests := []struct {
		name, content string
		records       int
	}{
		{"empty file", "", 0},
		{"blank file", " \r\n\n" + strings.Repeat(" \n", 2000), 0},
		{"empty array", "[]", 0},
		{"empty array with blanks", strings.Repeat("\n", 300) + "[" + strings.Repeat("\t", 300) + "]" + strings.Repeat("\n ", 300), 0},
		{"lines", strings.Join(list, "\n") + "\n", 200},
		{"lines of Windows", "" + strings.Join(list, "\r\n") + "\r\n", 200},
		{"lines without end", strings.Join(list, "\n"), 200},
		{"lines and blanks", strings.Join(list, " \n\t \r\n "+strings.Repeat("\n", 70)) + strings.Repeat("\n", 700), 200},
		{"concatenated", strings.Join(list, ""), 200},
		{"between blanks", strings.Join(list, "  "), 200},
		{"indented lines", strings.ReplaceAll(strings.Join(list, "\n"), `,"`, ",\n\"") + "\n", 200},
		{"array", "[" + strings.Join(list, ",") + "]", 200},
		{"array of lines", "[\n" + strings.Join(list, ",\n") + "\n]\n", 200},
		{"array of lines that begin with commas", "[" + strings.Join(list, "\n,") + "]", 200},
		{"array with blanks", " [ " + strings.Join(list, " \n,\t\r\n") + " ] " + strings.Repeat("\r\n", 300), 200},
		{"indented array", pretty(list, "  ", "\n"), 200},
		{"indented array of Windows", "" + pretty(list, "\t", "\r\n"), 200},
		{"indented array of alike", pretty(alike, "    ", "\n"), 200},
		{"array of alike", "[" + strings.Join(alike, ",") + "]", 200},
		{"lines of alike", strings.Join(alike, "\n"), 200},
		{"array with a giant", "[" + strings.Join(giant, ",") + "]", 41},
		{"lines with a giant", strings.Join(giant, "\n"), 41},
		{"giant alone", "[" + giant[20] + "]", 1},
		{"array of one", "[" + list[0] + "]", 1},
		{"page", page("", list, ",", ""), 200},
		{"indented page", page("\n", list, ",\n    ", "\n"), 200},
		{"page with members before and after", page(`"other":{"value":[{"id":1},{"id":2}],"n":1e999,"deep":`+deep+`},`, list, ",", `,"more":[`+strings.Join(list, ",")+`],"n":-1e999`), 200},
		{"page with a null link", page(`"@odata.nextLink":null,`, list, ",", `,"@odata.nextLink":null`), 200},
		{"page whose context comes last", `{"value":[` + strings.Join(list, ",") + `],"@odata.context":"x"}`, 200},
		{"page of nothing but value", `{"value":[` + strings.Join(list, ",") + `]}`, 200},
		{"page with an escaped name", page(`"valu\u0065s":[1],`, list, ",", `,"valu":[]`), 200},
		{"empty page", page("", nil, "", `,"other":[]`), 0},
		{"document", `{"id":1,"value":[` + strings.Join(list, ",") + `]}`, 1},
		{"document of Graph", "{\n\"@odata.context\":\"x\",\"id\":1,\"values\":[" + strings.Join(list, ",") + `]}`, 1},
		{"not objects", strings.Join(scalars, " \n "), 10},
		{"array of what is no object", "[" + strings.Join(scalars, ",") + "]", 10},
		{"array of what is no object, with blanks", "[" + strings.Join(scalars, " , \n") + "\n]", 10},
		{"numbers", strings.Repeat("12345\n", 300), 300},
		{"numbers in an array", "[" + strings.Repeat("12345,", 300) + "1]", 301},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sameAsEach(t, source(tt.content, tt.records), append(allBlocks(), len(tt.content)-1, len(tt.content), len(tt.content)+1)...)
		})
	}
}

// TestScanSerialRecords holds that parts know their first index where that was asked for, and that parts of workers do not claim to.
func TestScanSerialRecords(t *testing.T) {
	list := population(3000)
	index := map[string]int64{}
	for i, r := range list {
		index[r] = int64(i)
	}
	var unknown, known atomic.Int64
	start := func() records.Visitor[[]string] {
		k := newKeeper().(*keeper)
		k.fail = func(first int64, p *records.View) error {
			i := index[string(p.JSON())]
			switch {
			case string(p.JSON()) == "{}":
			case first < 0 && i < 1000:
				return fmt.Errorf("record %d is in a part of unknown first index", i)
			case first < 0:
				unknown.Add(1)
			case i != first+int64(len(k.kept)):
				return fmt.Errorf("record %d is the %dth after %d", i, len(k.kept), first)
			default:
				known.Add(1)
			}
			return nil
		}
		return k
	}
	o := records.Options{Fields: taken(), Workers: 4, BlockSize: 2000, Serial: 1000}
	must.Do(t, records.Scan(t.Context(), source(strings.Join(list, "\n"), 3000), o, start, func([]string, int64, int64) error { return nil }))
	if known.Load() < 800 || known.Load() > 1200 || unknown.Load() < 1400 {
		t.Errorf("the index of %d was known, that of %d was not", known.Load(), unknown.Load())
	}
}

// What tools write is speculative right: most of it comes from parts that workers
// have begun anywhere.
func TestSplitPoints(t *testing.T) {
	list := directory(1000)
	nested := make([]string, len(list))
	for i, r := range list {
		nested[i] = `{"id":"` + fmt.Sprint(i) + `","name":"x","members":[{"id":"1","kind":"y"},{"id":"2","kind":"z"},{"id":"3"}],"record":` + r + "}"
	}
	for name, content := range map[string]string{
		"lines":               strings.Join(list, "\n"),
		"lines of Windows":    strings.Join(list, "\r\n"),
		"indented lines":      strings.ReplaceAll(strings.Join(list, "\n"), ",", ",\n  "),
		"concatenated":        strings.Join(list, ""),
		"array":               "[" + strings.Join(list, ",") + "]",
		"indented array":      pretty(list, "  ", "\n"),
		"page":                graphPage + strings.Join(list, ",") + `]}`,
		"nested lines":        strings.Join(nested, "\n"),
		"nested array":        "[" + strings.Join(nested, ",") + "]",
		"nested and indented": pretty(nested, "  ", "\n"),
		"second names differ": "[" + `{"id":"0","mail":null},` + strings.Join(list[1:], ",") + "]",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			speculative := int64(0)
			start := func() records.Visitor[bool] { return &beginner{} }
			err := records.Scan(t.Context(), source(content, len(list)), records.Options{Workers: 2, BlockSize: 16 << 10}, start, func(known bool, _, n int64) error {
				if !known {
					speculative += n
				}
				return nil
			})
			if err != nil || speculative < 800 {
				t.Errorf("%d records of 1000 came from workers: %v", speculative, err)
			}
		})
	}
}

// TestNoSpeculation holds that splitting ends where split points are wrong.
func TestNoSpeculation(t *testing.T) {
	const n = 20
	record := `{"id":"a","name":"b","list":[` + strings.Repeat(`{"id":"a","name":"b"},`, 5000) + `{}]}`
	src := source("["+strings.Repeat(record+",", n-1)+record+"]", n)
	var seen atomic.Int64
	start := func() records.Visitor[[]string] {
		return &keeper{check: jsonscan.NewPruner(taken(), 20_000), fail: func(int64, *records.View) error { seen.Add(1); return nil }}
	}
	o := records.Options{Fields: taken(), Workers: 4, BlockSize: 1000}
	if err := records.Scan(t.Context(), src, o, start, func([]string, int64, int64) error { return nil }); err != nil || seen.Load() > 5000 {
		t.Errorf("%d objects were taken for records of which there are %d: %v", seen.Load(), n, err)
	}
}

// beginner returns whether the first index of a part was known.
type beginner struct{ known bool }

func (b *beginner) Begin(first int64)          { b.known = first >= 0 }
func (b *beginner) Record(*records.View) error { return nil }
func (b *beginner) End() bool                  { return b.known }

// TestScanRandom holds that Scan reads random files as Each does.
func TestScanRandom(t *testing.T) {
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 7))
		gaps := []string{"\n", "", " ", "\r\n", "\n\n\t ", "\n  "}
		gap := gaps[random.IntN(len(gaps))]
		list := population(random.IntN(60))
		random.Shuffle(len(list), func(i, k int) { list[i], list[k] = list[k], list[i] })
		var content string
		switch random.IntN(4) {
		case 0:
			content = strings.Join(list, gap)
		case 1:
			content = "[" + gap + strings.Join(list, ","+gap) + gap + "]"
		case 2:
			content = "[" + gap + strings.Join(list, gap+",") + gap + "]"
		default:
			content = graphPage + gap + strings.Join(list, ","+gap) + gap + `],"x":[` + strings.Join(list, ",") + "]}" + gap
		}
		for range random.IntN(3) {
			// A byte that is lost, and more often none.
			if at := random.IntN(len(content) + 1); at < len(content) && random.IntN(3) == 0 {
				content = content[:at] + content[at+1:]
			}
		}
		sameAsEach(t, source(content, len(list)), 1+random.IntN(300), 1+random.IntN(len(content)+1))
	}
}

// TestScanOpens holds that finding the layout does not open a file a second time, unless it has to read much of it.
func TestScanOpens(t *testing.T) {
	t.Parallel()
	list := strings.Join(population(5000), ",")
	for content, want := range map[string]int{
		strings.Join(population(5000), "\n"):            1,
		"[" + list + "]":                                1,
		graphPage + list + "]}":                         1,
		`{"value":[` + list + `],"@odata.context":"x"}`: 2,
	} {
		src := source(content, 5000)
		if _, err := scanned(t, src, records.Options{}); err != nil || src.opened != want {
			t.Errorf("%.30s: opened %d times, want %d: %v", content, src.opened, want, err)
		}
	}
}

// FuzzScan compares Scan with Each.
func FuzzScan(f *testing.F) {
	list := population(12)
	for _, s := range []string{
		"", "{}\n{}", "[{},{}]", `{"@odata.context":"x","value":[{},1]}`, `{"value":[],"@odata.nextLink":"x"}`, `{"a":[1e400]}`, "\ufeff[]",
		`{"value":[1],"x":2}`, "{\"id\":\"\xff\"}", "[[[[[[[[[[[[[[[[[[", "1 2\n3", "01", "nullnull", `"a""b"`, "{}{}{}", "[1]]", "[1],", "{},{}", `{"value":[1],"value":2}`, `{"value":[1,2],"x":"value":[]}`,
		strings.Join(list, "\n"), strings.Join(list, ""), "[" + strings.Join(list, ",") + "]", pretty(list, " ", "\n"), `{"value":[` + strings.Join(list, ",") + `],"@odata.context":[{"id":"1"},{"id":"2"}]}`,
		"[" + strings.Repeat(`{"id":1,"x":[{"id":2,"x":[]},{"id":3,"x":[]}]},`, 5) + "{}]", strings.Repeat(" ", 5000) + "{}",
	} {
		f.Add([]byte(s), uint16(16), uint8(2), uint16(2))
		f.Add([]byte(s), uint16(100), uint8(1), uint16(200))
	}
	f.Fuzz(func(t *testing.T, data []byte, block uint16, workers uint8, listed uint16) {
		src := source(string(data), int(listed)).within(records.Limits{RecordBytes: 1 << 10, Depth: 16})
		want, wantErr := each(t.Context(), src)
		if wantErr != nil && strings.HasPrefix(wantErr.Error(), "there are ") {
			src.records, wantErr = len(want), nil // without this most inputs would end in it
		}
		got, err := scanned(t, src, records.Options{Workers: int(workers%4) + 1, BlockSize: int(block)%(len(data)+2) + 1, Serial: int64(listed % 4)})
		if diff := cmp.Diff(text(wantErr), text(err)); diff != "" {
			t.Fatal(diff)
		}
		if diff := cmp.Diff(want, got); err == nil && diff != "" {
			t.Error(diff)
		}
	})
}
