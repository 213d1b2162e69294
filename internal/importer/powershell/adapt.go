package powershell

// translation spells a record of a cmdlet as its dataset does, where names and
// forms are not all that differs.
type translation func(map[string]any) map[string]any

// translations are by cmdlet, and few.
func translations() map[string]translation {
	return map[string]translation{
		"Get-SPOTenant": SharePoint,
	}
}

// complements are cmdlets whose records complete those of the first source of
// their dataset, and the field that both have. Other cmdlets of one dataset
// each bring records of their own, and all of them have to be there.
func complements() map[string]string {
	return map[string]string{
		// Both write the id that the object has in the directory of Exchange.
		"Get-MailboxAuditBypassAssociation": "guid",
	}
}

// substitutes are cmdlets that answer what the cmdlet of a source does: an
// export of one is read as one of the other.
func substitutes() map[string]string {
	return map[string]string{
		// The same mailboxes with the same properties, more slowly, and all of
		// them without asking (Microsoft Learn, "Get-Mailbox", "Get-EXOMailbox").
		"Get-Mailbox": "Get-EXOMailbox",
		// The community's module gives the same settings under the same names (PnP.PowerShell, Model/SPOTenant.cs).
		"Get-PnPTenant": "Get-SPOTenant",
	}
}

// tenantFields are the properties with which a cmdlet names the tenant.
type tenantFields struct{ id, name string }

// tenantCmdlets make no evidence, but name the tenant that they were run in.
func tenantCmdlets() map[string]tenantFields {
	return map[string]tenantFields{
		"Get-ConnectionInformation": {id: "TenantID"},
		"Get-CsTenant":              {id: "TenantId", name: "DisplayName"},
		"Get-MgContext":             {id: "TenantId"},
	}
}
