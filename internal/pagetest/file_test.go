package pagetest_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/browser"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/page"
	"github.com/posture-score/posture/internal/snapshot"
	"github.com/posture-score/posture/internal/tenant/year"
)

// file writes the single file of a snapshot and returns its URL.
func file(t testing.TB, s *snapshot.Snapshot) string {
	t.Helper()
	var text bytes.Buffer
	must.Do(t, must.Get(page.New())(t).File(&text, s))
	path := filepath.Join(t.TempDir(), "contoso.html")
	must.Do(t, os.WriteFile(path, text.Bytes(), 0o600))
	return browser.File(t, path)
}

// TestFileSize holds the budget of the single file, as it is sent compressed: with an assessment every four weeks, and with one each day.
func TestFileSize(t *testing.T) {
	s := contoso.snapshot(t)
	for name, s := range map[string]*snapshot.Snapshot{"four weeks": s, "days": large(s, len(s.Assessment.Actions), year.Days)} {
		var text, packed bytes.Buffer
		must.Do(t, must.Get(page.New())(t).File(&text, s))
		z := must.Get(gzip.NewWriterLevel(&packed, gzip.BestCompression))(t)
		must.Get(z.Write(text.Bytes()))(t)
		must.Do(t, z.Close())
		line := fmt.Sprintf("%s: %d bytes, %d compressed", name, text.Len(), packed.Len())
		t.Log(line)
		if packed.Len() > 200<<10 {
			t.Error(line)
		}
	}
}

// TestFile opens the single file from the disk, without a server: its links lead to its sections, and nothing is asked for.
func TestFile(t *testing.T) {
	address := file(t, contoso.snapshot(t))
	for name, options := range map[string]browser.Options{"scripts": {Offline: true}, "no scripts": {Offline: true, NoScript: true}} {
		t.Run(name, func(t *testing.T) {
			p := chromium.Open(t, address, options)
			for _, tab := range tabs() {
				p.Follow("nav.tabs a[data-tab="+tab+"]", "")
				expect.Equal(t, address+"#"+tab, p.URL())
				p.Wait("document.querySelector('#" + tab + " h1').checkVisibility()")
			}
			fits(t, p, name)
			expect.Equal(t, []string{address}, p.Requests())
		})
	}
	p := chromium.Open(t, address+"#actions", browser.Options{Dark: true})
	expect.Equal(t, "Recommended actions", p.Text("h1"))
	p.Do(`document.querySelector("#actions [data-detail]").closest("details").open = true`)
	p.Accessible()
	charts(t, p)
}

// TestPrint prints the file: all of it, although sections are closed, and the summary on one page.
func TestPrint(t *testing.T) {
	s := contoso.snapshot(t)
	p := chromium.Open(t, file(t, s), browser.Options{})
	all := strings.Join(p.PDF(), "")
	wanted := []string{"Overview", "Since the last assessment", "Metrics & trends", "Owners"}
	for _, a := range s.Assessment.Actions {
		wanted = append(wanted, a.Title)
	}
	for _, want := range wanted {
		if !strings.Contains(all, browser.Printed(want)) {
			t.Errorf("the file lacks %q on paper", want)
		}
	}
	plain := chromium.Open(t, p.URL(), browser.Options{NoScript: true, Print: true})
	expect.Equal(t, []string{}, browser.Eval[[]string](plain, `[...document.querySelectorAll("details:not(.toolbar *, [data-menu]) > summary + *")].filter(e => e.parentElement.checkVisibility() && !e.checkVisibility() && !e.matches(":empty, [hidden]")).map(e => e.outerHTML.slice(0, 100))`))
	// What the button does, up to the dialog of the browser, which nobody is here to answer.
	p.Do(`window.print = () => { window.printed = document.documentElement.dataset.print }`)
	p.Click("header [data-menu] summary")
	p.Click("button[data-print=summary]")
	expect.Equal(t, "summary", browser.Eval[string](p, "window.printed"))
	summary := p.PDF()
	if len(summary) != 1 {
		t.Errorf("the summary has %d pages", len(summary))
	}
	for _, want := range []string{"Contoso", s.Assessment.Score.Percent.String() + "%", "Since the last assessment", "2026-10-01"} {
		if !strings.Contains(summary[0], browser.Printed(want)) {
			t.Errorf("the summary lacks %q", want)
		}
	}
	if unwanted := "Recent history"; strings.Contains(strings.Join(summary, ""), browser.Printed(unwanted)) {
		t.Errorf("the summary has %q", unwanted)
	}
}
