package browser

import (
	"os"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Picture returns the window, or the whole page, as a PNG.
func (p *Page) Picture(whole bool) []byte {
	p.t.Helper()
	params := page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatPng, CaptureBeyondViewport: &whole}
	if whole {
		size := command(p, page.GetLayoutMetrics, chromedp.Void{}).CSSContentSize
		params.Clip = &page.Viewport{Width: size.Width, Height: size.Height, Scale: 1}
	}
	return command(p, page.CaptureScreenshot, params).Data
}

// Save writes [Page.Picture] to a file.
func (p *Page) Save(path string, whole bool) {
	p.t.Helper()
	if err := os.WriteFile(path, p.Picture(whole), 0o644); err != nil {
		p.t.Fatal(err)
	}
}
