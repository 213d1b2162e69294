package report

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// command is a workflow command as the runner of GitHub Actions reads it.
type command struct {
	name, message string
	properties    map[string]string
}

// parseCommand reads a line as the runner does (actions/runner, ActionCommand.TryParseV2).
func parseCommand(line string) (c command, ok bool) {
	rest, ok := strings.CutPrefix(strings.TrimLeft(line, " \t"), "::")
	if !ok {
		return c, false
	}
	head, message, ok := strings.Cut(rest, "::")
	if !ok {
		return c, false
	}
	unescape := strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%").Replace
	name, properties, _ := strings.Cut(head, " ")
	c = command{name: name, message: unescape(message), properties: map[string]string{}}
	for _, property := range strings.Split(properties, ",") {
		if key, value, ok := strings.Cut(property, "="); ok {
			c.properties[key] = unescape(value)
		}
	}
	return c, true
}

func commands(t *testing.T, page Page) []command {
	t.Helper()
	var list []command
	for line := range strings.Lines(rendered(t, page, "github")) {
		c, ok := parseCommand(strings.TrimSuffix(line, "\n"))
		if !ok {
			t.Fatalf("%q is no command", line)
		}
		list = append(list, c)
	}
	return list
}

// resultList is a page with results.
type resultList []result

func (resultList) document() any { return nil }

func (l resultList) results() []result { return l }

// TestGitHubAnnotations has an annotation for what is open, where the control is declared, and none for what is met or was accepted.
func TestGitHubAnnotations(t *testing.T) {
	page := resultList{
		{name: "Low", id: "Low", state: failed, severity: "3.0", message: "low"},
		{name: "High", id: "High, 100%: x", state: failed, severity: "8.0", message: "50% of 2,\nmost: a::b", at: place{file: "policies/a b,c:d.hcl", line: 3, column: 1}},
		{name: "Higher", id: "Higher", state: failed, severity: "8.0", message: "more points", left: 500},
		{name: "Changed", id: "Changed", state: errored, severity: "3.0", message: "changed", since: "new"},
		{name: "Dark", id: "Dark", state: noted, message: "dark"},
		{name: "Odd", rule: "Odd rule", state: warned, message: "odd"},
		{name: "Done", id: "Done", state: passed},
		{name: "Gone", id: "Gone", state: skipped, message: "not applicable"},
		{name: "Risk", id: "Risk", state: warned, message: "accepted", suppressed: "by the board"},
	}
	got := []string{}
	for _, c := range commands(t, page) {
		got = append(got, fmt.Sprintf("%s %s|%s|%s|%s: %s", c.name, c.properties["file"], c.properties["line"], c.properties["col"], c.properties["title"], c.message))
	}
	expect.Equal(t, []string{
		"error |||Changed: changed",
		"error |||Higher: more points",
		"error policies/a b,c:d.hcl|3|1|High, 100%: x: 50% of 2,\nmost: a::b",
		"error |||Low: low",
		"warning |||Odd rule: odd",
		"notice |||Dark: dark",
	}, got)
}

// TestGitHubLimits writes no more annotations of a kind than GitHub shows, and the last one says how many there are.
func TestGitHubLimits(t *testing.T) {
	for count, want := range map[int]int{0: 0, 1: 1, 10: 10, 11: 10, 5000: 10} {
		var page resultList
		for i := range count {
			page = append(page, result{name: fmt.Sprint(i), id: fmt.Sprint(i), state: failed, message: "m"}, result{id: fmt.Sprint(i), state: noted, message: "m"})
		}
		list := commands(t, page)
		expect.Equalf(t, 2*want, len(list), "%d results", count)
		if count > maxAnnotations && !strings.HasPrefix(list[want-1].message, fmt.Sprintf("%d more", count-maxAnnotations+1)) {
			t.Errorf("%d results: the last says %q", count, list[want-1].message)
		}
	}
	long := resultList{{id: strings.Repeat("i", 64<<10), state: failed, message: strings.Repeat("\u0301", 64<<10)}}
	if text := rendered(t, long, "github"); len(text) > 2*maxAnnotation+maxAnnotationTitle+100 {
		t.Errorf("%d bytes", len(text))
	}
}

// TestGitHubHostile holds hostile names to one command on a line, each of a kind that we write.
func TestGitHubHostile(t *testing.T) {
	for name, page := range pages(t) {
		for _, c := range commands(t, page) {
			if c.name != "error" && c.name != "warning" && c.name != "notice" {
				t.Errorf("%s: the command %q", name, c.name)
			}
			for key := range c.properties {
				if !slices.Contains([]string{"file", "line", "endLine", "col", "endColumn", "title"}, key) {
					t.Errorf("%s: the property %q", name, key)
				}
			}
		}
	}
}

// FuzzCommand reads a command back as it was, but for what is not printed.
func FuzzCommand(f *testing.F) {
	for _, text := range []string{"", evil, "::", "%0A", "%25", "a,b=c:d", "\r\n::stop-commands::x", "##[error]x", "é\u2028\xff"} {
		f.Add(text, text)
	}
	f.Fuzz(func(t *testing.T, title, message string) {
		r := result{id: title, rule: "r", message: message, at: place{file: "a.hcl"}}
		var out bytes.Buffer
		must.Get(out.WriteString(r.annotation("error")))(t)
		if strings.Count(out.String(), "\n") != 1 || strings.ContainsAny(out.String(), "\r\x00\x1b") {
			t.Fatalf("%q is not one line", out.String())
		}
		c, ok := parseCommand(strings.TrimSuffix(out.String(), "\n"))
		want := shorten(strings.TrimSpace(lines(message)), maxAnnotation)
		if !ok || c.name != "error" || c.properties["file"] != "a.hcl" || len(c.properties) != 2 || c.message != strings.ToValidUTF8(want, "\ufffd") {
			t.Fatalf("%q, %q is read as %+v", title, message, c)
		}
	})
}
