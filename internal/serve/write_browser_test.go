package serve_test

import (
	"os"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/browser"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/serve/signin"
)

// An editor decides in a browser, with scripts and without, another one has decided meanwhile, and what was saved is taken back.
func TestWriteInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser")
	}
	var chromium browser.Browser
	t.Cleanup(func() { must.Do(t, chromium.Stop()) })
	for name, o := range map[string]browser.Options{"scripts": {}, "dark, narrow": {Dark: true, Width: 360}, "no scripts": {NoScript: true}} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, signin.Editor)
			p := chromium.Open(t, d.signIn, o)
			check := func() {
				t.Helper()
				if o.NoScript {
					return // axe is a script
				}
				p.Accessible()
				if wide := p.Sideways(); len(wide) > 0 {
					t.Errorf("wider than the window: %q", wide)
				}
			}
			p.Expect("status 422")
			p.Expect("status 409")
			p.Go(d.URL + d.base + "/actions/AdminMFAV2/edit")
			check()
			p.Fill("#edit-status-owner", "<b>ada</b> \u00e9")
			p.Click(`input[value="risk_accepted"]`)
			p.Follow("button.primary", "Save")
			p.Sees("Nothing was saved.")
			p.Sees("Say why")
			check()
			p.Fill("#edit-status-reason", "two keys\nare missing")
			// Somebody else is faster.
			must.Do(t, os.WriteFile(d.path, []byte(strings.Replace(registered, "bob@", "eve@", 1)), 0o600))
			p.Follow("button.primary", "Save")
			p.Sees("changed by somebody else")
			p.Sees("eve@contoso.example")
			check()
			p.Follow("button", "Use mine")
			p.Sees("Saved.")
			check()
			d.wantRegister(`# Decisions of Contoso.
action "AdminMFAV2" {
  status     = "risk_accepted" # by the board
  reason     = "two keys\nare missing"
  owner      = "<b>ada</b> é"
  tags       = ["q4", "board"]
  changed_by = "Ada Lovelace"
  changed_at = "NOW"
}
`)
			p.Follow("button", "Undo")
			p.Sees("The change was taken back.")
			d.wantRegister(strings.Replace(registered, "bob@", "eve@", 1))
		})
	}
}

// In the sheet beside the list an editor decides without leaving the list: what is wrong, what was saved and what was taken back is shown there.
func TestWriteInSheet(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser")
	}
	var chromium browser.Browser
	t.Cleanup(func() { must.Do(t, chromium.Stop()) })
	d := newDesk(t, signin.Editor)
	p := chromium.Open(t, d.signIn, browser.Options{})
	p.Expect("status 422")
	p.Go(d.URL + d.base + "/actions?q=AdminMFAV2")
	p.Click(`a[data-flyout][href$="/actions/AdminMFAV2"]`)
	p.Wait(`document.querySelector("dialog [data-detail] .edits") !== null`)
	p.ClickText("dialog summary", "Change the status")
	p.Click(`dialog input[value="third_party"]`)
	p.ClickText("dialog button", "Save")
	p.Wait(`document.querySelector("dialog .wrong") !== null`)
	p.Sees("Say why")
	p.Fill("#edit-status-reason", "another provider")
	p.ClickText("dialog button", "Save")
	p.Wait(`document.querySelector("dialog [role=status]") !== null`)
	p.Sees("Saved.")
	if text := string(must.Get(os.ReadFile(d.path))(t)); !strings.Contains(text, `reason     = "another provider"`) {
		t.Errorf("it is not saved:\n%s", text)
	}
	p.ClickText("dialog button", "Undo")
	p.Wait(`document.querySelector("dialog [role=status]")?.textContent.includes("taken back")`)
	d.wantRegister(registered)
}
