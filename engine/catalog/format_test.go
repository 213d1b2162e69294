package catalog_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/engine/catalog"
)

// TestFormatBuiltin holds the built-in catalog to the formatters, as CI of other catalogs would.
func TestFormatBuiltin(t *testing.T) {
	t.Parallel()
	files, err := catalog.Format(t.Context(), builtinSource(t))
	if err != nil {
		t.Error(err)
	}
	if len(files) < 100 {
		t.Errorf("%d files were formatted", len(files))
	}
	for _, file := range files {
		if file.Changed() {
			t.Errorf("%s is not formatted (-want +got):\n%s", file.Path, cmp.Diff(string(file.After), string(file.Before)))
		}
	}
}
