package policies

import (
	"slices"
	"strings"

	"github.com/agext/levenshtein"
)

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

func tiers() []string       { return []string{"core", "defense_in_depth", "advanced"} }
func levels() []string      { return []string{"low", "moderate", "high", "unknown"} }
func confidences() []string { return []string{"high", "medium", "low"} }
func emptyRules() []string  { return []string{"full", "not_applicable"} }
func credits() []string     { return []string{"partial", "all_or_nothing"} }

// nearest returns the candidate that a misspelt word most likely meant, or "".
func nearest(word string, candidates []string) string {
	if len(word) > 100 {
		return "" // no slip of the finger
	}
	best, bestDistance := "", len(word)/2+1
	for _, candidate := range candidates {
		if strings.EqualFold(word, candidate) {
			return candidate
		}
		if d := levenshtein.Distance(word, candidate, nil); d < bestDistance {
			best, bestDistance = candidate, d
		}
	}
	return best
}

func sortedSet(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}
