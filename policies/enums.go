package policies

import "slices"

// Categories returns the categories of Secure Score, in the order in which reports show them.
func Categories() []string {
	return []string{"identity", "device", "apps", "data", "infrastructure"}
}

// Threats returns the threats that a control may name: the values of controlScores' threat enumeration in Microsoft Graph
// (resource secureScoreControlProfile), in snake case.
func Threats() []string {
	return []string{
		"account_breach", "data_deletion", "data_exfiltration", "data_spillage", "elevation_of_privilege",
		"malicious_insider", "password_cracking", "phishing_or_whaling", "spoofing",
	}
}

func stages() []string      { return []string{"current", string(StagePreview), string(StageDeprecated)} }
func tiers() []string       { return []string{"core", "defense_in_depth", "advanced"} }
func levels() []string      { return []string{"low", "moderate", "high", "unknown"} }
func confidences() []string { return []string{"high", "medium", "low"} }
func emptyRules() []string  { return []string{"full", "not_applicable"} }
func credits() []string     { return []string{"partial", "all_or_nothing"} }

func sortedSet(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}
