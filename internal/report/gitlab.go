package report

import (
	"cmp"
	"io"
	"path"
	"path/filepath"
)

// codeQuality is a violation as GitLab reads it (GitLab, "Code Quality": the report format, which is a part of Code Climate's).
type codeQuality struct {
	Description string              `json:"description"`
	CheckName   string              `json:"check_name"`
	Fingerprint string              `json:"fingerprint"`
	Severity    string              `json:"severity"` // info, minor, major, critical or blocker
	Location    codeQualityLocation `json:"location"`
}

type codeQualityLocation struct {
	Path  string `json:"path"`
	Lines struct {
		Begin int `json:"begin"`
	} `json:"lines"`
}

// writeGitLab writes what is open as a Code Quality report. It has a location for each violation, since GitLab drops those without.
func writeGitLab(w io.Writer, page interface{ results() []result }, _ Style) error {
	list := []codeQuality{}
	for _, r := range page.results() {
		severity := map[state]string{failed: "major", errored: "major", warned: "minor", noted: "info"}[r.state]
		if severity == "" || r.suppressed != "" {
			continue
		}
		if r.state == failed && r.severe {
			severity = "critical"
		}
		v := codeQuality{Description: r.message, CheckName: r.ruleID(), Fingerprint: r.fingerprint, Severity: severity}
		// GitLab compares paths with those of the repository: "./a" is none of them.
		v.Location.Path, v.Location.Lines.Begin = path.Clean(filepath.ToSlash(cmp.Or(r.at.file, nowhere))), max(r.at.line, 1)
		if v.Fingerprint == "" {
			v.Fingerprint = fingerprint(r.suite, r.name, r.rule, r.message)
		}
		list = append(list, v)
	}
	return encode(w, list)
}

// nowhere is the path of what stands in no file, where a format needs one: that of the settings of the organization.
const nowhere = "posture.hcl"
