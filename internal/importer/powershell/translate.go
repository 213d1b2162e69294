package powershell

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/posture-score/posture/internal/importer/psobject"
)

// FlattenTexts replaces the objects that some cmdlets put around texts by the texts, in a record that was
// converted to the shape of its dataset. Which of the two forms a cmdlet writes depends on the
// version of its module and on the depth of ConvertTo-Json. Any other form stays as it is, for
// validation to report.
func FlattenTexts(dataset string, record map[string]any) {
	for field, value := range record {
		path := around(dataset, field)
		list, ok := value.([]any)
		if path == nil || !ok {
			continue
		}
		// The list may be shared with the record that it was converted from.
		plain := make([]any, len(list))
		for i, element := range list {
			plain[i] = element
			if text, ok := inside(element, path); ok {
				plain[i] = text
			}
		}
		record[field] = plain
	}
}

// around returns the members that lead to the text in an element of a list; nil if its elements are
// texts. They are what others read of the same cmdlets (Microsoft365DSC,
// EXOHostedContentFilterPolicy: AllowedSenders.Sender.Address and AllowedSenderDomains.Domain;
// SCLabelPolicy, SCDLPCompliancePolicy and SCAutoSensitivityLabelPolicy: ExchangeLocation.Name and
// the like).
func around(dataset, field string) []string {
	switch dataset {
	case "defender_office.spam_policies":
		switch field {
		case "allowedSenders", "blockedSenders":
			return []string{"sender", "address"}
		case "allowedSenderDomains", "blockedSenderDomains":
			return []string{"domain", "domain"}
		}
	case "purview.auto_label_policies", "purview.dlp_policies", "purview.label_policies":
		if strings.HasSuffix(field, "Location") || strings.HasSuffix(field, "LocationException") {
			return []string{"name"}
		}
	}
	return nil
}

// inside follows members into an object to the first text.
func inside(value any, path []string) (string, bool) {
	for _, name := range path {
		object, ok := value.(map[string]any)
		if !ok {
			return "", false
		}
		value = object[name]
		if text, ok := value.(string); ok {
			return text, text != ""
		}
	}
	return "", false
}

// SharePoint spells the settings of Get-SPOTenant as Graph does. Only those with the same meaning
// are kept; Graph's idle sign-out has no counterpart.
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
		case psobject.IsPlaceholder(from):
			settings[setting.to] = from // it was cut off, which Convert notes
		}
	}
	return settings
}

// member reads a member of an enumeration by its number, or by its .NET name, which differs from
// Graph's in the first letter only.
func member(names ...string) func(any) (any, bool) {
	return func(value any) (any, bool) {
		value = psobject.Unwrap(value, "string", "integer")
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

// words reads a list that is stored as one text.
func words(value any) (any, bool) {
	switch value := psobject.Unwrap(value, "string").(type) {
	case nil:
		return []any{}, true
	case string:
		return fieldsOf(value), true
	}
	return value, true
}

// results reads a list that SharePoint's REST interface may have wrapped. It writes an empty list
// as an empty text.
func results(value any) (any, bool) {
	value = psobject.Unwrap(value, "string")
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
	switch value := psobject.Unwrap(value, "boolean").(type) {
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
