package catalog_test

import (
	"testing"

	"github.com/posture-score/posture/engine/internal/rego/check"
	"github.com/posture-score/posture/internal/must"
)

// TestTests counts as many tests of a rule as a run of them does.
func TestTests(t *testing.T) {
	catalog := builtinCatalog(t)
	c := control(t, catalog, "AdminMFAV2")
	report := must.Get(catalog.Test(t.Context(), check.TestOptions{Run: `^data\.policies\.entra\.admin_mfa_test\.`}))(t)
	if got := catalog.Tests(c); got == 0 || got != len(report.Tests) {
		t.Errorf("%d tests are counted, and %d were run", got, len(report.Tests))
	}
	if got := catalog.Tests(control(t, catalog, "aad_linkedin_connection_disables")); got != 0 {
		t.Errorf("a control without Rego has %d tests", got)
	}
}
