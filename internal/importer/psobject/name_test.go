package psobject

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

func TestProperty(t *testing.T) {
	record := map[string]any{"TenantId": 1, "displayname": 2, "DISPLAYNAME": 3, "": 4, "Nothing": nil}
	for _, test := range []struct {
		name  string
		want  any
		there bool
	}{
		{"TenantId", 1, true}, {"tenantID", 1, true}, {"DisplayName", 2, true}, {"DISPLAYNAME", 3, true}, {"nothing", nil, true}, {"other", nil, false},
	} {
		if got, there := Property(record, test.name); got != test.want || there != test.there {
			t.Errorf("Property(%q) = %v, %t; want %v, %t", test.name, got, there, test.want, test.there)
		}
	}
}
