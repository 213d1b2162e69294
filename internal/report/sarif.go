package report

import (
	"cmp"
	"encoding/json"
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
		Name    string      `json:"name"`
		Version string      `json:"version,omitempty"`
		About   string      `json:"informationUri"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID          string           `json:"id"`
		Description sarifMessage     `json:"shortDescription"`
		Full        sarifMessage     `json:"fullDescription"`
		Help        sarifMessage     `json:"help"`
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

// Limits of GitHub for a run ("SARIF support for code scanning" and "SARIF results exceed one or more limits"): it refuses more than 25,000
// results, 20 tags of a rule, 1,000 locations of a result, and a file of more than 10 MB once it is compressed by gzip. Of those it takes it
// shows 5,000 results, the most severe, and 10 tags. Descriptions have at most 1,024 characters. The text that is written here is less than 10 MB
// even before it is compressed, but for white space.
const (
	maxSARIFResults = 5000
	maxSARIFTags    = 10
	maxSARIFText    = 1000   // characters of a message or a description
	maxSARIFHelp    = 20_000 // characters
	maxSARIF        = 9_500_000
)

// writeSARIF writes what failed, and what was warned of, as SARIF. Of more than GitHub takes the most severe results are written.
func writeSARIF(w io.Writer, page interface{ results() []result }, _ Style) error {
	list := slices.DeleteFunc(page.results(), func(r result) bool { return sarifLevel(&r) == "" })
	run, err := sarifRunOf(list)
	if err == nil && len(run.Results) < len(list) {
		order := []string{"error", "warning", "note"}
		slices.SortStableFunc(list, func(a, b result) int {
			return cmp.Compare(slices.Index(order, sarifLevel(&a)), slices.Index(order, sarifLevel(&b)))
		})
		run, err = sarifRunOf(list)
		run.Properties = map[string]int{"resultsLeftOut": len(list) - len(run.Results)}
	}
	if err != nil {
		return err
	}
	if page, ok := page.(assessed); ok {
		run.Tool.Driver.Version = shorten(clean(page.assessed().Engine.Version), maxSARIFText)
	}
	return encode(w, sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}})
}

func sarifLevel(r *result) string {
	return map[state]string{failed: "error", errored: "error", warned: "warning", noted: "note"}[r.state]
}

// sarifRunOf returns a run with the first results of a list: as many as GitHub takes.
func sarifRunOf(list []result) (sarifRun, error) {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: "posture", About: "https://github.com/posture-score/posture", Rules: []sarifRule{}}
	indexes, size := map[string]int{}, 0
	for i := range list[:min(len(list), maxSARIFResults)] {
		r := &list[i]
		id := r.ruleID()
		index, known := indexes[id]
		var rules []sarifRule
		if !known {
			index = len(indexes)
			rules = []sarifRule{r.sarifRule()}
		}
		written := r.sarifResult(index)
		text, err := json.Marshal([]any{rules, written})
		if err != nil {
			return run, err
		}
		if size += len(text); size > maxSARIF {
			break
		}
		indexes[id] = index
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, rules...)
		run.Results = append(run.Results, written)
	}
	return run, nil
}

// sarifResult returns a result whose rule has an index. GitHub wants a place for each: what has none stands in posture.hcl.
func (r *result) sarifResult(rule int) sarifResult {
	at := r.at
	if at.file == "" {
		at = place{file: nowhere, line: 1}
	}
	written := sarifResult{
		RuleID: r.ruleID(), RuleIndex: rule, Level: sarifLevel(r), Message: sarifText(unlinked(r.message), maxSARIFText), Locations: sarifLocations(at), Baseline: r.since,
	}
	if r.fingerprint != "" {
		written.Fingerprints = map[string]string{"postureAction/v1": r.fingerprint, "primaryLocationLineHash": r.fingerprint[:16] + ":1"}
	}
	if r.suppressed != "" {
		written.Suppressions = []sarifSuppression{{"external", "accepted", shorten(r.suppressed, maxSARIFText)}}
	}
	return written
}

// sarifRule returns the rule of a result. GitHub wants both descriptions and the help, none of them empty.
func (r *result) sarifRule() sarifRule {
	rule := sarifRule{
		ID: r.ruleID(), Description: sarifText(cmp.Or(r.rule, r.ruleID()), maxSARIFText), Full: sarifText(cmp.Or(r.description, r.rule, r.ruleID()), maxSARIFText),
		Help: sarifText(cmp.Or(r.help, r.description, r.rule, r.ruleID()), maxSARIFHelp),
	}
	if r.severity != "" {
		rule.Properties = &sarifProperties{Tags: r.tags[:min(len(r.tags), maxSARIFTags)], Severity: r.severity}
	}
	return rule
}

// unlinked returns the text of a message without links: what evidence is called, such as "[sign in](https://...)", is none that anybody is to
// follow (SARIF 2.1.0, 3.11.6). What escapes a bracket would be shown by some readers, and could be escaped itself.
func unlinked(text string) string { return strings.ReplaceAll(text, "](", "] (") }

func sarifText(text string, most int) sarifMessage { return sarifMessage{shorten(text, most)} }

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
