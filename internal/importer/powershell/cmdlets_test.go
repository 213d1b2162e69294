package powershell

import (
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/schemas"
)

// TestTableFitsSchemas compares what is written here about cmdlets with the sources in the schemas.
func TestTableFitsSchemas(t *testing.T) {
	registry := must.Get(schemas.Builtin())(t)
	datasets := map[string]string{}
	for _, name := range registry.Names() {
		dataset, _ := registry.Dataset(name)
		own := 0
		for _, cmdlet := range cmdletsOf(dataset) {
			if other, ok := datasets[cmdlet]; ok {
				t.Errorf("%s makes %s and %s", cmdlet, other, name)
			}
			datasets[cmdlet] = name
			if found, ok := importer.Cmdlet(cmdlet + ".json"); !ok || found != cmdlet {
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
	for cmdlet := range tenantCmdlets() {
		if name := datasets[cmdlet]; name != "" {
			t.Errorf("%s makes %s, and would no longer", cmdlet, name)
		}
	}
	for cmdlet, other := range substitutes() {
		if datasets[other] == "" || datasets[cmdlet] != "" {
			t.Errorf("%s can't stand for %s", cmdlet, other)
		}
	}
	if table := newTable(registry); len(table.uses) != len(datasets)+len(substitutes())+len(tenantCmdlets()) || !table.knows(strings.ToUpper("get-safelinkspolicy.json")) {
		t.Errorf("the table has %d cmdlets, want %d", len(table.uses), len(datasets)+len(substitutes())+len(tenantCmdlets()))
	}
}
