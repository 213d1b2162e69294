package powershell

import "testing"

// FuzzCamelCase: a name of plain letters is spelt like any other.
func FuzzCamelCase(f *testing.F) {
	for _, name := range []string{"", "a", "A", "AB", "ABc", "Abc", "AB C", "aBC", "@odata.type", "URLValue", "É", "ÉA"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if want, got := camelCase(name), CamelCase(name); want != got && string([]rune(name)) == name {
			t.Errorf("%q is spelt %q, want %q", name, got, want)
		}
	})
}
