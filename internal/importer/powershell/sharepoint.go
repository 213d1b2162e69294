package powershell

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/posture-score/posture/internal/importer/psobject"
)

// SharePoint spells the settings of Get-SPOTenant as Graph does. Only
// those whose meaning is the same are taken; Graph's idle sign-out is not
// among the export's at all.
func SharePoint(tenant map[string]any) map[string]any {
	settings := map[string]any{}
	for _, setting := range []struct {
		from, to string
		read     func(any) (any, bool)
	}{
		// Members of the enumerations Microsoft.Online.SharePoint.
		// TenantManagement.SharingCapabilities and SharingDomainRestrictionModes,
		// in the order of their numbers.
		{"SharingCapability", "sharingCapability", member("disabled", "externalUserSharingOnly", "externalUserAndGuestSharing", "existingExternalUserSharingOnly")},
		{"SharingDomainRestrictionMode", "sharingDomainRestrictionMode", member("none", "allowList", "blockList")},
		{"SharingAllowedDomainList", "sharingAllowedDomainList", words},
		{"SharingBlockedDomainList", "sharingBlockedDomainList", words},
		{"PreventExternalUsersFromResharing", "isResharingByExternalUsersEnabled", inverse},
		{"RequireAcceptingAccountMatchInvitedAccount", "isRequireAcceptingUserToMatchInvitedUserEnabled", same},
		{"LegacyAuthProtocolsEnabled", "isLegacyAuthProtocolsEnabled", same},
		{"IsUnmanagedSyncClientForTenantRestricted", "isUnmanagedSyncAppForTenantRestricted", same},
		{"AllowedDomainListForSyncClient", "allowedDomainGuidsForSyncApp", results},
		{"ExcludedFileExtensionsForSyncClient", "excludedFileExtensionsForSyncApp", results},
		{"BlockMacSync", "isMacSyncAppEnabled", inverse},
	} {
		from, there := psobject.Property(tenant, setting.from)
		if !there {
			continue
		}
		value, ok := setting.read(from)
		switch {
		case ok:
			settings[setting.to] = value
		case psobject.IsMark(from):
			settings[setting.to] = from // it was cut off, which has to be told
		}
	}
	return settings
}

// member reads a member of an enumeration by its number, or by its .NET name,
// which differs from Graph's in the first letter only.
func member(names ...string) func(any) (any, bool) {
	return func(value any) (any, bool) {
		value = psobject.Plain(value, "string", "integer")
		for i, name := range names {
			switch value := value.(type) {
			case json.Number:
				if value.String() == fmt.Sprint(i) {
					return name, true
				}
			case string:
				if strings.EqualFold(value, name) || value == fmt.Sprint(i) {
					return name, true
				}
			}
		}
		return nil, false
	}
}

// words reads a list that is kept as one text.
func words(value any) (any, bool) {
	switch value := psobject.Plain(value, "string").(type) {
	case nil:
		return []any{}, true
	case string:
		return fieldsOf(value), true
	}
	return value, true
}

// results reads a list that SharePoint's REST interface may have wrapped. An
// empty text is how it keeps an empty list.
func results(value any) (any, bool) {
	value = psobject.Plain(value, "string")
	if wrapped, ok := value.(map[string]any); ok {
		value = wrapped["results"]
	}
	list, ok := value.([]any)
	if !ok {
		return words(value)
	}
	kept := []any{}
	for _, element := range list {
		if element != "" && element != nil {
			kept = append(kept, element)
		}
	}
	return kept, true
}

func inverse(value any) (any, bool) {
	switch value := psobject.Plain(value, "boolean").(type) {
	case bool:
		return !value, true
	case json.Number:
		return value == "0", value == "0" || value == "1"
	}
	return nil, false
}

func same(value any) (any, bool) { return value, true }

func fieldsOf(text string) []any {
	list := []any{}
	for _, word := range strings.Fields(text) {
		list = append(list, word)
	}
	return list
}
