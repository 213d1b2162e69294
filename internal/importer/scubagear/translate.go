package scubagear

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/posture-score/posture/internal/importer/psobject"
)

// authorizationPolicy moves the consent policies to where v1.0 of Graph has them; ScubaGear reads
// beta, which has them at the top.
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

// spfRecord returns the texts that a lookup found, without ScubaGear's own verdict and log. If no
// query was answered, it is unknown what the domain publishes, and the record has no texts.
func spfRecord(record map[string]any) map[string]any {
	if len(elements(record["rdata"])) == 0 && unanswered(elements(record["log"])) {
		return map[string]any{"domain": record["domain"]}
	}
	return map[string]any{"domain": record["domain"], "records": record["rdata"]}
}

// unanswered reports whether a lookup made queries and none of them was answered: "Query returned 0
// txt records" and "Query returned NXDomain" are answers, exceptions and other response codes are
// not (ScubaGear, Invoke-RobustDnsTxt).
func unanswered(log []any) bool {
	return len(log) > 0 && !slices.ContainsFunc(log, func(element any) bool {
		entry, _ := element.(map[string]any)
		result, ok := entry["query_result"].(string)
		return !ok || answered.MatchString(result)
	})
}

var answered = regexp.MustCompile(`(?i)returned (\d+ txt|nxdomain)`)

// domainWithoutLookup returns that a mail domain's DNS records were not looked up. Some rules read
// the lookups as the list of domains, so it has to be complete.
func domainWithoutLookup(e *export) string {
	looked := map[string]bool{}
	for _, element := range elements(e.values["spf_records"]) {
		record, _ := element.(map[string]any)
		if domain, ok := record["domain"].(string); ok {
			looked[strings.ToLower(domain)] = true
		}
	}
	missing, first := 0, ""
	for _, element := range elements(e.values[e.key(acceptedDomains())]) {
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

// privilegedAssignments returns assignments of the roles that ScubaGear lists, with the type of
// each holder if the lists of users and of service principals have it.
func privilegedAssignments(e *export) []any {
	kinds := map[string]string{}
	for key, kind := range map[string]string{"privileged_users": "#microsoft.graph.user", "privileged_service_principals": "#microsoft.graph.servicePrincipal"} {
		for _, element := range elements(e.values[key]) {
			holders, _ := element.(map[string]any)
			for id := range holders {
				kinds[strings.ToLower(id)] = kind
			}
		}
	}
	list := []any{}
	for _, element := range elements(e.values["privileged_roles"]) {
		role, _ := element.(map[string]any)
		for _, element := range elements(role["Assignments"]) {
			assignment, ok := psobject.Convert(element, nil).(map[string]any)
			if !ok {
				list = append(list, element) // not an object: the caller refuses it, since it may be the holder of a role
				continue
			}
			id, _ := assignment["principalId"].(string)
			if kind, known := kinds[strings.ToLower(id)]; known {
				assignment["principal"] = map[string]any{"@odata.type": kind, "id": id}
			}
			list = append(list, assignment)
		}
	}
	return list
}

// withoutAssignments returns that ScubaGear did not list the holders of the roles, which it cannot
// in a tenant without Entra ID P2.
func withoutAssignments(e *export) string {
	for _, element := range elements(e.values["privileged_roles"]) {
		role, _ := element.(map[string]any)
		if _, listed := role["Assignments"]; listed {
			return ""
		}
	}
	return "the export does not list who holds the privileged roles, as ScubaGear can't without Entra ID P2"
}

// subscription returns one license with the service plans that the tenant can use. ScubaGear does
// not say which license a plan belongs to.
func subscription(e *export) []any {
	plans := []any{}
	for _, element := range elements(e.values["service_plans"]) {
		plans = append(plans, psobject.Convert(element, nil))
	}
	return []any{map[string]any{
		"skuId": "service_plans", "skuPartNumber": "all service plans of the export", "capabilityStatus": "Enabled", "servicePlans": plans,
	}}
}

// withoutPlans returns that the list of plans is empty: every tenant has some.
func withoutPlans(e *export) string {
	if len(elements(e.values["service_plans"])) > 0 {
		return ""
	}
	return "service_plans is empty, and every tenant has some"
}

// baselinePolicy is the form of a policy's id in the SCuBA baselines.
var baselinePolicy = regexp.MustCompile(`(?i)^MS\.[A-Z]+\.[0-9]+\.[0-9]+v[0-9]+$`)

// exceptions returns the exceptions in the organization's configuration of ScubaGear: policies that
// it omits, and the users and groups that Conditional Access policies may exclude (ScubaGear,
// docs/configuration: OmitPolicy and CapExclusions).
func exceptions(e *export) []any {
	config, _ := e.values[configKey].(map[string]any)
	records := map[string]map[string]any{}
	record := func(id string) map[string]any {
		if records[id] == nil {
			records[id] = map[string]any{"policyId": id}
		}
		return records[id]
	}
	for _, name := range slices.Sorted(maps.Keys(config)) {
		section, _ := config[name].(map[string]any)
		for _, id := range slices.Sorted(maps.Keys(section)) {
			if !baselinePolicy.MatchString(id) {
				continue
			}
			if strings.EqualFold(name, "OmitPolicy") {
				omit(record(id), section[id])
			} else if excluded := excludedBy(section[id]); len(excluded) > 0 {
				record(id)["excluded"] = excluded
			}
		}
	}
	list := []any{}
	for _, id := range slices.Sorted(maps.Keys(records)) {
		list = append(list, records[id])
	}
	return list
}

// omit marks a policy as omitted, with the reason: a text, or an object with the end of the
// exception.
func omit(record map[string]any, value any) {
	record["omitted"] = true
	switch value := value.(type) {
	case string:
		record["rationale"] = value
	case map[string]any:
		for name, field := range map[string]string{"Rationale": "rationale", "Expiration": "expiration"} {
			if text, ok := value[name].(string); ok {
				record[field] = text
			}
		}
	}
}

func excludedBy(value any) []any {
	policy, _ := value.(map[string]any)
	exclusions, _ := policy["CapExclusions"].(map[string]any)
	ids := []any{}
	for _, name := range []string{"Users", "Groups"} {
		for _, element := range elements(exclusions[name]) {
			if id, ok := element.(string); ok && id != "" {
				ids = append(ids, id)
			}
		}
	}
	return ids
}
