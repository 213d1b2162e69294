package diag

import "github.com/hashicorp/hcl/v2"

// The severities of a [Problem].
const (
	Error   = "error"
	Warning = "warning"
)

// Problem is one diagnostic in plain types. Lines and columns count from 1; they are 0 if the
// problem is in no file.
type Problem struct {
	Severity  string `json:"severity"` // [Error] or [Warning]
	Summary   string `json:"summary"`
	Detail    string `json:"detail"` // what is wrong in this case, and how to mend it
	File      string `json:"file"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"end_line"`
	EndColumn int    `json:"end_column"`
}

// List returns the problems in order; none if p is nil.
func (p *Problems) List() []Problem {
	list := []Problem{}
	if p == nil {
		return list
	}
	for _, d := range p.Diagnostics {
		at, severity := subject(d), Error
		if d.Severity == hcl.DiagWarning {
			severity = Warning
		}
		list = append(list, Problem{severity, d.Summary, d.Detail, at.Filename, at.Start.Line, at.Start.Column, at.End.Line, at.End.Column})
	}
	return list
}
