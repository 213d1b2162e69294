package page

import (
	"strings"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/score"
	"github.com/posture-score/posture/internal/snapshot"
)

// frame is what every page has around its tabs. Models of tabs embed it.
type frame struct {
	Title    string // of the window
	Name     string // of the tenant
	Tenant   engine.Tenant
	Request  Request
	Links    links
	Tabs     []tabLink
	Notices  []string // what keeps the page from being the whole truth
	Version  string   // of the snapshot
	Sections []section

	Collected, Evaluated time.Time
	Catalog, Engine      string // versions; empty for the list of tenants
	Switch               bool   // there are other tenants
	File                 bool
	Print                string // summary or full, where the address asks for it: who has no scripts has no buttons

	snapshot *snapshot.Snapshot
}

// tabLink is a tab in the navigation.
type tabLink struct {
	Name, Title, Link string
	Current           bool
}

// fact is an entry of the strip that says what the page rests on.
type fact struct {
	Name, Value string
	Detail      string // shown in full where there is room; may be empty
}

func newFrame(s *snapshot.Snapshot, request Request, l links) *frame {
	f := &frame{
		Name: tenantName(s), Tenant: s.Tenant, Request: request, Links: l, Version: s.Version, File: l.file, snapshot: s,
		Collected: s.Assessment.Evidence.CollectedAt, Evaluated: s.Assessment.EvaluatedAt, Catalog: s.Assessment.Catalog.Version, Engine: s.Assessment.Engine.Version,
	}
	f.Title, f.Switch = f.Name+" · posture", s.Tenants > 1 && !l.file
	if s.Problem != "" {
		f.Notices = append(f.Notices, "What is there now could not be read: "+s.ProblemFor(request.Viewer.Editor)+". Shown is the assessment of "+day(s.Assessment.EvaluatedAt)+" as it was read before.")
	}
	if mode := request.Query.Get("print"); mode == "summary" || mode == "full" {
		f.Print = mode
	}
	for _, t := range tabs() {
		if t.shown(s) && (t.inFile || !l.file) {
			f.Tabs = append(f.Tabs, tabLink{Name: t.name, Title: t.title, Link: l.Tab(t.name), Current: t.name == request.Tab})
			if t.name == request.Tab {
				f.Title = t.title + " · " + f.Title
			}
		}
	}
	return f
}

// stripOf returns what the page rests on.
func stripOf(s *snapshot.Snapshot) []fact {
	a := s.Assessment
	return []fact{
		{"Evidence", day(a.Evidence.CollectedAt), ago(a.Evidence.CollectedAt, s.Now)},
		{"Assessed", percent(score.Percent(a.Score.AssessedTotal, a.Score.Total)), "of " + points(a.Score.Total) + " points"},
		{"Unlicensed", points(unlicensed(a)), "points"},
		{"Catalog", a.Catalog.Version, short(a.Catalog.Digest)},
		{"Engine", a.Engine.Version, ""},
	}
}

// tenantName returns what the tenant is called.
func tenantName(s *snapshot.Snapshot) string {
	switch {
	case s.Settings != nil && s.Settings.Organization.Name != "" && s.Tenants <= 1:
		return s.Settings.Organization.Name
	case s.Tenant.Name != "":
		return s.Tenant.Name
	}
	return s.Tenant.ID
}

// unlicensed returns the points that are left on actions whose licenses the tenant lacks.
func unlicensed(a *engine.Assessment) score.Points {
	var sum score.Points
	for i := range a.Actions {
		if action := &a.Actions[i]; action.Counts() && !action.Licensed() {
			sum += action.Left()
		}
	}
	return sum
}

// short returns the beginning of a digest, enough to tell two apart.
func short(digest string) string {
	digest = strings.TrimPrefix(digest, "sha256:")
	return digest[:min(len(digest), 12)]
}

// ago returns how long ago a moment was, in the words of a reader.
func ago(at, now time.Time) string {
	days := int(now.Sub(at).Hours() / 24)
	switch {
	case days < 0:
		return "in the future"
	case days == 0:
		return "today"
	case days == 1:
		return "yesterday"
	}
	return plural(int64(days), "day") + " ago"
}
