package powershell

import "strings"

// Plain makes texts of the objects that some cmdlets put around them, in a
// record of a dataset that was converted to its shape. Which of the two comes
// depends on the version of the module and on the depth of ConvertTo-Json. What
// has another form stays as it is, for the schema to complain about.
func Plain(dataset string, record map[string]any) {
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

// around names the members that lead to the text in an element of a list; nil
// if its elements are texts. They are what others read of the same cmdlets
// (Microsoft365DSC, EXOHostedContentFilterPolicy: AllowedSenders.Sender.Address
// and AllowedSenderDomains.Domain; SCLabelPolicy, SCDLPCompliancePolicy and
// SCAutoSensitivityLabelPolicy: ExchangeLocation.Name and the like).
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

// inside follows members into an object until one is a text.
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
