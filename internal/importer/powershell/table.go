package powershell

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/posture-score/posture/schemas"
)

// Table knows which cmdlets make evidence.
type Table struct {
	uses map[string]use // by the name of the cmdlet in small letters
}

// use is what the answers of a cmdlet are for: a dataset, or the tenant's name.
type use struct {
	cmdlet  string // as it is written
	dataset *schemas.Dataset
	teller  teller
}

// NewTable takes the cmdlets from the sources of all datasets.
func NewTable(registry *schemas.Registry) *Table {
	t := &Table{uses: map[string]use{}}
	for _, name := range registry.Names() {
		dataset, _ := registry.Dataset(name)
		for _, cmdlet := range cmdletsOf(dataset) {
			t.uses[strings.ToLower(cmdlet)] = use{cmdlet: cmdlet, dataset: dataset}
		}
	}
	for cmdlet, other := range substitutes() {
		t.uses[strings.ToLower(cmdlet)] = t.uses[strings.ToLower(other)]
	}
	for cmdlet, teller := range tellers() {
		t.uses[strings.ToLower(cmdlet)] = use{cmdlet: cmdlet, teller: teller}
	}
	return t
}

// Knows reports whether a file is named after a cmdlet that makes evidence, or
// that says whose the evidence is.
func (t *Table) Knows(file string) bool {
	_, ok := t.useOf(file)
	return ok
}

func (t *Table) useOf(file string) (use, bool) {
	cmdlet, _ := Named(file)
	u, ok := t.uses[strings.ToLower(cmdlet)]
	return u, ok
}

var named = regexp.MustCompile(`(?i)^(get-[a-z][a-z0-9]*)([^a-z0-9].*)?$`)

// Named finds the cmdlet that a file is named after, as the file spells it.
// What follows it after a space, a dash or the like is free.
func Named(file string) (string, bool) {
	base := path.Base(file)
	found := named.FindStringSubmatch(strings.TrimSuffix(base, path.Ext(base)))
	if found == nil {
		return "", false
	}
	return found[1], true
}

// cmdletsOf are the cmdlets among the sources of a dataset, in their order.
func cmdletsOf(dataset *schemas.Dataset) []string {
	var names []string
	for _, source := range dataset.Sources {
		if source.Cmdlet != "" && !slices.Contains(names, source.Cmdlet) {
			names = append(names, source.Cmdlet)
		}
	}
	return names
}
