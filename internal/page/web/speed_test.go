package web_test

import (
	"testing"
	"time"

	"github.com/posture-score/posture/internal/browser"
)

// A list of 5,000 actions is usable within a second, and follows what one types within 50 ms, layout included. The least of some tries is
// what the machine can do; the rest is what else it had to do.
func TestSpeed(t *testing.T) {
	_, url := newSite(t, 5000)
	ready, search := time.Hour, map[string]time.Duration{}
	for range 3 {
		p := chromium.Open(t, url+"/actions", browser.Options{})
		ready = min(ready, p.Timing().Quiet)
		for name, took := range browser.Eval[map[string]float64](p, measure) {
			took := time.Duration(took * float64(time.Millisecond))
			if least, ok := search[name]; !ok || took < least {
				search[name] = took
			}
		}
		if ready < time.Second && max(search["word55"], search[""], search["sort"]) < 50*time.Millisecond {
			break
		}
	}
	t.Logf("quiet after %s; %v", ready, search)
	if ready > time.Second {
		t.Errorf("the list is quiet after %s", ready)
	}
	for name, took := range search {
		if took > 50*time.Millisecond && name != "sort" && name != "group" {
			t.Errorf("search for %q took %s", name, took)
		}
	}
}

// measure types into the search field, and sorts and groups, and returns milliseconds until the layout is done.
const measure = `(() => {
	const q = document.querySelector("#q"), times = {};
	const run = (name, act) => {
		const start = performance.now();
		act();
		document.body.offsetHeight;
		times[name] = performance.now() - start;
	};
	for (const text of ["w", "word5", "word55", "zzz", "", "note of 49"]) {
		run(text, () => { q.value = text; q.dispatchEvent(new Event("input", {bubbles: true})); });
	}
	q.value = "";
	q.dispatchEvent(new Event("input", {bubbles: true}));
	run("sort", () => document.querySelector("[data-column=title] a").click());
	run("group", () => {
		const group = document.querySelector("#group");
		group.value = "category";
		group.dispatchEvent(new Event("input", {bubbles: true}));
	});
	return times;
})()`
