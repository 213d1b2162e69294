package powershell

import (
	"slices"
	"strings"

	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/schemas"
)

// table knows which cmdlets make evidence.
type table struct {
	uses map[string]use // by the name of the cmdlet in small letters
}

// use is what the answers of a cmdlet are for: a dataset, or the name of the tenant.
type use struct {
	cmdlet   string // in its usual spelling
	dataset  *schemas.Dataset
	tenantOf tenantFields
}

// newTable returns the cmdlets in the sources of all datasets.
func newTable(registry *schemas.Registry) *table {
	t := &table{uses: map[string]use{}}
	for _, name := range registry.Names() {
		dataset, _ := registry.Dataset(name)
		for _, cmdlet := range cmdletsOf(dataset) {
			t.uses[strings.ToLower(cmdlet)] = use{cmdlet: cmdlet, dataset: dataset}
		}
	}
	for cmdlet, other := range substitutes() {
		t.uses[strings.ToLower(cmdlet)] = t.uses[strings.ToLower(other)]
	}
	for cmdlet, fields := range tenantCmdlets() {
		t.uses[strings.ToLower(cmdlet)] = use{cmdlet: cmdlet, tenantOf: fields}
	}
	return t
}

// knows reports whether a file is named after a cmdlet that makes evidence or names the tenant.
func (t *table) knows(file string) bool {
	_, ok := t.useOf(file)
	return ok
}

func (t *table) useOf(file string) (use, bool) {
	cmdlet, _ := importer.Cmdlet(file)
	u, ok := t.uses[strings.ToLower(cmdlet)]
	return u, ok
}

// cmdletsOf returns the cmdlets among the sources of a dataset, in their order.
func cmdletsOf(dataset *schemas.Dataset) []string {
	var names []string
	for _, source := range dataset.Sources {
		if source.Cmdlet != "" && !slices.Contains(names, source.Cmdlet) {
			names = append(names, source.Cmdlet)
		}
	}
	return names
}
