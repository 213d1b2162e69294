package powershell

import (
	"strings"
	"testing"

	"github.com/posture-score/posture/schemas"
)

func TestNamed(t *testing.T) {
	tests := map[string]string{
		"Get-SafeLinksPolicy.json":           "Get-SafeLinksPolicy",
		"a/b/get-safelinkspolicy.JSON":       "get-safelinkspolicy",
		"Get-SafeLinksPolicy_2026-01-31.txt": "Get-SafeLinksPolicy",
		"Get-SafeLinksPolicy (1).json":       "Get-SafeLinksPolicy",
		"Get-SafeLinksPolicy.contoso.json":   "Get-SafeLinksPolicy",
		"Get-SafeLinksPolicyOld.json":        "Get-SafeLinksPolicyOld",
		"SafeLinksPolicy.json":               "",
		"get-.json":                          "",
		"groups_get-x.json":                  "",
		"Get-SafeLinksPolicy/users.json":     "",
	}
	for file, want := range tests {
		if got, ok := Named(file); got != want || ok != (want != "") {
			t.Errorf("Named(%q) = %q, %t; want %q", file, got, ok, want)
		}
	}
}

// What is written here about cmdlets fits what the schemas say of them.
func TestTableFitsSchemas(t *testing.T) {
	registry, err := schemas.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	datasets := map[string]string{}
	for _, name := range registry.Names() {
		dataset, _ := registry.Dataset(name)
		own := 0
		for _, cmdlet := range cmdletsOf(dataset) {
			if other, ok := datasets[cmdlet]; ok {
				t.Errorf("%s makes %s and %s", cmdlet, other, name)
			}
			datasets[cmdlet] = name
			if found, ok := Named(cmdlet + ".json"); !ok || found != cmdlet {
				t.Errorf("a file can't be named after %s", cmdlet)
			}
			if complements()[cmdlet] == "" {
				own++
			} else if own == 0 {
				t.Errorf("%s: %s completes nothing that comes before it", name, cmdlet)
			}
		}
		if dataset.Kind == schemas.Document && own > 1 {
			t.Errorf("%s is one object, and %d cmdlets make it", name, own)
		}
	}
	for cmdlet := range translations() {
		if datasets[cmdlet] == "" {
			t.Errorf("no dataset is made of %s, which is translated", cmdlet)
		}
	}
	for cmdlet := range complements() {
		if datasets[cmdlet] == "" {
			t.Errorf("no dataset is made of %s, which is to complete one", cmdlet)
		}
	}
	for cmdlet := range tellers() {
		if name := datasets[cmdlet]; name != "" {
			t.Errorf("%s makes %s, and would no longer", cmdlet, name)
		}
	}
	for cmdlet, other := range substitutes() {
		if datasets[other] == "" || datasets[cmdlet] != "" {
			t.Errorf("%s can't stand for %s", cmdlet, other)
		}
	}
	if table := NewTable(registry); len(table.uses) != len(datasets)+len(substitutes())+len(tellers()) || !table.Knows(strings.ToUpper("get-safelinkspolicy.json")) {
		t.Errorf("the table has %d cmdlets, want %d", len(table.uses), len(datasets)+len(substitutes())+len(tellers()))
	}
}
