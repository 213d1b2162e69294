package browser

import (
	"context"
	"net/url"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Options are what the reader of a page has set. The zero value is a desktop: 1280 x 800 pixels, light, English, in UTC.
type Options struct {
	Width, Height int     // of the window, in CSS pixels at a zoom of 1
	Zoom          float64 // 2 is 200 %: half as many CSS pixels, each twice as large
	Density       float64 // of the screen: device pixels in a CSS pixel
	Touch         bool    // a phone: fingers, no mouse
	Dark          bool
	ReducedMotion bool
	NoScript      bool // JavaScript is off
	Offline       bool // from when the page has loaded
	Print         bool // styled as on paper
}

// Page is a tab in a session of its own: it shares no cookies with other pages.
type Page struct {
	t      testing.TB
	ctx    context.Context
	events events
}

// Open opens a URL and waits until it has loaded. It ends when the test does, which fails if there was a problem that it did not expect.
func (b *Browser) Open(t testing.TB, address string, o Options) *Page {
	t.Helper()
	b.Need(t)
	p := &Page{t: t}
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(p.events.listen))
	p.start(ctx, cancel, o)
	p.Go(address)
	p.Offline(o.Offline)
	return p
}

// Tab opens a URL in another tab of the same session, with the same cookies.
func (p *Page) Tab(address string, o Options) *Page {
	p.t.Helper()
	tab := &Page{t: p.t}
	ctx, cancel := chromedp.NewContext(p.ctx, chromedp.WithListener(tab.events.listen))
	tab.start(ctx, cancel, o)
	tab.Go(address)
	tab.Offline(o.Offline)
	return tab
}

func (p *Page) start(ctx context.Context, cancel context.CancelFunc, o Options) {
	p.t.Helper()
	p.ctx = ctx
	p.t.Cleanup(cancel)
	if err := begin(ctx); err != nil {
		p.t.Fatalf("opening a tab: %v", err)
	}
	p.t.Cleanup(p.report)
	online := o
	online.Offline = false
	p.Set(online)
}

// Set changes what the reader has set, while the page is open.
func (p *Page) Set(o Options) {
	p.t.Helper()
	width, height := positive(o.Width, 1280), positive(o.Height, 800)
	zoom, density := positive(o.Zoom, 1), positive(o.Density, 1)
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: choose(o.Dark, "dark", "light")},
		{Name: "prefers-reduced-motion", Value: choose(o.ReducedMotion, "reduce", "no-preference")},
	}}
	if o.Print {
		media.Media = "print"
	}
	command(p, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: int64(float64(width) / zoom), Height: int64(float64(height) / zoom), DeviceScaleFactor: zoom * density, Mobile: o.Touch,
	})
	command(p, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: o.Touch})
	command(p, emulation.SetEmulatedMedia, media)
	command(p, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: "UTC"})
	command(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: o.NoScript})
	p.Offline(o.Offline)
}

// Offline cuts the page off, or connects it again.
func (p *Page) Offline(off bool) {
	p.t.Helper()
	command(p, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{Offline: off, DownloadThroughput: -1, UploadThroughput: -1}}, // every URL
	})
	command(p, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: off, DownloadThroughput: -1, UploadThroughput: -1})
}

// Go opens another URL and waits until it has loaded. A response that refuses is a page like any other.
func (p *Page) Go(address string) {
	p.t.Helper()
	if err := p.do(chromedp.Navigate(address)); err != nil {
		p.t.Fatalf("opening %s: %v", address, err)
	}
}

// Reload loads the page again.
func (p *Page) Reload() {
	p.t.Helper()
	if err := p.do(chromedp.Reload()); err != nil {
		p.t.Fatalf("loading again: %v", err)
	}
}

// Back goes back in the history of the tab.
func (p *Page) Back() {
	p.t.Helper()
	history := command(p, page.GetNavigationHistory, chromedp.Void{})
	if history.CurrentIndex < 1 {
		p.t.Fatal("there is no page to go back to")
	}
	// A page that was kept is shown again without being loaded.
	p.load(func() error {
		command(p, page.NavigateToHistoryEntry, page.NavigateToHistoryEntryParams{EntryID: history.Entries[history.CurrentIndex-1].ID})
		return nil
	})
}

// URL returns the address that the page has now.
func (p *Page) URL() string {
	p.t.Helper()
	return Eval[string](p, "location.href")
}

// Eval returns the value of an expression of JavaScript, of a promise what it resolves to. It works where the page's own JavaScript is off.
func Eval[V any](p *Page, expression string) V {
	p.t.Helper()
	v, err := evaluate[V](p, expression)
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// Do runs a statement of JavaScript.
func (p *Page) Do(statement string) {
	p.t.Helper()
	Eval[chromedp.Void](p, statement)
}

func evaluate[V any](p *Page, expression string) (V, error) {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[V](expression, chromedp.EvalAwaitPromise))
}

func (p *Page) do(actions ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	return chromedp.Do(ctx, actions...)
}

// command sends a command of the DevTools protocol.
func command[P, R any](p *Page, c cdp.Command[P, R], params P) R {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	result, err := chromedp.Call(ctx, c, params)
	if err != nil {
		p.t.Fatalf("%s: %v", c.Method, err)
	}
	return result
}

// File returns the URL of a file.
func File(t testing.TB, path string) string {
	t.Helper()
	abs, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	slashed := filepath.ToSlash(abs)
	if slashed[0] != '/' {
		slashed = "/" + slashed // C:/x is file:///C:/x
	}
	return (&url.URL{Scheme: "file", Path: slashed}).String()
}

func positive[N int | float64](n, otherwise N) N {
	if n > 0 {
		return n
	}
	return otherwise
}

func choose(condition bool, yes, no string) string {
	if condition {
		return yes
	}
	return no
}
