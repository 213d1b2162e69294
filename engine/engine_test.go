package engine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/schemas"
)

// collected is when the evidence of these tests was collected.
var collected = time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC)

// facts are the attributes that every control needs and that these tests don't care about.
const facts = `
  title    = "A control"
  category = "identity"
  product  = "test"
  points   = 10
  tier     = "core"
  threats  = []
  source   = "a test"
  implementation {
    steps = ["do it"]
  }
`

// TestMain lets the heap grow: these tests keep little, and allocate a lot.
func TestMain(m *testing.M) {
	debug.SetGCPercent(200)
	os.Exit(m.Run())
}

// load builds a catalog of one control, "C", of a block and a rule.
func load(t testing.TB, block, rego string) *catalog.Catalog {
	t.Helper()
	files := map[string]string{
		"catalog.hcl": `product "test" { title = "Test" }`,
		"test/c.hcl":  "control \"C\" {\n" + facts + block + "\n}\n",
	}
	if rego != "" {
		files["test/c.rego"] = "package policies.test.c\n\n" + rego
	}
	return loadFiles(t, files)
}

// loadFiles builds a catalog of the files of a folder.
func loadFiles(t testing.TB, files map[string]string) *catalog.Catalog {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		must.Do(t, os.MkdirAll(filepath.Dir(path), 0o755))
		must.Do(t, os.WriteFile(path, []byte(text), 0o644))
	}
	registry := must.Get(schemas.Builtin())(t)
	source := must.Get(catalog.Dir(dir))(t)
	return must.Get(catalog.Load(t.Context(), registry, source))(t)
}

// data is a bundle to be: dataset name to a document (map), to records (a list) or to why it failed (an error).
type data map[string]any

type (
	object = map[string]any
	list   = []any
)

func bundle(t testing.TB, datasets data) *evidence.Bundle {
	t.Helper()
	b, _ := bundleIn(t, datasets)
	return b
}

// bundleIn returns a bundle and its folder.
func bundleIn(t testing.TB, datasets data) (_ *evidence.Bundle, dir string) {
	t.Helper()
	dir = t.TempDir()
	w, err := evidence.Create(dir, evidence.Manifest{Tenant: evidence.Tenant{ID: "t1", Name: "Test"}, CollectedAt: collected})
	must.Do(t, err)
	for name, content := range datasets {
		switch content := content.(type) {
		case error:
			w.Fail(name, content.Error())
		case object:
			err = w.Document(name, content)
		case list:
			err = w.Records(name, recordsOf(content))
		}
		must.Do(t, err)
	}
	must.Do(t, w.Close())
	b := must.Get(evidence.Open(t.Context(), dir, evidence.DefaultLimits()))(t)
	t.Cleanup(func() { _ = b.Close() })
	return b, dir
}

func recordsOf(content list) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		for _, record := range content {
			if !yield(record, nil) {
				return
			}
		}
	}
}

// engines holds the engines of the built-in catalog, by their options.
var engines sync.Map

// compiled returns the engine of a catalog; that of the built-in one is compiled once.
func compiled(t testing.TB, cat *catalog.Catalog, options engine.Options) *engine.Engine {
	t.Helper()
	if e, ok := engines.Load(options); ok && cat == builtin(t) {
		return e.(*engine.Engine)
	}
	e := must.Get(engine.Compile(context.Background(), cat, options))(t)
	if cat == builtin(t) {
		engines.Store(options, e)
	}
	return e
}

func assess(t testing.TB, cat *catalog.Catalog, b *evidence.Bundle, options engine.Options, settings engine.AssessOptions) *engine.Assessment {
	t.Helper()
	return must.Get(compiled(t, cat, options).Assess(t.Context(), b, settings))(t)
}

// brief is what a test looks at of an action.
func brief(a engine.Action) string {
	text := fmt.Sprintf("%s %s", a.Outcome, a.Points.Achieved)
	if a.Coverage != nil {
		text += fmt.Sprintf(" %d/%d/%d %v", a.Coverage.Compliant, a.Coverage.InScope, a.Coverage.Records, keysOf(a.Failing))
	}
	if len(a.Missing) > 0 {
		text += fmt.Sprintf(" missing %v", a.Missing)
	}
	for _, reason := range a.Reasons {
		text += "; " + reason
	}
	return text
}

const settingBlock = `
  setting {}
  context = ["entra.security_defaults"]
`

// withoutDir replaces the temporary folder in front of a policy file.
// keysOf returns the keys of failing records; nil for none.
func keysOf(failing *engine.Failing) []string {
	var keys []string
	if failing != nil {
		for _, record := range failing.Shown {
			keys = append(keys, record.Key)
		}
	}
	return keys
}

func withoutDir(text string) string {
	return regexp.MustCompile(`\S+/test/c\.rego`).ReplaceAllString(text, "DIR/test/c.rego")
}

func users(ids ...string) list {
	all := list{}
	for _, id := range ids {
		all = append(all, object{"id": id, "accountEnabled": !strings.HasPrefix(id, "off"), "userType": "Member", "userPrincipalName": id + "@contoso.example"})
	}
	return all
}

// TestMatchOfSeveralFields holds that a record that may match a control, since a field that is matched
// has no usable value, counts against that control, and against no other.
func TestMatchOfSeveralFields(t *testing.T) {
	t.Parallel()
	control := func(id, match string) string {
		return fmt.Sprintf("control %q {\n%s  coverage \"defender_endpoint.secure_configuration\" {\n    when_empty = \"not_applicable\"\n%s  }\n}\n", id, facts, match)
	}
	rule := "default compliant := false\ncompliant if input.isCompliant == true"
	cat := loadFiles(t, map[string]string{
		"catalog.hcl":   "product \"test\" { title = \"Test\" }",
		"test/all.hcl":  control("All", ""),
		"test/all.rego": "package policies.test.all\n\n" + rule,
		"test/two.hcl":  control("Two", "match = { configurationId = \"scid-1\", isApplicable = true }\n"),
		"test/two.rego": "package policies.test.two\n\n" + rule,
	})
	row := func(device string, fields object) object {
		maps.Copy(fields, object{"deviceId": device, "configurationId": "scid-1", "isCompliant": true})
		return fields
	}
	a := assess(t, cat, bundle(t, data{"defender_endpoint.secure_configuration": list{
		row("d1", object{"isApplicable": true}), row("d2", object{"isApplicable": false}), row("d3", object{"isApplicable": nil}), row("d4", object{}),
	}}), engine.Options{}, engine.AssessOptions{})
	const doubted = "partial 3.33 1/3/3 [d3 d4]; the record is not what its schema says, or can't be joined (2 of 3)"
	for i, want := range []string{"complete 10 4/4/4 []", doubted} {
		expect.Equalf(t, want, brief(a.Actions[i]), "%s", a.Actions[i].ID)
	}
}

func TestFailingIsBounded(t *testing.T) {
	t.Parallel()
	ids := make([]string, 30)
	for i := range ids {
		ids[i] = fmt.Sprintf("u%02d", i)
	}
	cat := load(t, "coverage \"entra.users\" {\nwhen_empty = \"full\"\n}", "default compliant := false")
	a := assess(t, cat, bundle(t, data{"entra.users": users(ids...)}), engine.Options{MaxFailing: 3}, engine.AssessOptions{})
	want := &engine.Failing{Total: 30, Shown: []engine.Record{{Key: "u00", Label: "u00@contoso.example"}, {Key: "u01", Label: "u01@contoso.example"}, {Key: "u02", Label: "u02@contoso.example"}}}
	expect.Equal(t, want, a.Actions[0].Failing)
}

func TestParametersReachTheRule(t *testing.T) {
	t.Parallel()
	block := settingBlock + "parameter \"least\" {\ntype = number\ndefault = 3\n}\n"
	cat := load(t, block, "default compliant := false\ncompliant if data.parameters.least <= 2")
	b := bundle(t, data{"entra.security_defaults": object{"isEnabled": true}})
	if got := brief(assess(t, cat, b, engine.Options{}, engine.AssessOptions{}).Actions[0]); got != "not_met 0" {
		t.Errorf("with the default: %s", got)
	}
	overridden := must.Get(cat.WithParameters("parameters.hcl", []byte("control \"C\" {\n  least = 2\n}\n")))(t)
	if got := brief(assess(t, overridden, b, engine.Options{}, engine.AssessOptions{}).Actions[0]); got != "complete 10" {
		t.Errorf("overridden: %s", got)
	}
}

func TestTime(t *testing.T) {
	t.Parallel()
	cat := load(t, settingBlock, "default compliant := false\nreasons contains data.now")
	b := bundle(t, data{"entra.security_defaults": object{"isEnabled": true}})
	later := time.Date(2027, 1, 1, 0, 0, 0, 0, time.FixedZone("", 3600))
	a := assess(t, cat, b, engine.Options{}, engine.AssessOptions{Now: later})
	if want := "2026-12-31T23:00:00Z"; a.Actions[0].Reasons[0] != want || a.EvaluatedAt.Format(time.RFC3339) != want {
		t.Errorf("evaluated at %s, the rule saw %s; want %s", a.EvaluatedAt, a.Actions[0].Reasons[0], want)
	}
	compiled := must.Get(engine.Compile(t.Context(), cat, engine.Options{}))(t)
	beyond := time.Date(9999, 12, 31, 23, 0, 0, 0, time.FixedZone("", -3600))
	if _, err := compiled.Assess(t.Context(), b, engine.AssessOptions{Now: beyond}); err == nil {
		t.Error("a time that can't be written is taken")
	}
}

func TestCancel(t *testing.T) {
	cat := load(t, settingBlock, "default compliant := false")
	e := must.Get(engine.Compile(t.Context(), cat, engine.Options{}))(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	b := bundle(t, data{"entra.security_defaults": object{"isEnabled": true}})
	if _, err := e.Assess(ctx, b, engine.AssessOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context canceled", err)
	}
}

// TestConcurrent assesses many bundles with one engine at once: the same input has to give the same bytes.
func TestConcurrent(t *testing.T) {
	cat := load(t, "coverage \"entra.users\" {\nwhen_empty = \"full\"\n}", "default compliant := false\ncompliant if startswith(input.id, \"good\")\nreasons contains input.userPrincipalName")
	e := must.Get(engine.Compile(t.Context(), cat, engine.Options{}))(t)
	results := make([][]byte, 8)
	var group sync.WaitGroup
	for i := range results {
		b := bundle(t, data{"entra.users": users("good1", "bad1", "bad2", "good2")})
		group.Go(func() {
			a, err := e.Assess(t.Context(), b, engine.AssessOptions{})
			if err != nil {
				t.Error(err)
				return
			}
			results[i], _ = json.Marshal(a)
		})
	}
	group.Wait()
	if slices.ContainsFunc(results, func(r []byte) bool { return !bytes.Equal(r, results[0]) || len(r) == 0 }) {
		t.Error("the same input gave different bytes")
	}
}

func TestAssessmentMatchesItsSchema(t *testing.T) {
	t.Parallel()
	cat := load(t, "coverage \"entra.users\" {\nwhen_empty = \"full\"\n}", "default compliant := false\nreasons contains \"never\"")
	for _, datasets := range []data{{"entra.users": users("a")}, {"entra.users": errors.New("no")}, {"entra.domains": list{}}, {"entra.users": list{object{"id": 1}}}} {
		conforms(t, assess(t, cat, bundle(t, datasets), engine.Options{}, engine.AssessOptions{}))
	}
}

// conforms holds an assessment to its schema, and returns its text.
func conforms(t *testing.T, a *engine.Assessment) string {
	t.Helper()
	text := must.Get(json.Marshal(a))(t)
	decoded := must.Get(records.Decode(text, records.Limits{}))(t)
	if violations := schemas.Validate("assessment", decoded); len(violations) > 0 {
		t.Errorf("%s\nviolates its schema: %v", text, violations)
	}
	return string(text)
}

// TestEvidenceThatNobodyReads holds that evidence which isn't well-formed is no evidence, whether a
// control reads it or not.
func TestEvidenceThatNobodyReads(t *testing.T) {
	t.Parallel()
	cat := load(t, settingBlock, "default compliant := false")
	dir := t.TempDir()
	w := must.Get(evidence.Create(dir, evidence.Manifest{Tenant: evidence.Tenant{ID: "t1"}, CollectedAt: collected}))(t)
	must.Do(t, w.Records("entra.users", recordsOf(users("a", "b"))))
	must.Do(t, w.Close())
	manifest := filepath.Join(dir, "manifest.json")
	text := must.Get(os.ReadFile(manifest))(t)
	must.Do(t, os.WriteFile(manifest, bytes.Replace(text, []byte(`"records": 2`), []byte(`"records": 3`), 1), 0o600))
	b := must.Get(evidence.Open(t.Context(), dir, evidence.DefaultLimits()))(t)
	t.Cleanup(func() { _ = b.Close() })
	e := must.Get(engine.Compile(t.Context(), cat, engine.Options{}))(t)
	if _, err := e.Assess(t.Context(), b, engine.AssessOptions{}); err == nil || !strings.Contains(err.Error(), "3") {
		t.Errorf("got %v, want an error that the manifest counts 3 records", err)
	}
}

// TestStepLimit holds that a rule which takes more steps than its limit is an error.
func TestStepLimit(t *testing.T) {
	cat := load(t, settingBlock, "default compliant := false\ncompliant if count([x | some x in numbers.range(1, 10000); some y in numbers.range(1, 10000); x > y + 20000]) > 0")
	b := bundle(t, data{"entra.security_defaults": object{"isEnabled": true}})
	a := assess(t, cat, b, engine.Options{MaxSteps: 1_000_000}, engine.AssessOptions{})
	if got, want := brief(a.Actions[0]), "c.rego:4: compliant takes more than 1,000,000 steps, the limit for one evaluation: make it do less, or raise the limit by --max-steps"; !strings.HasSuffix(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
