package engine_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/must"
)

const connectedApps = "saas.apps"

// TestConnectedApps invents evidence for every control of a connected app from what it asks for. One
// instance that meets all of it completes the control. Whatever a setting then is instead, the control
// isn't met, and so it is if a second instance falls short. An app that isn't connected costs nothing.
func TestConnectedApps(t *testing.T) {
	t.Parallel()
	cat := readersOf(builtin(t), connectedApps)
	if len(cat.Controls()) < 100 {
		t.Errorf("%d controls read %s", len(cat.Controls()), connectedApps)
	}
	for _, control := range cat.Controls() {
		t.Run(control.ID, func(t *testing.T) {
			t.Parallel()
			only := cat.Select(func(c *catalog.Control) bool { return c == control })
			compiled := must.Get(engine.Compile(t.Context(), only, engine.Options{}))(t)
			judged := func(instances ...any) engine.Action {
				t.Helper()
				return assessOnly(t, compiled, bundle(t, data{connectedApps: instances}))
			}
			want := func(a engine.Action, outcome engine.Outcome, failing ...string) {
				t.Helper()
				shown := keysOf(a.Failing)
				if a.Outcome != outcome || !slices.Equal(shown, failing) || (a.Outcome == engine.Complete) != (a.Points.Achieved == a.Points.Max) {
					t.Errorf("%s, want %s, failing %v", brief(a), outcome, failing)
				}
			}
			app := control.Coverage.Match[0].Value
			good, bad := asks(t, control, described(t, cat))
			want(judged(instance(app, "one", good)), engine.Complete)
			want(judged(instance(app, "one", good), instance("Elsewhere", "two", nil)), engine.Complete)
			for name, values := range bad {
				if len(values) == 0 {
					t.Errorf("nothing is wrong for %s", name)
				}
				for _, value := range values {
					short := maps.Clone(good)
					short[name] = value
					want(judged(instance(app, "one", short)), engine.NotMet, "one")
					want(judged(instance(app, "one", good), instance(app, "two", short)), engine.NotMet, "two")
				}
				short := maps.Clone(good)
				delete(short, name)
				want(judged(instance(app, "one", short)), engine.NotMet, "one")
			}
			want(judged(object{"app": app, "instance": "one"}), engine.NotMet, "one")
			want(judged(instance("Elsewhere", "one", good)), engine.NotApplicable)
			want(judged(), engine.NotApplicable)
			want(assessOnly(t, compiled, bundle(t, data{"entra.unread": list{}})), engine.NoEvidence)
		})
	}
}

// TestConnectedAppsAskForKnownSettings: parameters name settings, which no type checker sees. So each
// name is one that the schema describes, and each app one that it knows; and the schema describes
// nothing that no control asks for.
func TestConnectedAppsAskForKnownSettings(t *testing.T) {
	t.Parallel()
	cat := readersOf(builtin(t), connectedApps)
	fields := appFields(t, cat)
	settingsOf := described(t, cat)
	known := fields["app"].(map[string]any)["enum"].([]any)
	settings, apps := map[string]bool{}, map[any]bool{}
	for _, control := range cat.Controls() {
		app := control.Coverage.Match[0].Value
		if apps[app] = true; !slices.Contains(known, app) {
			t.Errorf("%s is about %v, which the schema doesn't know", control.ID, app)
		}
		good, _ := asks(t, control, settingsOf)
		for name := range good {
			if settings[name] = true; settingsOf[name] == nil {
				t.Errorf("%s asks for %s, which the schema doesn't describe", control.ID, name)
			}
		}
	}
	for name := range settingsOf {
		if !settings[name] {
			t.Errorf("the schema describes %s, which no control asks for", name)
		}
	}
	if len(apps) != len(known) {
		t.Errorf("controls are about %d apps, the schema knows %d", len(apps), len(known))
	}
}

func appFields(t *testing.T, cat *catalog.Catalog) object {
	t.Helper()
	dataset, ok := cat.Datasets().Dataset(connectedApps)
	if !ok {
		t.Fatal("no dataset", connectedApps)
	}
	return dataset.Shape()["properties"].(object)
}

// described is what the schema says of each setting.
func described(t *testing.T, cat *catalog.Catalog) object {
	t.Helper()
	return appFields(t, cat)["settings"].(object)["properties"].(object)
}

// asks returns settings that meet all that a control asks for, and for each of them values that don't.
// Some apps tell numbers as text.
func asks(t *testing.T, control *catalog.Control, described object) (good object, bad map[string][]any) {
	t.Helper()
	good, bad = object{}, map[string][]any{}
	add := func(name string, value any, wrong ...any) {
		if setting, ok := described[name].(object); ok && !slices.Contains(setting["type"].([]any), any("number")) {
			value, wrong = numberText(value), each(wrong, numberText)
		}
		good[name] = value
		bad[name] = append(wrong, nil, "", "unheard of")
	}
	for what, asked := range control.ParameterValues() {
		switch asked := asked.(type) {
		case []any:
			on := what == "enabled"
			for _, name := range asked {
				add(name.(string), on, !on, 1)
			}
		case map[string]any:
			for name, bound := range asked {
				switch bound := bound.(type) {
				case []any:
					add(name, bound[0], false, 60)
				case json.Number:
					limit := must.Get(bound.Float64())(t)
					if what == "at_least" {
						add(name, limit, limit-0.01, true)
					} else {
						add(name, limit, limit+1, 0, "0", true)
					}
				}
			}
		}
	}
	if len(good) == 0 {
		t.Errorf("%s asks for nothing", control.ID)
	}
	return good, bad
}

// numberText is a number as text.
func numberText(value any) any {
	switch value := value.(type) {
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	case int:
		return strconv.Itoa(value)
	}
	return value
}

func each(values []any, change func(any) any) []any {
	var changed []any
	for _, value := range values {
		changed = append(changed, change(value))
	}
	return changed
}

func instance(app any, name string, settings object) object {
	return object{"app": app, "instance": name, "settings": settings}
}

func assessOnly(t *testing.T, compiled *engine.Engine, b *evidence.Bundle) engine.Action {
	t.Helper()
	a := must.Get(compiled.Assess(t.Context(), b, engine.AssessOptions{}))(t)
	return a.Actions[0]
}
