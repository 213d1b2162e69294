package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/expect"
)

func TestComment(t *testing.T) {
	golden(t, "comment-assessment", "markdown", Style{}, Assessment{Assessment: ordinary(t)})
	with := Assessment{Assessment: ordinary(t), Baseline: changes()}
	expect.Equal(t, rendered(t, Attribution{Attribution: changes()}, "markdown"), rendered(t, with, "markdown"))
}

// TestCommentIsSilent writes nothing if nothing changed; what can't be compared is not unchanged.
func TestCommentIsSilent(t *testing.T) {
	same := &attribution.Attribution{Incomparable: changes().Incomparable}
	expect.Equal(t, "", rendered(t, Attribution{Attribution: same}, "markdown"))
	older := attribution.Change{ID: "A", Word: attribution.NoEffect, Before: &attribution.State{}, After: &attribution.State{}, Parts: []attribution.Part{{Cause: attribution.Time}}}
	same.Actions = []attribution.Change{older}
	expect.Equal(t, "", rendered(t, Attribution{Attribution: same}, "markdown"))
	setting := older
	setting.Parts = []attribution.Part{{Cause: attribution.Configuration}}
	same.Actions = []attribution.Change{older, setting}
	if text := rendered(t, Attribution{Attribution: same}, "markdown"); strings.Count(text, "no effect") != 1 {
		t.Errorf("a setting that changed is not the only row of\n%s", text)
	}
	same.Actions = nil
	same.Causes = []attribution.Part{{Cause: attribution.Incomparable, Detail: "another tenant"}}
	if rendered(t, Attribution{Attribution: same}, "markdown") == "" {
		t.Error("another tenant passes as unchanged")
	}
}

// TestCommentMarker finds the comment of a tenant again, whatever it says.
func TestCommentMarker(t *testing.T) {
	first := func(a *attribution.Attribution) string {
		line, _, _ := strings.Cut(rendered(t, Attribution{Attribution: a}, "markdown"), "\n")
		return line
	}
	other := changes()
	other.New.Tenant.Name, other.Actions = "Renamed", nil
	expect.Equal(t, first(changes()), first(other))
	other.New.Tenant.ID = "-->"
	if line := first(other); line == first(changes()) || strings.Count(line, "-->") != 1 {
		t.Errorf("the marker is %s", line)
	}
}

// TestCommentFits degrades a comment until it fits.
func TestCommentFits(t *testing.T) {
	for _, count := range []int{0, 10, 11, 150, 1000, 20000} {
		a := changes()
		for i := range count {
			c := a.Actions[0]
			c.ID = fmt.Sprintf("Action%05d", i)
			a.Actions = append(a.Actions, c)
		}
		text := rendered(t, Attribution{Attribution: a}, "markdown")
		rows := strings.Count(text, "| \\-") + strings.Count(text, "| -4") + strings.Count(text, "| 0") + strings.Count(text, "| +")
		left := 0
		if i := strings.Index(text, " rows left out"); i >= 0 {
			line := text[strings.LastIndex(text[:i], "\n")+1 : i]
			if _, err := fmt.Sscan(line, &left); err != nil {
				t.Error(err)
			}
		}
		if len(text) > maxComment || rows+left != count+3 {
			t.Errorf("%d changes: %d bytes, %d rows and %d left out", count, len(text), rows, left)
		}
	}
	a := changes()
	for range 100_000 {
		a.Causes = append(a.Causes, a.Causes[0])
		a.Notes = append(a.Notes, evil)
	}
	if n := len(rendered(t, Attribution{Attribution: a}, "markdown")); n > maxComment {
		t.Errorf("many causes: %d bytes", n)
	}
	hostile := pages(t)["named"]
	for range 2000 {
		hostile.Actions = append(hostile.Actions, hostile.Actions[0])
	}
	hostile.Actions[0].Outcome = engine.NotMet
	if n := len(rendered(t, hostile, "markdown")); n > maxComment {
		t.Errorf("hostile: %d bytes", n)
	}
}

// TestInertMarkdown has what becomes a mention, a reference or a link though it is no markup.
func TestInertMarkdown(t *testing.T) {
	for text, want := range map[string]string{"@octocat": "@<!-- -->octocat", "GH-12": "GH-<!-- -->12", "gh-12": "gh-<!-- -->12", "#12": `\#<!-- -->12`, "https://x": `https:\//x`} {
		expect.Equal(t, want, inertMarkdown(text))
	}
}

// FuzzMarkdown holds foreign text to being nothing but text: what Markdown takes for more is escaped, and HTML is the empty comment alone.
func FuzzMarkdown(f *testing.F) {
	for _, text := range []string{"", evil, "<!-- -->", "-->", "\\", "a\\|b", "@", "$$", "![x](y)", "~~x~~", "\n# x", "&lt;", "https://x"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rest := strings.ReplaceAll(inertMarkdown(clean(text)), "<!-- -->", "")
		if strings.ContainsAny(rest, "<>\n\r") || strings.Contains(rest, "://") {
			t.Fatalf("%q becomes %q", text, rest)
		}
		for i := 0; i < len(rest); i++ {
			switch c := rest[i]; {
			case c == '\\':
				if i++; i == len(rest) {
					t.Fatalf("%q becomes %q, which ends in a backslash", text, rest)
				}
			case strings.IndexByte("`*_{}[]()#!|~$", c) >= 0:
				t.Fatalf("%q becomes %q with a bare %q", text, rest, c)
			}
		}
	})
}
