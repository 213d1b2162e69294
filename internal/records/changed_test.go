package records_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/records"
)

// TestChanged holds that a file of other bytes than the expected ones is never taken for it, however it is read and whatever is
// wrong with it: that it was changed is the error, and no other.
func TestChanged(t *testing.T) {
	many := strings.Repeat(goodRecord+"\n", 50)
	contents := map[string]string{
		"one record more":       many + goodRecord,
		"one record less":       many[len(goodRecord)+1:],
		"a blank more":          many + "\n",
		"an array of the same":  "[" + strings.ReplaceAll(strings.TrimSpace(many), "\n", ",") + "]",
		"a page":                graphPage + goodRecord + "]}",
		"a page, told late":     `{"value":[` + strings.Repeat(goodRecord+",", 10_000) + goodRecord + `],"@odata.context":"x"}`,
		"an object of much":     `{"a":[` + strings.Repeat(goodRecord+",", 10_000) + goodRecord + `]}`,
		"an array, and more":    "[" + goodRecord + "]" + many,
		"a byte in a record":    strings.Replace(many, "b", "c", 1),
		"a byte in the last":    many[:len(many)-4] + "c" + many[len(many)-3:],
		"a record that is long": many + `{"id":"` + strings.Repeat("x", 20<<10) + `"}`,
	}
	for name, content := range badFiles() {
		contents["bad: "+name] = content
	}
	for name, content := range contents {
		if content == many || content == "" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			src := source(many, 50).within(records.Limits{RecordBytes: 8 << 10, Depth: 20})
			src.changed = content
			if _, err := each(t.Context(), src); !errors.Is(err, errChanged) {
				t.Errorf("Each: %v", err)
			}
			for _, options := range []records.Options{{Workers: 1}, {Workers: 2, BlockSize: 64}, {Workers: 8, BlockSize: 300}, {Workers: 2}} {
				if _, err := scanned(t, src, options); !errors.Is(err, errChanged) {
					t.Errorf("Scan with %d workers and blocks of %d: %v", options.Workers, options.BlockSize, err)
				}
			}
		})
	}
}

// TestUnchanged holds that a pass that ends early tells nothing about the rest of the file.
func TestUnchanged(t *testing.T) {
	src := source(goodRecord, 1)
	src.changed = goodRecord + goodRecord
	seen := 0
	if err := records.Each(context.Background(), src, func(records.Record) bool { seen++; return false }); err != nil || seen != 1 {
		t.Errorf("%d records: %v", seen, err)
	}
}
