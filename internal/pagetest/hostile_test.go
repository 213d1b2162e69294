package pagetest_test

import (
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/browser"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/serve/signin"
)

// TestHostile shows names that are scripts, steer the direction of text, or are very long: they are text, and stay where they belong.
func TestHostile(t *testing.T) {
	h := hostile(t, contoso.snapshot(t))
	s := start(t, only(h), signin.User{Role: signin.Editor})
	p := chromium.Open(t, s.enter("/"), browser.Options{})
	for _, path := range pages(t) {
		p.Go(s.tab(path))
		harmless(t, p, path)
	}
	p.Go(s.tab("actions"))
	shown := browser.Eval[string](p, "document.querySelector('main').textContent")
	for _, text := range hostileTexts() {
		if !strings.Contains(shown, text) {
			t.Errorf("the list does not show %.60q", text)
		}
	}
	f := chromium.Open(t, file(t, h), browser.Options{})
	f.Do(`for (const section of document.querySelectorAll("details:not([data-menu])")) section.open = true`)
	harmless(t, f, "the file")
}

// harmless holds that nothing of a name has run, that each text that steers stands alone in its place, and that nothing sticks out.
func harmless(t *testing.T, p *browser.Page, where string) {
	t.Helper()
	expect.Equalf(t, "undefined", browser.Eval[string](p, "typeof window.hostile"), "%s: what ran", where)
	expect.Equalf(t, 0, browser.Eval[int](p, `document.querySelectorAll("main script, main img, main svg[onload], [onerror], [onfocus], [autofocus]").length`), "%s: elements that a name made", where)
	expect.Equalf(t, []string{}, browser.Eval[[]string](p, `(() => {
		const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		for (let node; (node = walker.nextNode());) {
			if (!/[\u202a-\u202e\u2066-\u2069]/.test(node.data) || node.parentElement.closest("bdi, [dir=auto], script, style, option, textarea, pre")) continue;
			let block = node.parentElement;
			while (getComputedStyle(block).display.startsWith("inline")) block = block.parentElement;
			if (block.textContent.trim() !== node.data.trim()) found.push(block.outerHTML.slice(0, 200));
		}
		return found;
	})()`), "%s: texts that steer others", where)
	for _, width := range []int{1280, 360} {
		p.Set(browser.Options{Width: width})
		fits(t, p, where)
	}
}
