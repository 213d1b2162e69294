package browser

import "time"

// Timing is what the loading of a page took, from the start of its navigation.
type Timing struct {
	Response time.Duration // the last byte of the document has arrived
	Paint    time.Duration // something is shown
	Parsed   time.Duration // DOMContentLoaded has been handled
	Loaded   time.Duration // so has load
	Quiet    time.Duration // and the last task of 50 ms or more that began by then has ended
	Longest  time.Duration // the longest such task
}

// Timing waits until the page has been painted and returns what that took.
func (p *Page) Timing() Timing {
	p.t.Helper()
	p.Wait(`document.readyState === "complete" && performance.getEntriesByType("paint").length > 0 && performance.getEntriesByType("navigation")[0].loadEventEnd > 0`)
	ms := Eval[[]float64](p, `new Promise(done => {
		const tasks = [];
		const observer = new PerformanceObserver(list => tasks.push(...list.getEntries()));
		observer.observe({type: "longtask", buffered: true});
		setTimeout(() => {
			tasks.push(...observer.takeRecords());
			observer.disconnect();
			const n = performance.getEntriesByType("navigation")[0], paint = performance.getEntriesByType("paint")[0].startTime;
			done([n.responseEnd, paint, n.domContentLoadedEventEnd, n.loadEventEnd,
				Math.max(n.loadEventEnd, paint, ...tasks.map(t => t.startTime + t.duration)), Math.max(0, ...tasks.map(t => t.duration))]);
		}, 100);
	})`)
	d := make([]time.Duration, len(ms))
	for i, m := range ms {
		d[i] = time.Duration(m * float64(time.Millisecond))
	}
	return Timing{Response: d[0], Paint: d[1], Parsed: d[2], Loaded: d[3], Quiet: d[4], Longest: d[5]}
}
