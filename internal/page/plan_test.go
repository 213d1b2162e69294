package page_test

import (
	"bytes"
	"html"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/browser"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/page"
	"github.com/posture-score/posture/internal/page/web"
	"github.com/posture-score/posture/internal/score"
	"github.com/posture-score/posture/internal/snapshot"
)

// planValues returns what the tab says the chosen actions change, by name.
func planValues(text string) map[string]string {
	values := map[string]string{}
	for _, found := range regexp.MustCompile(`data-plan-value="([^"]*)">([^<]*)<`).FindAllStringSubmatch(text, -1) {
		values[found[1]] = html.UnescapeString(found[2])
	}
	return values
}

// TestPlanTarget holds what is shown for a target: a plan, a reason why there is none, or what is wrong with it.
func TestPlanTarget(t *testing.T) {
	s := sample(t)
	s.Register.Path = "register.hcl"
	tests := map[string]struct {
		query      string
		want, lack []string
	}{
		"nothing":            {"", []string{`name="target" value="70"`, "Choose actions", `data-plan-writing hidden`}, []string{"The cheapest way"}},
		"a target":           {"target=75", []string{"The cheapest way to 75.00%", "<strong class=\"num\">75.", "checked>", `<input type="hidden" name="version"`}, []string{"can&#39;t be reached"}},
		"with decimals":      {"target=70.5&assessed_only=1", []string{"The cheapest way to 70.50%", `name="assessed_only" value="1" checked`}, []string{"not assessed: collect"}},
		"reached":            {"target=1", []string{"The target is reached already"}, nil},
		"unreachable":        {"target=100&assessed_only=1", []string{"100.00% can't be reached", "At most", "Not assessed"}, []string{"The cheapest way"}},
		"too much":           {"target=100.01", []string{"A target is a percentage", `aria-invalid="true"`}, []string{"The cheapest way"}},
		"no number":          {"target=%3Cscript%3E", []string{`value="&lt;script&gt;"`, "A target is a percentage"}, []string{"<script>\""}},
		"not a plain number": {"target=1e1", []string{"A target is a percentage"}, nil},
		"chosen":             {"select=AdminMFAV2&select=%3Cscript%3E", []string{"The chosen actions in order", `value="AdminMFAV2"`}, []string{"The cheapest way"}},
		"chosen beats":       {"select=AdminMFAV2&target=90", []string{"The chosen actions in order"}, []string{"The cheapest way"}},
		"nothing to do":      {"select=nothing", []string{"Nothing is left to do on these."}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, text, _ := strings.Cut(tab(t, s, "plan", test.query), "<main")
			for _, want := range test.want {
				if !strings.Contains(text, want) {
					t.Errorf("it lacks %s", want)
				}
			}
			for _, lack := range append(test.lack, "<script", "style=") {
				if strings.Contains(text, lack) {
					t.Errorf("it has %s", lack)
				}
			}
		})
	}
}

// TestPlanReader holds that a reader, and whoever has no register, can't write.
func TestPlanReader(t *testing.T) {
	s := sample(t)
	if text := tab(t, s, "plan", "target=75"); strings.Contains(text, "method=\"post\"") {
		t.Error("without a register there is a form")
	}
	s.Register.Path = "register.hcl"
	var text bytes.Buffer
	must.Do(t, must.Get(page.New())(t).Render(&text, s, page.Request{Tab: "plan", Query: url.Values{"target": {"75"}}}))
	if strings.Contains(text.String(), "method=\"post\"") {
		t.Error("a reader has a form")
	}
}

// TestPlanByHand holds that actions whose status the evidence decides are not among those that are written.
func TestPlanByHand(t *testing.T) {
	s := sample(t)
	s.Register.Path = "register.hcl"
	fixed := ""
	for i := range s.Assessment.Actions {
		a := &s.Assessment.Actions[i]
		if control, ok := s.Catalog.Control(a.ID); ok && control.Exception != "" && !a.Settled() {
			fixed = a.ID
		}
	}
	text := tab(t, s, "plan", "select="+fixed+"&select=AdminMFAV2")
	if strings.Contains(text, `type="hidden" name="select" value="`+fixed) || !strings.Contains(text, `type="hidden" name="select" value="AdminMFAV2"`) {
		t.Error("it offers to write what it can't")
	}
	if !strings.Contains(text, `data-plan-value="fixed">1</span>`) {
		t.Error("it does not say what is left out")
	}
}

// TestPlanScript holds the numbers that the script shows to those of the server, for random choices of actions of every kind.
func TestPlanScript(t *testing.T) {
	s := mixed(t)
	r := must.Get(page.New())(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; form-action 'self'; require-trusted-types-for 'script'; trusted-types 'none'")
		switch path := strings.TrimPrefix(request.URL.Path, "/assets/"); path {
		case web.Script().Name:
			w.Header().Set("Content-Type", web.Script().ContentType)
			_, _ = io.WriteString(w, web.Script().Content)
		case web.Style().Name:
			w.Header().Set("Content-Type", web.Style().ContentType)
			_, _ = io.WriteString(w, web.Style().Content)
		case "/events":
			w.WriteHeader(http.StatusNoContent)
		default:
			_ = r.Render(w, s, page.Request{Tab: "plan", Query: request.URL.Query(), Viewer: page.Viewer{Editor: true}})
		}
	}))
	t.Cleanup(server.Close)
	var chromium browser.Browser
	t.Cleanup(func() { must.Do(t, chromium.Stop()) })
	p := chromium.Open(t, server.URL+"/tenants/"+s.Tenant.ID+"/plan?all=1", browser.Options{})
	random := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		ids := url.Values{}
		for i := range s.Assessment.Actions {
			if random.IntN(4) == 0 {
				ids.Add("select", s.Assessment.Actions[i].ID)
			}
		}
		got := browser.Eval[map[string]string](p, `(() => {
			const wanted = new URLSearchParams("`+ids.Encode()+`").getAll("select");
			for (const box of document.querySelectorAll("form[data-plan] input[name=select]")) { box.checked = wanted.includes(box.value); }
			document.querySelector("form[data-plan] input[name=select]").dispatchEvent(new Event("change", {bubbles: true}));
			return Object.fromEntries([...document.querySelectorAll("[data-plan-value]")].map(e => [e.dataset.planValue, e.textContent]));
		})()`)
		text := tab(t, s, "plan", "all=1&"+ids.Encode())
		expect.Equal(t, planValues(text), got)
		sent := browser.Eval[[]string](p, `[...new FormData(document.querySelector("form[data-plan-write]"))].filter(([k]) => k === "select" || k === "version").map(([k, v]) => k + "=" + v).sort()`)
		var want []string
		for _, found := range regexp.MustCompile(`<input type="hidden" name="(select|version)" value="([^"]*)">`).FindAllStringSubmatch(text, -1) {
			want = append(want, found[1]+"="+found[2])
		}
		slices.Sort(want)
		expect.Equal(t, want, sent)
		address := must.Get(url.Parse(p.URL()))(t)
		shown := slices.DeleteFunc(slices.Clone(ids["select"]), func(id string) bool { a := s.Action(id); return a.Settled() || !a.Counts() || a.Left() <= 0 })
		kept := address.Query()["select"]
		slices.Sort(kept)
		expect.Equal(t, shown, kept)
	}
	p.Accessible()
}

// mixed returns the sample with statuses, licenses and points of every kind.
func mixed(t testing.TB) *snapshot.Snapshot {
	t.Helper()
	s := sample(t)
	s.Register = snapshot.Register{Path: "register.hcl", Decisions: map[string]engine.Decision{}}
	random := rand.New(rand.NewPCG(3, 4))
	var items []score.Item
	for i := range s.Assessment.Actions {
		a := &s.Assessment.Actions[i]
		if !a.Settled() {
			a.Points.Max = score.Points(1 + random.IntN(1000))
			a.Points.Achieved = score.Points(random.IntN(int(a.Points.Max)))
			a.Status = []engine.Status{engine.ToAddress, engine.Planned, engine.RiskAccepted}[random.IntN(3)]
			if random.IntN(3) == 0 {
				a.Prerequisites = []engine.Prerequisite{{License: "Microsoft Entra ID P2", ServicePlans: []string{"P2"}}}
			}
			if random.IntN(3) == 0 {
				s.Register.Decisions[a.ID] = engine.Decision{Status: a.Status, Owner: "Ada"}
			}
		}
		if a.Counts() {
			items = append(items, score.Item{Achieved: a.Points.Achieved, Max: a.Points.Max, Planned: a.Status == engine.Planned, Licensed: a.Licensed(), Accepted: a.Status == engine.RiskAccepted})
		}
	}
	sum := score.Sum(items)
	s.Assessment.Score.Achieved, s.Assessment.Score.Total, s.Assessment.Score.Percent = sum.Achieved, sum.Total, sum.Percent
	s.Assessment.Score.Planned.Points, s.Assessment.Score.CurrentLicense.Points, s.Assessment.Score.Achievable.Points = sum.Planned, sum.CurrentLicense, sum.Achievable
	return s
}

// TestPlanFile holds that the file has the way to the next ten percent, and leaves choosing to the script.
func TestPlanFile(t *testing.T) {
	var file bytes.Buffer
	must.Do(t, must.Get(page.New())(t).File(&file, sample(t)))
	_, text, _ := strings.Cut(file.String(), `<div id="plan">`)
	text, _, _ = strings.Cut(text, "<script")
	for _, want := range []string{"The cheapest way to 70.00%", `<section class="card plan-effect" aria-labelledby="effect-h" data-scripted hidden>`} {
		if !strings.Contains(text, want) {
			t.Errorf("it lacks %s", want)
		}
	}
	if strings.Contains(text, "action=") || strings.Contains(text, "checked") {
		t.Error("it has a form for a server")
	}
	keys := slices.Sorted(maps.Keys(planValues(text)))
	if !slices.Contains(keys, "achievable.change") {
		t.Errorf("it has %q", keys)
	}
}
