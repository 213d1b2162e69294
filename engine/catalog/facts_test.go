package catalog_test

import (
	"cmp"
	"encoding/csv"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// fact is what Microsoft's exports say of one control; testdata/facts.tsv lists them.
type fact struct{ id, title, points, category, product, status string }

// unwritten are the listed controls that the catalog does not have, with the reason.
var unwritten = map[string]string{}

// TestFacts holds that the built-in catalog is the list of facts: the same controls, called the
// same and worth the same.
func TestFacts(t *testing.T) {
	cat := builtinCatalog(t)
	listed := facts(t)
	for _, c := range cat.Controls() {
		if _, ok := listed[c.ID]; !ok {
			t.Errorf("%s is not in the list of facts", c.ID)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(listed)) {
		c, ok := cat.Control(id)
		reason, left := unwritten[id]
		switch {
		case !ok && !left:
			t.Errorf("the catalog lacks %s", id)
		case ok && left:
			t.Errorf("the catalog has %s, which is said to be left out: %s", id, reason)
		case ok:
			checkFact(t, cat, c, listed[id])
		}
	}
	for id, reason := range unwritten {
		if listed[id].id == "" || reason == "" {
			t.Errorf("%s is left out without a reason, or is not in the list of facts", id)
		}
	}
}

func checkFact(t *testing.T, cat *catalog.Catalog, c *catalog.Control, want fact) {
	t.Helper()
	// The check of a catalog wants titles without a full stop.
	if title := strings.TrimSuffix(want.title, "."); c.Title != title {
		t.Errorf("%s is called %q, want %q", c.ID, c.Title, title)
	}
	// Points that are not known are none.
	points, err := strconv.ParseFloat(cmp.Or(want.points, "0"), 64)
	if err != nil || c.Points != int64(math.Round(points*100)) {
		t.Errorf("%s is worth %d hundredths of a point, want %s points", c.ID, c.Points, want.points)
	}
	if category := strings.ToLower(want.category); c.Category != category {
		t.Errorf("%s is of category %s, want %s", c.ID, c.Category, category)
	}
	expect.Equalf(t, want.status, cmp.Or(string(c.Stage), "current"), "%s", c.ID)
	product, _ := cat.Product(c.Product)
	expect.Equalf(t, want.product, strings.TrimPrefix(product.Title, "Defender for Cloud Apps: "), "%s is of product", c.ID)
}

// facts reads the list.
func facts(t *testing.T) map[string]fact {
	t.Helper()
	file := must.Get(os.Open(filepath.Join("testdata", "facts.tsv")))(t)
	defer file.Close()
	r := csv.NewReader(file)
	r.Comma, r.LazyQuotes = '\t', true
	rows := must.Get(r.ReadAll())(t)
	listed := map[string]fact{}
	for _, row := range rows[1:] {
		f := fact{row[0], row[1], row[2], row[3], row[4], row[5]}
		if _, twice := listed[f.id]; twice {
			t.Errorf("%s is in the list twice", f.id)
		}
		listed[f.id] = f
	}
	return listed
}
