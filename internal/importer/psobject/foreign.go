package psobject

import (
	"io"
	"strings"
)

// Foreign says what a file is by its beginning, if it is something that PowerShell or a service may have saved and that is no JSON; "" if it
// may be JSON.
func Foreign(r io.Reader) string {
	head := make([]byte, 1024)
	n, _ := io.ReadFull(Text(r), head)
	text := strings.TrimSpace(string(head[:n]))
	first, _, _ := strings.Cut(text, "\n")
	first = strings.TrimSpace(first)
	lower := strings.ToLower(text)
	switch {
	case strings.HasPrefix(lower, "<objs "), strings.HasPrefix(lower, "<?xml") && strings.Contains(lower, "<objs "):
		return "CliXml, as Export-Clixml writes it, and no JSON"
	case strings.HasPrefix(lower, "<!doctype html"), strings.HasPrefix(lower, "<html"):
		return "a page of HTML, such as one to sign in or one that tells an error, and no JSON"
	case strings.HasPrefix(text, "<"):
		return "XML and no JSON"
	case strings.HasPrefix(text, "#TYPE "), isHeader(first, ","), isHeader(first, ";"), isHeader(first, "\t"):
		return "CSV, as Export-Csv writes it, and no JSON"
	}
	return ""
}

// isHeader reports whether a line is the names of columns.
func isHeader(line, separator string) bool {
	columns := strings.Split(line, separator)
	if len(columns) < 2 {
		return false
	}
	for _, column := range columns {
		name, quoted := strings.CutPrefix(column, `"`)
		if quoted && !strings.HasSuffix(name, `"`) {
			return false
		}
		name = strings.TrimSuffix(name, `"`)
		if name == "" || strings.ContainsAny(name, `"{}[]:,;`) {
			return false
		}
	}
	return true
}
