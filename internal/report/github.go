package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// GitHub shows so many annotations of a kind for a step of a job, the first ones, and 50 for a job (GitHub's documentation of problem
// matchers, limitations).
const maxAnnotations = 10

// Bounds of the texts of an annotation, in characters.
const (
	maxAnnotationTitle = 200
	maxAnnotation      = 2000
)

// writeGitHub writes what is open as workflow commands of GitHub Actions, which become annotations: errors, then warnings, then notices,
// those that matter most first. Of more than GitHub shows of a kind, the last says how many more there are. What was accepted is left out.
func writeGitHub(w io.Writer, page interface{ results() []result }, _ Style) error {
	kinds := map[state]string{failed: "error", errored: "error", warned: "warning", noted: "notice"}
	found := map[string][]result{}
	for _, r := range page.results() {
		if kind := kinds[r.state]; kind != "" && r.suppressed == "" {
			found[kind] = append(found[kind], r)
		}
	}
	out := bufio.NewWriter(w)
	for _, kind := range []string{"error", "warning", "notice"} {
		list := found[kind]
		slices.SortStableFunc(list, urgency)
		shown := len(list)
		if shown > maxAnnotations {
			shown = maxAnnotations - 1
		}
		for i := range list[:shown] {
			_, _ = out.WriteString(list[i].annotation(kind))
		}
		if rest := len(list) - shown; rest > 0 {
			fmt.Fprintf(out, "::%s title=posture::%d more: GitHub shows %d of a kind. Another format has all.\n", kind, rest, maxAnnotations)
		}
	}
	return out.Flush() // it remembers the first error
}

// urgency orders results: gates, since they fail the run, what is new or worse than in a baseline, then by severity, and by the points that
// are left.
func urgency(a, b result) int {
	weight := func(r *result) (first int, severity float64) {
		switch {
		case r.suite == gateSuite:
			first = 2
		case r.since == "new" || r.since == "updated":
			first = 1
		}
		severity, _ = strconv.ParseFloat(r.severity, 64) // none is 0
		return first, severity
	}
	firstA, severityA := weight(&a)
	firstB, severityB := weight(&b)
	return cmp.Or(cmp.Compare(firstB, firstA), cmp.Compare(severityB, severityA), cmp.Compare(b.left, a.left))
}

// annotation returns a result as a workflow command. It stands in the file of its place, if it has one.
func (r *result) annotation(kind string) string {
	var properties []string
	property := func(name, value string) {
		properties = append(properties, name+"="+commandProperty(value))
	}
	if r.at.file != "" {
		property("file", filepath.ToSlash(r.at.file))
		for _, one := range []struct {
			name   string
			number int
		}{{"line", r.at.line}, {"endLine", r.at.endLine}, {"col", r.at.column}, {"endColumn", r.at.endColumn}} {
			if one.number > 0 {
				property(one.name, strconv.Itoa(one.number))
			}
		}
	}
	property("title", shorten(clean(cmp.Or(r.id, r.rule)), maxAnnotationTitle))
	return "::" + kind + " " + strings.Join(properties, ",") + "::" + commandText(shorten(strings.TrimSpace(lines(r.message)), maxAnnotation)) + "\n"
}

// commandText escapes the text of a workflow command as @actions/core does (packages/core/src/command.ts, escapeData).
func commandText(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(strings.ToValidUTF8(text, "\ufffd"))
}

// commandProperty escapes the value of a property of a workflow command (escapeProperty).
func commandProperty(text string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(commandText(text))
}
