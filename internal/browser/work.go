package browser

import (
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/performance"
)

// Work does an act and returns the time that the page's main thread computed since, script, style and layout included: what the act takes
// on a machine that has nothing else to do.
func (p *Page) Work(act func()) time.Duration {
	p.t.Helper()
	command(p, performance.Enable, performance.EnableParams{TimeDomain: performance.EnableTimeDomainThreadTicks})
	before := p.worked()
	act()
	return p.worked() - before
}

// worked is the time that the main thread has computed since it is measured.
func (p *Page) worked() time.Duration {
	p.t.Helper()
	for _, metric := range command(p, performance.GetMetrics, cdp.Empty{}).Metrics {
		if metric.Name == "TaskDuration" {
			return time.Duration(metric.Value * float64(time.Second))
		}
	}
	p.t.Fatal("the browser does not say how long it computed")
	return 0
}
