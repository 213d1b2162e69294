package report

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the goldens in testdata")

// golden compares what a function writes with testdata/NAME.golden, and sees to it that a second time gives the same.
func golden(t *testing.T, name string, write func(io.Writer) error) string {
	t.Helper()
	var got, again bytes.Buffer
	for _, w := range []*bytes.Buffer{&got, &again} {
		if err := write(w); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(got.String(), again.String()); diff != "" {
		t.Errorf("written twice it differs:\n%s", diff)
	}
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
	return got.String()
}
