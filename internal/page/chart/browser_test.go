package chart_test

import (
	"bytes"
	"html/template"
	"os"
	"path/filepath"
	"testing"

	"github.com/posture-score/posture/internal/browser"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/page/chart"
	"github.com/posture-score/posture/internal/page/web"
)

var chromium browser.Browser

func TestMain(m *testing.M) { os.Exit(chromium.Main(m)) }

// TestBrowser looks at all charts as readers do: on a desk and on a phone, in light and dark. The page has the policy of the single file.
func TestBrowser(t *testing.T) {
	chromium.Need(t)
	set := must.Get(chart.Define(template.New("page")))(t)
	style := web.Style()
	var text bytes.Buffer
	text.WriteString(`<!doctype html><html lang="en"><head><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ` + style.CSP +
		`; img-src data:"><meta charset="utf-8"><title>Charts</title><link rel="icon" href="data:,"><style>` + style.Content + `</style></head><body><main><h1>Charts</h1>`)
	for _, f := range []*chart.Figure{year().Figure(), bridge().Figure(), bars().Figure(), monthly().Figure()} {
		must.Do(t, set.ExecuteTemplate(&text, "chart", f))
	}
	short := chart.Line{About: chart.About{ID: "short", Title: "A week"}, Series: []chart.Series{{Name: "Score", Class: "score", Points: walk(7, 50_00)}}}
	must.Do(t, set.ExecuteTemplate(&text, "chart", short.Figure()))
	text.WriteString("</main></body></html>")
	path := filepath.Join(t.TempDir(), "charts.html")
	must.Do(t, os.WriteFile(path, text.Bytes(), 0o644))

	p := chromium.Open(t, browser.File(t, path), browser.Options{NoScript: false})
	p.Accessible()
	p.Set(browser.Options{Dark: true})
	p.Accessible()
	p.Set(browser.Options{Width: 360, Touch: true})
	p.Accessible()
	expect.Equal(t, []string{}, p.Sideways())
	const small = `[...document.querySelectorAll(".chart text")].filter(e => e.getClientRects().length > 0 && e.getBoundingClientRect().height < 11).map(e => e.outerHTML)`
	expect.Equalf(t, []string{}, browser.Eval[[]string](p, small), "texts that are too small")
	const outside = `[...document.querySelectorAll(".chart text, .chart a")].filter(e => e.getClientRects().length > 0).map(e => [e, e.getBoundingClientRect()])
		.filter(([e, r]) => r.left < 0 || r.right > innerWidth).map(([e]) => e.outerHTML)`
	expect.Equalf(t, []string{}, browser.Eval[[]string](p, outside), "outside of the window")
	const overlap = `[...document.querySelectorAll(".chart-plot > svg")].flatMap(plot => {
		const labels = [...plot.querySelectorAll(".chart-x")].filter(e => e.getClientRects().length > 0).map(e => [e, e.getBoundingClientRect()]);
		return labels.slice(1).filter(([, r], i) => r.left < labels[i][1].right).map(([e]) => e.outerHTML);
	})`
	expect.Equalf(t, []string{}, browser.Eval[[]string](p, overlap), "one label on the other")
	const target = `[...document.querySelectorAll(".chart-lane a")].filter(e => e.checkVisibility() && Math.min(e.getBoundingClientRect().width, e.getBoundingClientRect().height) < 24).length`
	expect.Equalf(t, 0, browser.Eval[int](p, target), "links that are too small to touch")
}
