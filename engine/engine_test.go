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
	"github.com/posture-score/posture/engine/internal/rego/eval"
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
	dir := t.TempDir()
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
	return b
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
		text += fmt.Sprintf(" %d/%d/%d %v", a.Coverage.Compliant, a.Coverage.InScope, a.Coverage.Records, a.Failing.Shown)
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

func TestSetting(t *testing.T) {
	on := data{"entra.security_defaults": object{"isEnabled": true}}
	off := data{"entra.security_defaults": object{"isEnabled": false}}
	rule := "default compliant := false\ncompliant if data.evidence.entra.security_defaults.isEnabled == true\n"
	for _, test := range []struct {
		name string
		rego string
		data data
		want string
	}{
		{"complete", rule, on, "complete 10"},
		{"input has the same paths", "default compliant := false\ncompliant if input.entra.security_defaults.isEnabled == true", on, "complete 10"},
		{"not met", rule, off, "not_met 0"},
		{"reasons", rule + `reasons contains "it is off" if not compliant`, off, "not_met 0; it is off"},
		{"missing", rule, data{"entra.domains": list{}}, "no_evidence 0 missing [entra.security_defaults]; entra.security_defaults is not in the evidence"},
		{
			"failed", rule,
			data{"entra.security_defaults": errors.New("access denied")},
			"no_evidence 0 missing [entra.security_defaults]; entra.security_defaults could not be collected: access denied",
		},
		{"not applicable", rule + "default applicable := false", on, "not_applicable 0; its rule says that it does not apply to this tenant"},
		{"undefined", "compliant if data.evidence.entra.security_defaults.isEnabled == true", off, "error 0; compliant is undefined for this evidence; give it a default"},
		{"conflict", "compliant := true if data.now\ncompliant := false if data.now", on, "error 0; DIR/test/c.rego:4: rule data.policies.test.c.compliant produced conflicting values: true at DIR/test/c.rego:3 false at DIR/test/c.rego:4"},
		{"builtin error", `compliant if to_number(data.now) > 1`, on, `error 0; DIR/test/c.rego:3: to_number: strconv.ParseFloat: parsing "2026-10-01T06:00:00Z": invalid syntax`},
		{"not a boolean", `compliant := "yes"`, on, "error 0; compliant has to be true or false; it is string"},
		{"guard not a boolean", rule + `applicable := 1`, on, "error 0; applicable has to be true or false; it is a number"},
		{"time", "default compliant := false\ncompliant if count([x | some x in numbers.range(1, 1000000000)]) == 0", on, "error 0; the rule ran longer than its limit of 100ms"},
		{"too many reasons", rule + "reasons contains sprintf(\"%d\", [x]) if some x in numbers.range(1, 100)", on, "error 0; the rule gave 100 reasons, more than the limit of 50"},
		{"now", rule + "reasons contains data.now", on, "complete 10; 2026-10-01T06:00:00Z"},
		{"clock", rule + "reasons contains sprintf(\"%d\", [time.now_ns()])", on, "complete 10; 1790834400000000000"},
		{
			"wrong type", rule,
			data{"entra.security_defaults": object{"isEnabled": "true"}},
			"error 0; entra.security_defaults is not what its schema says: record 1, /isEnabled: want boolean, got string",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			cat := load(t, settingBlock, test.rego)
			limits := eval.DefaultLimits()
			limits.Time = 100 * time.Millisecond
			a := assess(t, cat, bundle(t, test.data), engine.Options{}.WithLimits(limits), engine.AssessOptions{})
			expect.Equal(t, test.want, withoutDir(brief(a.Actions[0])))
		})
	}
}

// withoutDir replaces the temporary folder in front of a policy file.
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

func TestCoverage(t *testing.T) {
	t.Parallel()
	const joined = `
  coverage "entra.users" {
    when_empty = "full"
    join "registration" {
      dataset = "entra.user_registration"
    }
    join "roles" {
      dataset = "entra.role_assignments"
      on      = "principalId"
      many    = true
    }
  }
`
	const plain = `
  coverage "entra.users" {
    when_empty = "%s"
    credit     = "%s"
  }
`
	const members = `
  coverage "exchange.mailboxes" {
    when_empty = "full"
    join "groups" {
      dataset = "exchange.group_members"
      on      = "member"
      many    = true
    }
  }
`
	const groups = "coverage \"entra.groups\" {\nwhen_empty = \"full\"\n}"
	const scope = "default in_scope := false\nin_scope if input.accountEnabled != false\n"
	const named = "default compliant := false\ncompliant if startswith(input.userPrincipalName, \"good\")\nreasons contains \"the name is bad\" if not compliant\n"
	registered := "default compliant := false\ncompliant if input.registration.isMfaRegistered == true\n"
	role := func(id, principal string) object {
		return object{"id": id, "principalId": principal, "roleDefinitionId": "r"}
	}
	for _, test := range []struct {
		name        string
		block, rego string
		data        data
		want        string
	}{
		{
			"partial", fmt.Sprintf(plain, "full", "partial"), scope + named,
			data{"entra.users": users("good1", "bad1", "off1", "good2", "bad2")},
			"partial 5 2/4/5 [bad1 bad2]; the name is bad (2 of 4)",
		},
		{"complete", fmt.Sprintf(plain, "full", "partial"), named, data{"entra.users": users("good1", "good2")}, "complete 10 2/2/2 []"},
		{"none", fmt.Sprintf(plain, "full", "partial"), named, data{"entra.users": users("bad1")}, "not_met 0 0/1/1 [bad1]; the name is bad (1 of 1)"},
		{
			"all or nothing", fmt.Sprintf(plain, "full", "all_or_nothing"), named,
			data{"entra.users": users("good1", "bad1")},
			"not_met 0 1/2/2 [bad1]; the name is bad (1 of 2)",
		},
		{"nobody in scope is full", fmt.Sprintf(plain, "full", "partial"), scope + named, data{"entra.users": users("off1")}, "complete 10 0/0/1 []; nothing is in scope, which earns full points"},
		{"empty is full", groups, "default compliant := false", data{"entra.groups": list{}}, "complete 10 0/0/0 []; nothing is in scope, which earns full points"},
		{
			"never empty", fmt.Sprintf(plain, "full", "partial"), named,
			data{"entra.users": list{}},
			"no_evidence 0 missing [entra.users]; entra.users could not be collected: the export holds no record, and every tenant has some",
		},
		{"empty is not applicable", fmt.Sprintf(plain, "not_applicable", "partial"), scope + named, data{"entra.users": users("off1")}, "not_applicable 0 0/0/1 []; nothing is in scope"},
		{"undefined scope", fmt.Sprintf(plain, "full", "partial"), "in_scope if input.accountEnabled == true\n" + named, data{"entra.users": users("good1", "off1")}, "error 0; off1: in_scope is undefined for this evidence; give it a default"},
		{"undefined decision", fmt.Sprintf(plain, "full", "partial"), "compliant if input.accountEnabled == true", data{"entra.users": users("off1")}, "error 0; off1: compliant is undefined for this evidence; give it a default"},
		{
			"wrong type counts against", fmt.Sprintf(plain, "full", "partial"), scope + named,
			data{"entra.users": list{object{"id": "good1", "accountEnabled": "no", "userPrincipalName": "good1"}, users("good2")[0]}},
			"partial 5 1/2/2 [good1]; the record is not what its schema says, or can't be joined (1 of 2)",
		},
		{"missing join", joined, registered, data{"entra.users": users("a"), "entra.user_registration": list{}}, "no_evidence 0 missing [entra.role_assignments]; entra.role_assignments is not in the evidence"},
		{
			"joins", joined, registered + "default in_scope := false\nin_scope if count(input.roles) > 0",
			data{
				"entra.users":             users("a", "b", "c"),
				"entra.user_registration": list{object{"id": "A", "isMfaRegistered": true}, object{"id": "c", "isMfaRegistered": true}},
				"entra.role_assignments":  list{role("1", "a"), role("2", "b"), role("3", "a")},
			},
			"partial 5 1/2/3 [b]",
		},
		{
			"ambiguous join", joined, registered,
			data{
				"entra.users":             users("a"),
				"entra.user_registration": list{object{"id": "a", "isMfaRegistered": false}, object{"id": "a", "isMfaRegistered": true}},
				"entra.role_assignments":  list{role("1", "a")},
			},
			"not_met 0 0/1/1 [a]; the record is not what its schema says, or can't be joined (1 of 1)",
		},
		{
			"joined record without key", joined, registered,
			data{"entra.users": users("a"), "entra.user_registration": list{}, "entra.role_assignments": list{object{"id": "1", "roleDefinitionId": "r"}}},
			"error 0; record 1 of entra.role_assignments has nothing in principalId that can be joined on",
		},
		{
			"joined record with a key in another form", members, "default compliant := false\ncompliant if input.groups == []",
			data{
				"exchange.mailboxes":     list{object{"primarySmtpAddress": "ada@contoso.example"}},
				"exchange.group_members": list{object{"group": "execs@contoso.example", "member": "SMTP:ada@contoso.example"}},
			},
			"error 0; record 1 of exchange.group_members has nothing in member that can be joined on",
		},
		{
			"joined record that names its group in another form", members, "default compliant := false\ncompliant if count(input.groups) >= 0",
			data{
				"exchange.mailboxes":     list{object{"primarySmtpAddress": "ada@contoso.example"}, object{"primarySmtpAddress": "bo@contoso.example"}},
				"exchange.group_members": list{object{"group": "Executives", "member": "ada@contoso.example"}},
			},
			"partial 5 1/2/2 [ada@contoso.example]; the record is not what its schema says, or can't be joined (1 of 2)",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := assess(t, load(t, test.block, test.rego), bundle(t, test.data), engine.Options{}, engine.AssessOptions{})
			expect.Equal(t, test.want, brief(a.Actions[0]))
		})
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	block := `
  coverage "defender_endpoint.secure_configuration" {
    when_empty = "not_applicable"
    match      = { configurationId = "scid-1" }
  }
`
	row := func(device, configuration string, compliant bool) object {
		return object{"deviceId": device, "configurationId": configuration, "isApplicable": true, "isCompliant": compliant}
	}
	cat := load(t, block, "default compliant := false\ncompliant if input.isCompliant == true")
	a := assess(t, cat, bundle(t, data{"defender_endpoint.secure_configuration": list{
		row("d1", "scid-1", true), row("d1", "scid-2", false), row("d2", "scid-1", false), row("d2", "scid-2", true),
	}}), engine.Options{}, engine.AssessOptions{})
	expect.Equal(t, "partial 5 1/2/2 [d2]", brief(a.Actions[0]))
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

// TestJoinIsNotTheRecordsOwn holds that a field of the record under the name of a join is never taken
// for what is joined.
func TestJoinIsNotTheRecordsOwn(t *testing.T) {
	t.Parallel()
	block := `
  coverage "entra.users" {
    when_empty = "full"
    join "registration" {
      dataset = "entra.user_registration"
    }
  }
`
	own := users("u1")
	own[0].(object)["registration"] = object{"id": "u1", "isMfaRegistered": true}
	cat := load(t, block, "default compliant := false\ncompliant if input.registration.isMfaRegistered == true")
	a := assess(t, cat, bundle(t, data{"entra.users": own, "entra.user_registration": list{}}), engine.Options{}, engine.AssessOptions{})
	expect.Equal(t, "not_met 0 0/1/1 [u1]", brief(a.Actions[0]))
}

func TestFailingIsBounded(t *testing.T) {
	t.Parallel()
	ids := make([]string, 30)
	for i := range ids {
		ids[i] = fmt.Sprintf("u%02d", i)
	}
	cat := load(t, "coverage \"entra.users\" {\nwhen_empty = \"full\"\n}", "default compliant := false")
	a := assess(t, cat, bundle(t, data{"entra.users": users(ids...)}), engine.Options{MaxFailing: 3}, engine.AssessOptions{})
	want := &engine.Failing{Total: 30, Shown: []string{"u00", "u01", "u02"}}
	expect.Equal(t, want, a.Actions[0].Failing)
}

func TestGraded(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ fraction, want string }{
		{"0.5", "partial 5; half"},
		{"1", "complete 10; half"},
		{"0", "not_met 0; half"},
		{"1 / 3", "partial 3.33; half"},
		{"0.99999", "partial 9.99; half"},
		{"1.01", "error 0; fraction has to be between 0 and 1; it is 1.01"},
		{"-1", "error 0; fraction has to be between 0 and 1; it is -1"},
		{`"1"`, "error 0; fraction has to be a number; it is string"},
	} {
		block := "graded {}\n" + strings.ReplaceAll(settingBlock, "setting {}", "")
		rego := "fraction := " + test.fraction + "\nreasons contains \"half\""
		a := assess(t, load(t, block, rego), bundle(t, data{"entra.security_defaults": object{"isEnabled": true}}), engine.Options{}, engine.AssessOptions{})
		expect.Equalf(t, test.want, brief(a.Actions[0]), "%s", test.fraction)
	}
}

func TestAttested(t *testing.T) {
	t.Parallel()
	claim := func(compliant bool, at, until string) object {
		return object{"controlId": "C", "claim": "done", "compliant": compliant, "by": "ada", "at": at + "T00:00:00Z", "until": until + "T00:00:00Z"}
	}
	const none = "no_evidence 0 missing [attestation.claims]; nobody has attested it"
	for _, test := range []struct {
		name   string
		claims list
		want   string
	}{
		{"held", list{claim(true, "2026-01-01", "2027-01-01")}, "complete 10; attested by ada, valid until 2027-01-01T00:00:00Z"},
		{"expired", list{claim(true, "2026-01-01", "2026-09-30")}, "not_met 0; what ada attested was valid until 2026-09-30T00:00:00Z"},
		{"denied", list{claim(false, "2026-01-01", "2027-01-01")}, "not_met 0; ada attested that it is not done"},
		{"none", list{}, none},
		{"of another control", list{object{"controlId": "D", "compliant": true, "by": "ada", "at": "2026-01-01T00:00:00Z", "until": "2027-01-01T00:00:00Z"}}, none},
		{"in the future", list{claim(true, "2026-11-01", "2027-01-01")}, none},
		{"the newest counts", list{claim(true, "2026-03-01", "2027-01-01"), claim(false, "2026-02-01", "2027-01-01")}, "complete 10; attested by ada, valid until 2027-01-01T00:00:00Z"},
		{"a tie counts as not done", list{claim(true, "2026-03-01", "2027-01-01"), claim(false, "2026-03-01", "2027-01-01")}, "not_met 0; ada attested that it is not done"},
		{"done, and then not, without an end", list{claim(true, "2026-03-01", "2027-01-01"), object{"controlId": "C", "compliant": false, "by": "bob", "at": "2026-04-01T00:00:00Z"}}, "not_met 0; bob attested that it is not done"},
		{"done, and then not, at a time nobody can read", list{claim(true, "2026-03-01", "2027-01-01"), object{"controlId": "C", "compliant": false, "by": "bob", "at": "2026-04-01 09:00"}}, "not_met 0; bob attested that it is not done"},
		{"by nobody", list{object{"controlId": "C", "compliant": true, "by": " ", "at": "2026-01-01T00:00:00Z", "until": "2027-01-01T00:00:00Z"}}, none},
		{"without an end", list{object{"controlId": "C", "compliant": true, "by": "ada", "at": "2026-01-01T00:00:00Z"}}, none},
	} {
		a := assess(t, load(t, "attested {}", ""), bundle(t, data{"attestation.claims": test.claims}), engine.Options{}, engine.AssessOptions{})
		expect.Equalf(t, test.want, brief(a.Actions[0]), "%s", test.name)
	}
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

func TestValidation(t *testing.T) {
	t.Parallel()
	bad := data{"entra.security_defaults": object{"isEnabled": "true"}}
	rule := "default compliant := false\ncompliant if data.evidence.entra.security_defaults.isEnabled == \"true\""
	// The rule compares with a string, which the type check refuses: only evidence can be of the wrong type.
	cat := load(t, settingBlock, strings.ReplaceAll(rule, `== "true"`, "== true"))
	for mode, want := range map[engine.Validation]string{
		engine.ValidateOff:    "not_met 0",
		engine.ValidateSample: "error 0; entra.security_defaults is not what its schema says: record 1, /isEnabled: want boolean, got string",
		engine.ValidateFull:   "error 0; entra.security_defaults is not what its schema says: record 1, /isEnabled: want boolean, got string",
	} {
		a := assess(t, cat, bundle(t, bad), engine.Options{}, engine.AssessOptions{Validate: mode})
		expect.Equalf(t, want, brief(a.Actions[0]), "%s", mode)
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
