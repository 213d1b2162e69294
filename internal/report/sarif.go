package report

import (
	"io"
	"net/url"
	"path/filepath"
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
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifDriver struct {
		Name  string      `json:"name"`
		Rules []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID          string       `json:"id"`
		Description sarifMessage `json:"shortDescription"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     string          `json:"level"`
		Message   sarifMessage    `json:"message"`
		Locations []sarifLocation `json:"locations,omitempty"`
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

// writeSARIF writes what failed, and what was warned of, as SARIF.
func writeSARIF(w io.Writer, page interface{ results() []result }, _ Style) error {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: "posture", Rules: []sarifRule{}}
	indexes := map[string]int{}
	for _, r := range page.results() {
		level, ok := map[state]string{failed: "error", warned: "warning"}[r.state]
		if !ok {
			continue
		}
		id := r.ruleID()
		index, ok := indexes[id]
		if !ok {
			index = len(indexes)
			indexes[id] = index
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{ID: id, Description: sarifMessage{r.rule}})
		}
		run.Results = append(run.Results, sarifResult{
			RuleID: id, RuleIndex: index, Level: level, Message: sarifMessage{r.message}, Locations: sarifLocations(r.at),
		})
	}
	return encode(w, sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}})
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
