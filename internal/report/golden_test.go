package report

import (
	"bytes"
	"cmp"
	"flag"
	"os"
	"path/filepath"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/posture-score/posture/internal/must"
)

var update = flag.Bool("update", false, "rewrite the goldens in testdata")

// golden compares a page with testdata/NAME.golden: in a format, or as text for people if that is empty. Several pages follow each
// other. Written a second time they have to be the same.
func golden(t *testing.T, name, format string, style Style, pages ...Page) string {
	t.Helper()
	var got, again bytes.Buffer
	for _, w := range []*bytes.Buffer{&got, &again} {
		for _, page := range pages {
			must.Do(t, Write(w, page, cmp.Or(format, Formats(page)[0]), style))
		}
	}
	if diff := gocmp.Diff(got.String(), again.String()); diff != "" {
		t.Errorf("written twice it differs:\n%s", diff)
	}
	path := filepath.Join("testdata", name+".golden")
	if *update {
		must.Do(t, os.WriteFile(path, got.Bytes(), 0o644))
	}
	want := must.Get(os.ReadFile(path))(t)
	if diff := gocmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
	return got.String()
}
