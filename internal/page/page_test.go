package page_test

import (
	"bytes"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/page"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/internal/snapshot"
	"github.com/posture-score/posture/schemas"
)

// sample returns a snapshot of the sample tenant, without a history.
func sample(t testing.TB) *snapshot.Snapshot {
	t.Helper()
	ctx := t.Context()
	cat := must.Get(catalog.Load(ctx, must.Get(schemas.Builtin())(t), must.Get(catalog.Builtin())(t)))(t)
	compiled := must.Get(engine.Compile(ctx, cat, engine.Options{Version: "1.2.3"}))(t)
	bundle := must.Get(evidence.Open(ctx, filepath.Join("..", "..", "testdata", "contoso"), evidence.DefaultLimits()))(t)
	defer bundle.Close()
	a := must.Get(compiled.Assess(ctx, bundle, engine.AssessOptions{}))(t)
	return &snapshot.Snapshot{
		Version: "0123456789abcdef", Now: a.EvaluatedAt, Tenant: a.Tenant, Tenants: 1, Assessment: a, Live: true, Catalog: cat, Settings: &settings.Settings{},
	}
}

// TestRender holds that every tab is a page of its own, and that the single file has all of them.
func TestRender(t *testing.T) {
	r := must.Get(page.New())(t)
	s := sample(t)
	for _, tab := range []string{"overview", "actions", "owners", "plan"} {
		var text bytes.Buffer
		must.Do(t, r.Render(&text, s, page.Request{Tab: tab, Query: url.Values{}}))
		if !strings.Contains(text.String(), "<h1") {
			t.Errorf("%s has no heading:\n%s", tab, text.String())
		}
	}
	var file bytes.Buffer
	must.Do(t, r.File(&file, s))
	for _, tab := range []string{"overview", "actions", "owners", "plan"} {
		if !strings.Contains(file.String(), `<div id="`+tab+`">`) {
			t.Errorf("the file lacks %s", tab)
		}
	}
}
