package page

import "github.com/posture-score/posture/internal/snapshot"

// tab is one of the tabs.
type tab struct {
	name, title string
	one         string                        // template of one action or entry; empty if the tab has none
	inFile      bool                          // it is in the single file
	shown       func(*snapshot.Snapshot) bool // whether the snapshot has what it is about
	model       func(*frame) (any, error)     // of the tab, or of Request.ID
}

// tabs returns the tabs in the order in which they are shown.
func tabs() []tab {
	always := func(*snapshot.Snapshot) bool { return true }
	past := func(s *snapshot.Snapshot) bool { return s.Past != nil }
	several := func(s *snapshot.Snapshot) bool { return s.Tenants > 1 }
	return []tab{
		{name: "overview", title: "Overview", inFile: true, shown: always, model: overviewOf},
		{name: "actions", title: "Recommended actions", one: "action", inFile: true, shown: always, model: actionsOf},
		{name: "history", title: "History", one: "entry", inFile: true, shown: past, model: historyOf},
		{name: "trends", title: "Metrics & trends", inFile: true, shown: past, model: trendsOf},
		{name: "owners", title: "Owners", inFile: true, shown: always, model: ownersOf},
		{name: "plan", title: "Plan", inFile: true, shown: always, model: planOf},
		{name: "tenants", title: "Tenants", shown: several, model: func(*frame) (any, error) { return nil, ErrNotFound }}, // see Renderer.Tenants,
	}
}

// section is a tab with its model, ready to be rendered.
type section struct {
	Name, Title, Template string
	Model                 any
}
