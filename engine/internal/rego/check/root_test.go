package check

import (
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
)

// Who names a folder of a catalog instead of its root is told so, and who misspelt a package is not.
func TestRootHint(t *testing.T) {
	for _, test := range []struct{ placed, declared, want string }{
		{"policies.mfa", "policies.entra.mfa", "above"},
		{"policies.ours.entra.mfa", "policies.entra.mfa", "below"},
		{"policies.entra.mfa", "policies.entra.mfb", ""},
		{"policies.entra.mfa", "policies.mail.mfa", ""},
		{"policies.entra.mfa", "policies.a", ""},
		{"policies.entra.mfa", "mfa", ""},
		{"policies.entra.mfa", "policies.entra.mfa", ""},
	} {
		hint := rootHint(test.placed, test.declared)
		got := ""
		for _, where := range []string{"above", "below"} {
			if strings.Contains(hint, "a folder "+where) {
				got = where
			}
		}
		expect.Equalf(t, test.want, got, "%s placed at %s: %s", test.declared, test.placed, hint)
	}
}
