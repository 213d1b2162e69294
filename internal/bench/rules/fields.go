package rules

import (
	"slices"
	"strings"

	"github.com/posture-score/posture/internal/bench/synthetic"
	"github.com/posture-score/posture/internal/jsonscan"
)

// Fields are what the rules read of each dataset, keys included: what a reader has to extract from
// the evidence at least.
func (s Set) Fields() map[string][]jsonscan.Field {
	if s == Distinct {
		return map[string][]jsonscan.Field{
			synthetic.People: read("id", "userPrincipalName", "mail", "displayName", "employeeId", "department", "employeeNumber", "mobilePhone",
				"onPremisesDistinguishedName", "createdDateTime", "lastPasswordChangeDateTime", "lastSignInDateTime", "proxyAddresses[]",
				"grants[].scope", "grants[].grantedDateTime", "mailbox.usedBytes", "mailbox.quotaBytes", "mailbox.forwardTo", "managerChain[].mail"),
			synthetic.Sessions: read("id", "userId", "createdDateTime", "clientAppUsed", "country", "riskScore"),
			synthetic.Hosts: read("id", "deviceName", "serialNumber", "site", "osVersion", "ipAddress", "lastSyncDateTime", "disks[].name",
				"disks[].sizeBytes", "disks[].freeBytes", "disks[].encrypted", "certificates[].keyBits", "certificates[].notAfter",
				"certificates[].subject", "software[].name"),
		}
	}
	return map[string][]jsonscan.Field{
		synthetic.Users: read("id", "userPrincipalName", "accountEnabled", "userType", "assignedLicenses[].skuId", "authMethods[]",
			"lastSignIn", "roles[]", "passwordPolicies", "usageLocation"),
		synthetic.Devices: read("id", "operatingSystem", "osVersion", "complianceState", "isEncrypted", "jailBroken", "ownerType",
			"passcodeRequired", "passcodeMinLength", "firewallEnabled", "antivirusEnabled", "secureBoot", "tpmVersion",
			"defenderRealtime", "bitlocker.enabled", "bitlocker.method"),
		synthetic.Policies: read("id", "displayName", "state", "conditions.users.includeUsers[]", "conditions.users.excludeUsers[]",
			"conditions.users.includeRoles[]", "grantControls.builtInControls[]", "sessionControls.signInFrequency.isEnabled",
			"sessionControls.signInFrequency.value"),
		synthetic.Settings: read("id", "enabled", "level", "mode", "allowed[]"),
	}
}

// read makes fields of paths: members with dots between them, [] after those whose every element is read.
func read(paths ...string) []jsonscan.Field {
	var fields []jsonscan.Field
	for _, path := range paths {
		steps := strings.Split(strings.ReplaceAll(path, "[]", ".[]"), ".")
		i := slices.IndexFunc(fields, func(f jsonscan.Field) bool { return f.Name == steps[0] })
		if i < 0 {
			i = len(fields)
			fields = append(fields, jsonscan.Field{Name: steps[0], Mask: &jsonscan.FieldMask{}})
		}
		at := fields[i].Mask
		for _, step := range steps[1:] {
			if step == "[]" {
				at = at.Elements()
			} else {
				at = at.Field(step)
			}
		}
	}
	return fields
}
