package redact_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/cohort"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/redact"
)

var key = []byte(strings.Repeat("k", redact.MinKey))

// literals are those of a catalog.
func literals() []string {
	return []string{
		"policy %q: %s", "%s is not on", "%s is not %v or more", "%s is not %s", "Quarantine", "MoveToJmf", "action", "threshold", "Global Administrator",
		"nothing demands it of the role %s", "servers: %d of %d", "the account is stale", "100 %% of %s", "for ${control.id} alone", "%s", "%s%s",
	}
}

func redactor(t testing.TB) *redact.Redactor { return must.Get(redact.New(key, literals()))(t) }

// TestName gives a name the same pseudonym each time, in either case, and another key another one.
func TestName(t *testing.T) {
	r, other := redactor(t), must.Get(redact.New([]byte(strings.Repeat("o", redact.MinKey)), nil))(t)
	// A pseudonym that changes with a version of this program would tell people apart that are the same.
	expect.Equal(t, "anon-6c5001496f975529", r.Name("ada@contoso.example"))
	expect.Equal(t, r.Name("ada@contoso.example"), r.Name(" Ada@Contoso.example"))
	expect.Equal(t, "", r.Name(" "))
	for _, n := range []string{other.Name("ada@contoso.example"), r.Name("bo@contoso.example")} {
		if n == r.Name("ada@contoso.example") {
			t.Error("two names share a pseudonym")
		}
	}
	if r.KeyID() == other.KeyID() || strings.Contains(r.Name("key"), r.KeyID()) {
		t.Error("the key has no name of its own")
	}
}

func TestNewRefuses(t *testing.T) {
	for _, n := range []int{0, redact.MinKey - 1, redact.MaxKey + 1} {
		if _, err := redact.New(make([]byte, n), nil); err == nil || !strings.Contains(err.Error(), "make one with `openssl rand -hex 32`") {
			t.Errorf("%d bytes: error is %v", n, err)
		}
	}
}

// TestText replaces what stands in the place of a value, and withholds what fits no format. {x} stands for the pseudonym of x.
func TestText(t *testing.T) {
	for text, want := range map[string]string{
		"":                                 "",
		"the account is stale":             "the account is stale",
		"the account is stale (3 of 9)":    "the account is stale (3 of 9)",
		`policy "Board": action is not on`: `policy "{Board}": action is not on`,
		`policy "Board": threshold is not 6 or more (1 of 2)`:             `policy "{Board}": threshold is not 6 or more (1 of 2)`,
		`policy "Board": action is not MoveToJmf or Quarantine`:           `policy "{Board}": action is not MoveToJmf or Quarantine`,
		`policy "Board": action is not ada@contoso.example`:               `policy "{Board}": action is not {ada@contoso.example}`,
		"nothing demands it of the role Global Administrator":             "nothing demands it of the role Global Administrator",
		"nothing demands it of the role Ada's":                            "nothing demands it of the role {Ada's}",
		"servers: 12 of 34":                                               "servers: 12 of 34",
		"100 % of Board":                                                  "100 % of {Board}",
		"for Board alone":                                                 "for {Board} alone",
		"a b":                                                             "[text withheld: {a b}]",
		"the exclusion of Ada is unused: no record in scope has this key": "the exclusion of {Ada} is unused: no record in scope has this key",
		"the exclusions of Ada and Bo name the same record: the second one counts":                 "the exclusions of {Ada} and {Bo} name the same record: the second one counts",
		"entra.users could not be collected: Ada may not":                                          "{entra.users} could not be collected: [text withheld: {Ada may not}]",
		"attested by Ada, valid until 2027-01-01T00:00:00Z":                                        "attested by {Ada}, valid until 2027-01-01T00:00:00Z",
		`a decision about "Ada" is unused: the catalog has no such control. Did you mean "AdaV2"?`: `a decision about "{Ada}" is unused: the catalog has no such control.[text withheld: { Did you mean "AdaV2"?}]`,
		"Ada has no field Lovelace":                                                                "{Ada} has no field {Lovelace}",
		"Ada \xff is not on":                                                                       "[text withheld: {Ada \xff is not on}]",
	} {
		r := redactor(t)
		for strings.Contains(want, "{") {
			before, rest, _ := strings.Cut(want, "{")
			inner, after, _ := strings.Cut(rest, "}")
			want = before + r.Name(inner) + after
		}
		expect.Equal(t, want, r.Text(text))
		expect.Equal(t, want, r.Text(text)) // remembered
	}
}

// visit calls a function with each text in a value, and with the path of fields that leads to it. With fill it makes one element of each
// list, map and pointer first.
func visit(v reflect.Value, path string, fill bool, text func(path string, v reflect.Value)) {
	switch v.Kind() {
	case reflect.String:
		if v.Type() != reflect.TypeFor[json.Number]() { // which is a number
			text(path, v)
		}
	case reflect.Struct:
		for field, value := range v.Fields() {
			if field.IsExported() {
				visit(value, strings.TrimPrefix(path+"."+field.Name, "."), fill, text)
			}
		}
	case reflect.Pointer, reflect.Interface:
		if fill {
			element := reflect.TypeFor[string]()
			if v.Kind() == reflect.Pointer {
				element = v.Type().Elem()
			}
			made := reflect.New(element)
			visit(made.Elem(), path, fill, text)
			if v.Kind() == reflect.Interface {
				made = made.Elem()
			}
			v.Set(made)
		} else if !v.IsNil() {
			visit(v.Elem(), path, fill, text)
		}
	case reflect.Slice:
		if fill {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		}
		for i := range v.Len() {
			visit(v.Index(i), path, fill, text)
		}
	case reflect.Map:
		if fill {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			visit(key, path+".key", fill, text)
			visit(value, path, fill, text)
			v.Set(reflect.MakeMap(v.Type()))
			v.SetMapIndex(key, value)
		}
		for key, value := range v.Seq2() {
			visit(key, path+".key", false, text)
			visit(value, path, false, text)
		}
	}
}

// full returns a value of a type with a secret in every text that it can hold, each of which names its field.
func full[T any]() *T {
	value := new(T)
	visit(reflect.ValueOf(value).Elem(), "", true, func(path string, v reflect.Value) {
		if v.CanSet() { // what a map holds was filled before
			v.SetString("<secret of " + path + ">")
		}
	})
	return value
}

var secret = regexp.MustCompile(`<secret of ([^>]*)>`)

// left returns the fields whose secrets are still in a value, sorted.
func left(value any) []string {
	fields := map[string]bool{}
	visit(reflect.ValueOf(value).Elem(), "", false, func(_ string, v reflect.Value) {
		for _, found := range secret.FindAllStringSubmatch(v.String(), -1) {
			fields[found[1]] = true
		}
	})
	return slices.Sorted(maps.Keys(fields))
}

// TestAssessment redacts an assessment with a secret in every field. Those that are left are the fields here, which hold words of the
// program, of the catalog or of a schema, and digests. A new field that names somebody has to be redacted; one that does not is added.
func TestAssessment(t *testing.T) {
	a := full[engine.Assessment]()
	before := string(must.Get(json.Marshal(a))(t))
	r := redactor(t)
	c := r.Assessment(a)
	expect.Equal(t, []string{
		"Actions.Absent.Dataset", "Actions.Absent.Field", "Actions.Basis.Population", "Actions.Basis.Rule", "Actions.Category", "Actions.Complexity",
		"Actions.Decision.Status", "Actions.Difficulty", "Actions.Digest", "Actions.Frameworks", "Actions.Frameworks.key", "Actions.ID", "Actions.Kind",
		"Actions.Missing", "Actions.Outcome", "Actions.Prerequisites.Control", "Actions.Prerequisites.License", "Actions.Prerequisites.ServicePlans",
		"Actions.Product", "Actions.Stage", "Actions.Status", "Actions.Threats", "Actions.Tier", "Actions.Title", "Actions.UserImpact",
		"Catalog.Digest", "Catalog.Parameters.Base", "Catalog.Parameters.Digest", "Catalog.Version",
		"Engine.Fallbacks.Control", "Engine.Fallbacks.Reason", "Engine.Version",
		"Evidence.Datasets.Digest", "Evidence.Datasets.Name", "Evidence.Datasets.Status", "Evidence.Datasets.Subject", "Evidence.Digest",
		"Register.Digest", "SchemaVersion", "Score.Categories.Category", "Score.Products.Product",
	}, left(c))
	expect.Equal(t, before, string(must.Get(json.Marshal(a))(t)))
	expect.Equal(t, r.KeyID(), c.Redaction.Key)
	expect.Equal(t, r.Name(a.Actions[0].Failing.Shown[0].Key), c.Actions[0].Failing.Shown[0].Key)
	expect.Equal(t, r.Name(a.Actions[0].Exception.By), c.Actions[0].Exception.By)
	expect.Equal(t, string(must.Get(json.Marshal(c))(t)), string(must.Get(json.Marshal(redactor(t).Assessment(a)))(t)))
}

// TestParameters keeps the words of the catalog, numbers and truth values of parameters.
func TestParameters(t *testing.T) {
	r := redactor(t)
	given := map[string]any{"accounts": []any{"ada", 7.0, true, nil}, "map": map[string]any{"Ada L": "bo"}, "action": "Quarantine"}
	want := map[string]any{
		"accounts": []any{r.Name("ada"), 7.0, true, nil}, "map": map[string]any{r.Name("Ada L"): r.Name("bo")}, "action": "Quarantine",
	}
	a := &engine.Assessment{Actions: []engine.Action{{Basis: engine.Basis{Parameters: given}}}}
	expect.Equal(t, want, r.Assessment(a).Actions[0].Parameters)
}

// TestException keeps why an exception was made, if it is one of the words for that.
func TestException(t *testing.T) {
	a := &engine.Assessment{Actions: []engine.Action{{Exception: &engine.Exception{Justification: "RiskAccepted"}}}}
	expect.Equal(t, engine.Exception{Justification: "RiskAccepted"}, *redactor(t).Assessment(a).Actions[0].Exception)
}

// TestFailure redacts a failing record with a secret in every field.
func TestFailure(t *testing.T) {
	f := redactor(t).Failure(*full[engine.Failure]())
	expect.Equal(t, []string{"Control", "Dataset"}, left(&f))
}

// TestComparison redacts a comparison with a secret in every field.
func TestComparison(t *testing.T) {
	c := full[cohort.Comparison]()
	before := string(must.Get(json.Marshal(c))(t))
	public := []string{"Cohorts.Actions.ID", "Cohorts.Actions.Title", "Cohorts.Categories.Category"}
	expect.Equal(t, public, left(redactor(t).Comparison(c)))
	expect.Equal(t, before, string(must.Get(json.Marshal(c))(t)))
	expect.Equal(t, (*cohort.Comparison)(nil), redactor(t).Comparison(nil))
	c.Cohorts[0].ID = cohort.AllID
	expect.Equal(t, cohort.AllID, redactor(t).Comparison(c).Cohorts[0].ID)
}

// TestAttribution redacts what changed, with a secret in every field.
func TestAttribution(t *testing.T) {
	a := full[attribution.Attribution]()
	before := string(must.Get(json.Marshal(a))(t))
	expect.Equal(t, []string{
		"Actions.After.Outcome", "Actions.After.Status", "Actions.Before.Outcome", "Actions.Before.Status",
		"Actions.Category", "Actions.Decision.Status", "Actions.Fields.Missing", "Actions.Fields.Shown.Dataset", "Actions.Fields.Shown.Field", "Actions.ID",
		"Actions.Parts.Cause", "Actions.Parts.Detail", "Actions.Product", "Actions.Title", "Actions.Word",
		"Causes.Cause", "Causes.Detail", "Incomparable.ID", "Incomparable.Reason", "Incomparable.Title", "Method",
		"New.Catalog", "New.Engine", "New.Evidence", "New.Version", "Notes", "Old.Catalog", "Old.Engine", "Old.Evidence", "Old.Version", "SchemaVersion",
	}, left(redactor(t).Attribution(a)))
	expect.Equal(t, before, string(must.Get(json.Marshal(a))(t)))
	expect.Equal(t, (*attribution.Attribution)(nil), redactor(t).Attribution(nil))
	plain := &attribution.Attribution{Actions: []attribution.Change{{Fields: &engine.DocumentChanges{Shown: []engine.FieldChange{{Old: "true", New: "\"Ada\""}}}}}}
	got := redactor(t).Attribution(plain).Actions[0].Fields.Shown[0]
	expect.Equal(t, "true", got.Old)
	if strings.Contains(got.New, "Ada") {
		t.Error(got.New)
	}
}

// ExampleRedactor_Text replaces a name in a reason.
func ExampleRedactor_Text() {
	r, err := redact.New([]byte("0123456789abcdef"), []string{"policy %q: %s", "the threshold is low"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Text(`policy "Board of Contoso": the threshold is low (3 of 9)`))
	// Output: policy "anon-1f4fe9b510a0d8bc": the threshold is low (3 of 9)
}

// FuzzText redacts a sentence around a secret: it is not in the result.
func FuzzText(f *testing.F) {
	f.Add("policy \"", "\": action is not on")
	f.Add("", " has no field x")
	f.Add("the exclusion of ", " expired on 2026-01-01")
	f.Add("a (", " of 3)")
	f.Fuzz(func(t *testing.T, before, after string) {
		if got := redactor(t).Text(before + "Kovacs4711" + after); strings.Contains(got, "Kovacs4711") {
			t.Errorf("%q", got)
		}
	})
}
