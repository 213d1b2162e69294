package report

import (
	"cmp"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
)

// The SARIF of results (OASIS, Static Analysis Results Interchange Format 2.1.0), as far as it is written here.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool struct {
			Driver sarifDriver `json:"driver"`
		} `json:"tool"`
		ColumnKind string         `json:"columnKind"`
		Results    []sarifResult  `json:"results"`
		Properties map[string]int `json:"properties,omitempty"`
	}
	sarifDriver struct {
		Name  string      `json:"name"`
		Rules []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID          string           `json:"id"`
		Description sarifMessage     `json:"shortDescription"`
		Full        *sarifMessage    `json:"fullDescription,omitempty"`
		Help        *sarifMessage    `json:"help,omitempty"`
		Properties  *sarifProperties `json:"properties,omitempty"`
	}
	sarifProperties struct {
		Tags     []string `json:"tags,omitempty"`
		Severity string   `json:"security-severity,omitempty"` // GitHub's: a number from 0 to 10
	}
	sarifResult struct {
		RuleID       string             `json:"ruleId"`
		RuleIndex    int                `json:"ruleIndex"`
		Level        string             `json:"level"`
		Message      sarifMessage       `json:"message"`
		Locations    []sarifLocation    `json:"locations,omitempty"`
		Fingerprints map[string]string  `json:"partialFingerprints,omitempty"`
		Baseline     string             `json:"baselineState,omitempty"` // new, updated or unchanged
		Suppressions []sarifSuppression `json:"suppressions,omitempty"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Status        string `json:"status"`
		Justification string `json:"justification"`
	}
	sarifMessage struct {
		Text string `json:"text"`
	}
	sarifLocation struct {
		Physical struct {
			Artifact struct {
				URI string `json:"uri"`
			} `json:"artifactLocation"`
			Region *sarifRegion `json:"region,omitempty"`
		} `json:"physicalLocation"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
		EndLine     int `json:"endLine,omitempty"`
		EndColumn   int `json:"endColumn,omitempty"`
	}
)

// Limits of GitHub ("SARIF support for code scanning", limits): of the results of a run it shows the first 5,000, the most severe first,
// and of the tags of a rule the first 10. A message is shown up to 1,024 characters.
const (
	maxSARIFResults = 5000
	maxSARIFTags    = 10
	maxSARIFMessage = 1000
)

// writeSARIF writes what failed, and what was warned of, as SARIF. Of more results than GitHub takes the most severe are written.
func writeSARIF(w io.Writer, page interface{ results() []result }, _ Style) error {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: "posture", Rules: []sarifRule{}}
	levels := map[state]string{failed: "error", errored: "error", warned: "warning", noted: "note"}
	list := slices.DeleteFunc(page.results(), func(r result) bool { return levels[r.state] == "" })
	if left := len(list) - maxSARIFResults; left > 0 {
		order := []string{"error", "warning", "note"}
		slices.SortStableFunc(list, func(a, b result) int {
			return cmp.Compare(slices.Index(order, levels[a.state]), slices.Index(order, levels[b.state]))
		})
		list = list[:maxSARIFResults]
		run.Properties = map[string]int{"resultsLeftOut": left}
	}
	indexes := map[string]int{}
	for _, r := range list {
		id := r.ruleID()
		index, ok := indexes[id]
		if !ok {
			index = len(indexes)
			indexes[id] = index
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, r.sarifRule())
		}
		written := sarifResult{
			RuleID: id, RuleIndex: index, Level: levels[r.state], Message: sarifMessage{clip(r.message, maxSARIFMessage)}, Locations: sarifLocations(r.at), Baseline: r.since,
		}
		if r.fingerprint != "" {
			written.Fingerprints = map[string]string{"postureAction/v1": r.fingerprint, "primaryLocationLineHash": r.fingerprint[:16] + ":1"}
		}
		if r.suppressed != "" {
			written.Suppressions = []sarifSuppression{{"external", "accepted", clip(r.suppressed, maxSARIFMessage)}}
		}
		run.Results = append(run.Results, written)
	}
	return encode(w, sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}})
}

// sarifRule returns the rule of a result.
func (r *result) sarifRule() sarifRule {
	rule := sarifRule{ID: r.ruleID(), Description: sarifMessage{clip(r.rule, maxSARIFMessage)}}
	if r.description != "" {
		rule.Full = &sarifMessage{clip(r.description, maxSARIFMessage)}
	}
	if r.help != "" {
		rule.Help = &sarifMessage{r.help}
	}
	if r.severity != "" {
		rule.Properties = &sarifProperties{Tags: r.tags[:min(len(r.tags), maxSARIFTags)], Severity: r.severity}
	}
	return rule
}

// sarifLocations returns the location of a place. A relative path stays relative: to the folder that the command ran in.
func sarifLocations(at place) []sarifLocation {
	if at.file == "" {
		return nil
	}
	uri := url.URL{Path: filepath.ToSlash(at.file)}
	if strings.HasPrefix(uri.Path, "/") {
		uri.Scheme = "file"
	}
	var location sarifLocation
	location.Physical.Artifact.URI = uri.String()
	if at.line > 0 {
		location.Physical.Region = &sarifRegion{StartLine: at.line, StartColumn: at.column, EndLine: at.endLine, EndColumn: at.endColumn}
	}
	return []sarifLocation{location}
}
