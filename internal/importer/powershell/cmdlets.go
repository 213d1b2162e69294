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

// translation spells a record of a cmdlet as its dataset does, if more than names and forms differ.
type translation func(map[string]any) map[string]any

// translations returns them by cmdlet.
func translations() map[string]translation {
	return map[string]translation{
		"Get-SPOTenant": SharePoint,
	}
}

// complements returns the cmdlets whose records complete those of the first source of their
// dataset, and the field that both have. Other cmdlets of one dataset each have records of their
// own, and all of them have to be there.
func complements() map[string]string {
	return map[string]string{
		// Both write the id that the object has in the directory of Exchange.
		"Get-MailboxAuditBypassAssociation": "guid",
	}
}

// substitutes returns the cmdlets that return what the cmdlet of a source does: a file of one is
// read like a file of the other.
func substitutes() map[string]string {
	return map[string]string{
		// The same mailboxes with the same properties, more slowly, and all of
		// them without asking (Microsoft Learn, "Get-Mailbox", "Get-EXOMailbox").
		"Get-Mailbox": "Get-EXOMailbox",
		// The community's module returns the same settings under the same names (PnP.PowerShell, Model/SPOTenant.cs).
		"Get-PnPTenant": "Get-SPOTenant",
	}
}

// tenantFields are the properties with which a cmdlet names the tenant.
type tenantFields struct{ id, name string }

// tenantCmdlets returns the cmdlets that make no evidence, but name the tenant that they were run
// in.
func tenantCmdlets() map[string]tenantFields {
	return map[string]tenantFields{
		"Get-ConnectionInformation": {id: "TenantID"},
		"Get-CsTenant":              {id: "TenantId", name: "DisplayName"},
		"Get-MgContext":             {id: "TenantId"},
	}
}
