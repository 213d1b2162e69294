package pagetest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/browser"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/register"
	"github.com/posture-score/posture/internal/serve/signin"
	"github.com/posture-score/posture/internal/snapshot"
)

// undecided is an action that is to address, and about which nothing is decided.
const undecided = "MDA_GitHub_RepoTransferOrDeletion"

// office is a server that shows evidence with a register of its own, in a folder of its own.
type office struct {
	*site
	t    *testing.T
	file string // the register
}

func newOffice(t *testing.T, role signin.Role) *office {
	t.Helper()
	contoso.snapshot(t)
	dir := t.TempDir()
	o := &office{t: t, file: filepath.Join(dir, registerName)}
	must.Do(t, os.WriteFile(o.file, must.Get(os.ReadFile(filepath.Join(contoso.dir, registerName)))(t), 0o600))
	source := must.Get(snapshot.Open(t.Context(), contoso.options(dir)))(t)
	t.Cleanup(func() { must.Do(t, source.Close()) })
	o.site = start(t, source, signin.User{Name: "grace@contoso.example", Role: role})
	return o
}

// decision returns what the register says of an action now.
func (o *office) decision(id string) engine.Decision {
	o.t.Helper()
	return must.Get(register.Open(o.file))(o.t).Decisions()[id]
}

// form opens the form of the status, on a page that shows an action.
func form(p *browser.Page, within string) string {
	p.ClickText(within+" details.edit summary", "Change the status")
	return within + " form:has([name=status]) "
}

// TestDecide plans an action, sees it in the register and on the page, and takes it back: with scripts beside the list, and without.
func TestDecide(t *testing.T) {
	for name, options := range map[string]browser.Options{"scripts": {}, "no scripts": {NoScript: true}} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, signin.Editor)
			p := chromium.Open(t, o.enter(o.path("actions/"+undecided)), options)
			within := "main"
			if !options.NoScript {
				title := p.Text("h1")
				p.Go(o.tab("actions") + "?q=" + undecided)
				p.Wait(listReady)
				p.ClickText(listRow+" a[data-flyout]", title)
				p.Wait("document.querySelector('dialog[open] [data-detail]')")
				within = "dialog[open]"
			}
			f := form(p, within)
			p.Click(f + "[name=status][value=planned]")
			p.Fill(f+"[name=owner]", "heidi@contoso.example")
			p.Choose(f+"[name=due]", "2026-12-24")
			p.Fill(f+"[name=reason]", "after the <b>freeze</b>")
			p.ClickText(f+"button", "Save")
			p.Sees("Saved")
			d := o.decision(undecided)
			expect.Equal(t, engine.Decision{
				Status: engine.Planned, Owner: "heidi@contoso.example", Reason: "after the <b>freeze</b>", Due: d.Due, ChangedBy: "grace@contoso.example", ChangedAt: d.ChangedAt,
			}, d)
			expect.Equal(t, "2026-12-24", d.Due.Format(time.DateOnly))
			p.Wait(fmt.Sprintf("[...document.querySelectorAll(%q)].some(e => e.innerText.trim() === 'Planned')", within+" [data-detail] .chip"))
			p.Sees("after the <b>freeze</b>")
			plain := chromium.Open(t, o.enter(o.path("owners")), browser.Options{})
			plain.Sees("heidi@contoso.example")
			p.ClickText("form[action$=undo] button", "Undo")
			p.Wait(fmt.Sprintf("![...document.querySelectorAll(%q)].some(e => e.innerText.trim() === 'Planned')", within+" [data-detail] .chip"))
			expect.Equal(t, engine.Decision{}, o.decision(undecided))
		})
	}
}

// TestConflict has two editors decide about the same action: the later one sees both versions, and decides which holds.
func TestConflict(t *testing.T) {
	o := newOffice(t, signin.Editor)
	first := chromium.Open(t, o.enter(o.path("actions/"+undecided)), browser.Options{})
	second := chromium.Open(t, o.enter(o.path("actions/"+undecided)), browser.Options{})
	f := form(first, "main")
	form(second, "main")
	second.Fill(f+"[name=reason]", "we live with it")
	second.Click(f + "[name=status][value=risk_accepted]")
	first.Click(f + "[name=status][value=planned]")
	first.Fill(f+"[name=owner]", "heidi@contoso.example")
	first.ClickText(f+"button", "Save")
	first.Sees("Saved")
	second.Expect("failed request: status 409")
	second.ClickText(f+"button", "Save")
	second.Sees("Nothing was saved")
	expect.Equal(t, engine.Planned, o.decision(undecided).Status)
	for _, text := range []string{"Planned", "Risk accepted", "we live with it", "heidi@contoso.example", "grace@contoso.example"} {
		second.Sees(text)
	}
	second.Accessible()
	second.ClickText("button", "Use mine")
	second.Sees("Saved")
	d := o.decision(undecided)
	expect.Equal(t, engine.RiskAccepted, d.Status)
	expect.Equal(t, "we live with it", d.Reason)
}

// TestReader shows a reader everything, but no form; and refuses what a reader sends all the same.
func TestReader(t *testing.T) {
	o := newOffice(t, signin.Reader)
	before := must.Get(os.ReadFile(o.file))(t)
	p := chromium.Open(t, o.enter(o.path("actions/"+undecided)), browser.Options{})
	for _, path := range pages(t) {
		p.Go(o.tab(path))
		expect.Equalf(t, 0, browser.Eval[int](p, `document.querySelectorAll("main form[method=post]").length`), "forms of %s", path)
	}
	p.Expect("failed request: status 403")
	p.Go(o.tab("actions/" + undecided + "/edit"))
	p.Sees("You can read, but not change anything")
	p.Accessible()
	status := browser.Eval[int](p, fmt.Sprintf(`fetch(%q, {method: "POST", body: new URLSearchParams({form: "status", status: "planned", version: ""})}).then(answer => answer.status)`, o.tab("actions/"+undecided)))
	expect.Equal(t, 403, status)
	expect.Equal(t, string(before), string(must.Get(os.ReadFile(o.file))(t)))
}

// TestInclude shows and hides the views of the score, in the graph and in the breakdown.
func TestInclude(t *testing.T) {
	s := start(t, only(contoso.snapshot(t)), signin.User{Role: signin.Editor})
	for name, options := range map[string]browser.Options{"scripts": {}, "no scripts": {NoScript: true}} {
		t.Run(name, func(t *testing.T) {
			p := chromium.Open(t, s.enter(s.path("overview")), options)
			for _, view := range []string{"planned", "licensed", "achievable"} {
				box := "[data-include=" + view + "]"
				for range 2 {
					on := browser.Eval[bool](p, fmt.Sprintf("document.querySelector(%q).checked", box))
					expect.Equalf(t, on, p.Count(".chart-plot .chart-line.chart-"+view) > 0, "the line of %s", view)
					expect.Equalf(t, on, p.Count(".view-"+view) > 0, "the marks of %s", view)
					p.Click("label:has(" + box + ")")
				}
			}
			p.Click("label:has([data-breakdown=product])")
			expect.Equal(t, 0, p.Count(".by-category table"))
			expect.Equal(t, 1, p.Count(".by-product table"))
			if !options.NoScript {
				query(t, p, "breakdown", "product")
				p.Reload()
				expect.Equal(t, 1, p.Count(".by-product table"))
			}
		})
	}
}
