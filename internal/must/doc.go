// Package must ends a test at an error that the test is not about: a file that can't be read, a catalog that can't be
// loaded. It also reads the cases of tests from files.
//
// It does NOT compare values: that is for internal/expect.
package must

import "testing"

// Get returns the value of a call that returns a value and an error, as in
//
//	text := must.Get(os.ReadFile(path))(t)
//
// An error is fatal to the test, at the line of the call.
func Get[V any](value V, err error) func(testing.TB) V {
	return func(t testing.TB) V {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
		return value
	}
}

// Do is for a call that returns an error alone, which is fatal to the test.
func Do(t testing.TB, err error) {
	if err != nil {
		t.Helper()
		t.Fatal(err)
	}
}
