package records_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/records"
)

const (
	goodRecord = `{"id":"a","name":"b"}`
	graphPage  = `{"@odata.context":"x","value":[`
)

// badFiles are invalid files of valid records by what is wrong.
func badFiles() map[string]string {
	many, commas := strings.Repeat(goodRecord+"\n", 50), strings.Repeat(goodRecord+",", 50)
	list, blanks := commas+goodRecord, strings.Repeat("\n", 13<<10)
	return map[string]string{
		"array without end":                      "[" + list,
		"array with a comma at the end":          "[" + commas + "]",
		"array with a comma at the beginning":    "[," + list + "]",
		"array with two commas":                  "[" + commas + "," + list + "]",
		"array with a comma missing":             "[" + list + list + "]",
		"array that goes on":                     "[" + list + "]" + goodRecord,
		"array that goes on after blanks":        "[" + list + "]" + strings.Repeat("\n", 3000) + "x",
		"two arrays":                             "[" + list + "]\n[" + list + "]",
		"bracket too many":                       "[" + list + "]]",
		"brace for a bracket":                    "[" + list + "}",
		"bracket that opens":                     "[",
		"bracket that closes":                    "]",
		"lines with commas":                      strings.ReplaceAll(many, "\n", ",\n"),
		"page without end":                       graphPage + list + `]`,
		"page that goes on":                      graphPage + list + `]}` + goodRecord,
		"page in two":                            graphPage + list + `],"a":1,"value":[]}`,
		"page in two, spelt differently":         graphPage + list + `],"valu\u0065":[]}`,
		"page with a link":                       graphPage + list + `],"@odata.nextLink":"y"}`,
		"page with a link before":                `{"@odata.nextLink":"y",` + graphPage[1:] + list + `]}`,
		"page that is closed by a bracket":       graphPage + list + `]]`,
		"page without context, in two":           `{"value":[` + list + `],"value":1}`,
		"page with a member that is deep":        graphPage + list + `],"a":` + strings.Repeat("[", 10_000) + "}",
		"page with a member that is cut off":     graphPage + list + `],"a":{"b`,
		"blanks at the beginning":                blanks + many,
		"blanks at the end":                      many + blanks,
		"blanks before the end":                  "[" + list + blanks + "]",
		"blanks after the end":                   "[" + list + "]" + blanks,
		"wrong count of lines":                   many,
		"wrong count in an array":                "[" + list + "]",
		"wrong count of none":                    "",
		"page whose context is far, and cut off": `{"value":[` + list + `],"@odata.context":`,
	}
}

func TestScanErrors(t *testing.T) {
	many, commas := strings.Repeat(goodRecord+"\n", 50), strings.Repeat(goodRecord+",", 50)
	contents := badFiles()
	for _, bad := range must.Cases(t, "testdata/bad.txt") {
		name, r := bad[0], must.Text(t, bad[1])
		contents[name+", in lines"] = many + r + "\n" + many
		contents[name+", in an array"] = "[" + commas + r + "," + commas + goodRecord + "]"
		contents[name+", in an array of lines"] = "[\n" + strings.ReplaceAll(commas, ",{", ",\n{") + "\n" + r + ",\n" + goodRecord + "]"
		contents[name+", first"] = r + "\n" + many
		contents[name+", first in an array"] = "[" + r + "," + commas + goodRecord + "]"
		contents[name+", last"] = many + r
		contents[name+", last in an array"] = "[" + commas + r + "]"
		contents[name+", in a page"] = graphPage + commas + r + "," + commas + goodRecord + `]}`
		contents[name+", beside a page"] = `{"@odata.context":"x","a":` + r + `,"value":[` + commas + goodRecord + `]}`
		contents[name+", after a page"] = graphPage + commas + goodRecord + `],"a":` + r + `}`
		contents[name+", in a page without context"] = `{"value":[` + commas + r + "," + commas + goodRecord + `]}`
		contents[name+", beside a page without context"] = `{"@odata.a":` + r + `,"value":[` + commas + goodRecord + `]}`
		contents[name+", after a page without context"] = `{"value":[` + commas + goodRecord + `],"@odata.a":` + r + `}`
	}
	limits := records.Limits{RecordBytes: 8 << 10, Depth: 20}
	for name, content := range contents {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sameAsEach(t, source(content, 77).within(limits), 64, 200, 1024, 0)
		})
		if len(content) > 0 && content[len(content)-1] == '}' {
			t.Run(name+", damaged", func(t *testing.T) {
				t.Parallel()
				sameAsEach(t, source(content, 77).within(limits).damaged(), 200, 0)
			})
		}
	}
}

// TestScanReach tests what is just within the window of Reader, and just beyond.
func TestScanReach(t *testing.T) {
	const longest = 1000
	limits := records.Limits{RecordBytes: longest, Depth: 64}
	for _, c := range must.Cases(t, "testdata/reach.txt") {
		before, after, n := must.Text(t, c[1]), must.Text(t, c[2]), must.Get(strconv.Atoi(c[3]))(t)
		t.Run(c[0], func(t *testing.T) {
			failed := 0
			for blanks := longest + 4<<10 - 14; blanks < longest+4<<10+3; blanks++ {
				src := source(before+strings.Repeat("\n", blanks)+after, n).within(limits)
				sameAsEach(t, src, 700, 0)
				if _, err := each(t.Context(), src); err != nil {
					failed++
				}
			}
			if failed == 0 || failed == 17 {
				t.Errorf("%d failed: this does not test the limit", failed)
			}
		})
	}
	// Blanks at the end of one block, and the record in the next one.
	record := `{"id":"` + strings.Repeat("a", longest-9) + `"}`
	for blanks := 4<<10 - 2; blanks < 4<<10+3; blanks++ {
		src := source(strings.Repeat("{}\n", 4999)+"{}"+strings.Repeat("\n", blanks)+record+"\n"+record, 5002)
		sameAsEach(t, src.within(limits), 6000, 7000, 8000, 9000, 10_000)
	}
	for n := longest - 2; n < longest+3; n++ {
		for _, around := range [][2]string{{"", ""}, {"[", "]"}, {"[{},", "]"}, {"{}\n", "\n"}} {
			for _, record := range []string{`"` + strings.Repeat("a", n-2) + `"`, strings.Repeat("1", n)} {
				sameAsEach(t, source(around[0]+record+around[1], 1+len(around[0])/3).within(limits), 700, 0)
			}
		}
	}
}

// TestScanDepth tests limits beyond the depth of jsontext.
func TestScanDepth(t *testing.T) {
	for _, around := range [][2]string{{"", ""}, {"1\n", "\n2"}, {"[1,", "]"}, {graphPage + "1,", "]}"}, {`{"value":[`, `],"@odata.context":"x"}`}} {
		for n := 9996; n < 10_003; n++ {
			for _, record := range []string{strings.Repeat("[", n) + strings.Repeat("]", n), strings.Repeat(`{"a":`, n) + "1" + strings.Repeat("}", n)} {
				src := source(around[0]+record+around[1], 2)
				sameAsEach(t, src.within(records.Limits{RecordBytes: 16 << 20, Depth: 20_000}), 30_000, 0)
			}
		}
	}
}
