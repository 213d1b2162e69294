// Package expect reports values that differ from those that a test wants.
//
// It does NOT end the test: what a test can't go on without is for internal/must.
package expect

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Equal reports the difference of two values.
func Equal[V any](t testing.TB, want, got V) {
	if diff := cmp.Diff(want, got); diff != "" {
		t.Helper()
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Equalf is Equal, and says which values they are.
func Equalf[V any](t testing.TB, want, got V, format string, args ...any) {
	if diff := cmp.Diff(want, got); diff != "" {
		t.Helper()
		t.Errorf(format+" (-want +got):\n%s", append(args, diff)...)
	}
}
