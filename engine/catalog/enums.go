package catalog

import (
	"regexp"
	"slices"
)

// Categories returns the categories of Secure Score, in the order in which reports show them.
func Categories() []string { return []string{"identity", "device", "apps", "data", "infrastructure"} }

// Threats returns the threats that a control may name: the values of controlScores' threat
// enumeration in Microsoft Graph (resource secureScoreControlProfile), in snake case.
func Threats() []string {
	return []string{
		"account_breach", "data_deletion", "data_exfiltration", "data_spillage", "elevation_of_privilege",
		"malicious_insider", "password_cracking", "phishing_or_whaling", "spoofing",
	}
}

// entryForms are how frameworks that many catalogs refer to write their entries, with an example.
// Any other framework may be named, too.
func entryForms() map[string]entryForm {
	return map[string]entryForm{
		"mitre_attack":  {regexp.MustCompile(`^T\d{4}(\.\d{3})?$`), "T1078.004"},
		"nist_csf":      {regexp.MustCompile(`^(GV|ID|PR|DE|RS|RC)\.[A-Z]{2}-\d{2}$`), "PR.AA-03"},
		"scuba":         {scubaPolicy, "MS.AAD.3.2v2"},
		"scuba_related": {scubaPolicy, "MS.AAD.3.2v2"},
	}
}

var scubaPolicy = regexp.MustCompile(`^MS\.[A-Z]+\.\d+\.\d+v\d+$`)

type entryForm struct {
	form    *regexp.Regexp
	example string
}

func stages() []string      { return []string{"current", string(StagePreview), string(StageDeprecated)} }
func tiers() []string       { return []string{"core", "defense_in_depth", "advanced"} }
func levels() []string      { return []string{"low", "moderate", "high", "unknown"} }
func confidences() []string { return []string{"high", "medium", "low"} }
func emptyRules() []string  { return []string{"full", "not_applicable"} }
func credits() []string     { return []string{"partial", "all_or_nothing"} }
func unmatched() []string   { return []string{"judge", "ignore"} }

func sortedSet(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}
