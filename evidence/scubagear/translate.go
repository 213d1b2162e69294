package scubagear

import (
	"fmt"
	"strings"
)

// authorizationPolicy moves the consent policies to where v1.0 of Graph has
// them; ScubaGear asks beta, which has them at the top.
func authorizationPolicy(record map[string]any) map[string]any {
	const beta, current = "PermissionGrantPolicyIdsAssignedToDefaultUserRole", "PermissionGrantPoliciesAssigned"
	permissions, ok := record["DefaultUserRolePermissions"].(map[string]any)
	if !ok {
		return record
	}
	// Below the depth of the export a list is its elements between spaces; an
	// id has none.
	if text, ok := permissions[current].(string); ok {
		permissions[current] = fieldsOf(text)
	}
	if permissions[current] != nil {
		return record
	}
	// Null is what the SDK says of a property that was not sent. It must not
	// read as "users may consent to nothing".
	delete(permissions, current)
	if assigned := record[beta]; assigned != nil {
		permissions[current] = assigned
	}
	return record
}

// spfRecord takes from a lookup the texts that were found. ScubaGear's own
// verdict and log are left behind.
func spfRecord(record map[string]any) map[string]any {
	return map[string]any{"domain": record["domain"], "records": record["rdata"]}
}

// domainWithoutLookup finds a mail domain whose DNS records were not looked
// up. The list of lookups is what stands for the list of domains in some
// rules, so it has to have them all.
func domainWithoutLookup(e *export) string {
	looked := map[string]bool{}
	for _, element := range elements(e.values["spf_records"]) {
		record, _ := element.(map[string]any)
		if domain, ok := record["domain"].(string); ok {
			looked[strings.ToLower(domain)] = true
		}
	}
	missing, first := 0, ""
	for _, element := range elements(e.values["accepted_domains"]) {
		record, _ := element.(map[string]any)
		domain, _ := record["DomainName"].(string)
		if domain == "" || looked[strings.ToLower(domain)] {
			continue
		}
		if missing++; first == "" {
			first = domain
		}
	}
	if missing == 0 {
		return ""
	}
	return fmt.Sprintf("the export has no lookup for %d of the accepted domains, such as %s", missing, first)
}

func fieldsOf(text string) []any {
	list := []any{}
	for _, word := range strings.Fields(text) {
		list = append(list, word)
	}
	return list
}
