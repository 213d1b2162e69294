package decide_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/decide"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/register"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/internal/snapshot"
	"github.com/posture-score/posture/schemas"
)

// before is the register that the tests begin with.
const before = `# Decisions of Contoso.

action "OneAdmin" {
  status      = "risk_accepted" # see the minutes
  reason      = "one-person company"
  expires     = "2026-12-01T18:00:00+01:00"
  approved_by = "ciso@contoso.example"
  tags        = ["board", "q4"]
}
`

var builtin = sync.OnceValues(func() (*catalog.Catalog, error) {
	set, err := schemas.Builtin()
	if err != nil {
		return nil, err
	}
	files, err := catalog.Builtin()
	if err != nil {
		return nil, err
	}
	return catalog.Load(context.Background(), set, files)
})

// now is when the tests take place.
func now() time.Time { return time.Date(2026, 10, 1, 6, 0, 0, 999, time.UTC) }

// office is a tenant in which decisions are made.
type office struct {
	t        testing.TB
	path     string
	settings string
}

func newOffice(t testing.TB) office {
	t.Helper()
	dir := t.TempDir()
	o := office{t: t, path: filepath.Join(dir, register.Name), settings: filepath.Join(dir, settings.Name)}
	must.Do(t, os.WriteFile(o.path, []byte(before), 0o600))
	return o
}

// snapshot returns what is seen now.
func (o office) snapshot() *snapshot.Snapshot {
	o.t.Helper()
	s := &snapshot.Snapshot{
		Catalog: must.Get(builtin())(o.t), Settings: &settings.Settings{}, Register: snapshot.Register{Path: o.path},
		Assessment: &engine.Assessment{Actions: []engine.Action{
			{ID: "AdminMFAV2", Status: engine.ToAddress}, {ID: "BlockLegacyAuthentication", Status: engine.Completed}, {ID: "OneAdmin", Status: engine.RiskAccepted},
		}},
	}
	if r, err := register.Open(o.path); err == nil {
		s.Register.Decisions, s.Register.Version = r.Decisions(), r.Version()
	}
	if found, err := settings.Open(o.settings); err == nil {
		s.Settings = found
	}
	return s
}

func (o office) desk(person string) *decide.Desk { return decide.New(o.snapshot(), person, now()) }

func (o office) version(id string) string {
	return register.VersionOf(o.snapshot().Register.Decisions, id)
}

func (o office) wantText(want string) {
	o.t.Helper()
	expect.Equal(o.t, want, string(must.Get(os.ReadFile(o.path))(o.t)))
}

func of(text string) *string { return &text }

// What is written is what was asked for, with its author, and the rest stays as it is written.
func TestSet(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	receipt := must.Get(o.desk("Ada").Set(t.Context(), "OneAdmin", o.version("OneAdmin"), register.Fields{
		Status: of("risk_accepted"), Reason: of("one-person company\r\n"), Owner: of(" ${ada} "), Due: of(""), Expires: of("2026-12-01"), ApprovedBy: of("ciso@contoso.example"), Ticket: of(""),
	}))(t)
	after := `# Decisions of Contoso.

action "OneAdmin" {
  status      = "risk_accepted" # see the minutes
  reason      = "one-person company"
  owner       = "$${ada}"
  expires     = "2026-12-01T18:00:00+01:00"
  approved_by = "ciso@contoso.example"
  tags        = ["board", "q4"]
  changed_by  = "Ada"
  changed_at  = "2026-10-01T06:00:00Z"
}
`
	o.wantText(after)
	expect.Equal(t, decide.Receipt{File: decide.InRegister, Path: o.path, Version: register.Version([]byte(after))}, receipt)

	// What changes nothing is not written.
	expect.Equal(t, decide.Receipt{Path: o.path}, must.Get(o.desk("Bob").Set(t.Context(), "OneAdmin", o.version("OneAdmin"), register.Fields{Owner: of("${ada}")}))(t))
	o.wantText(after)

	expect.Equal(t, decide.Undone{File: decide.InRegister, Author: "Ada", Actions: []string{"OneAdmin"}}, must.Get(o.desk("Bob").Undo(t.Context(), decide.InRegister, receipt.Version))(t))
	o.wantText(before)
}

// Another status is another decision, and one that is to address has none.
func TestSetStatus(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	must.Get(o.desk("Ada").Set(t.Context(), "OneAdmin", o.version("OneAdmin"), register.Fields{Status: of("planned"), Due: of("2026-10-01")}))(t)
	o.wantText(`# Decisions of Contoso.

action "OneAdmin" {
  status     = "planned" # see the minutes
  due        = "2026-10-01"
  tags       = ["board", "q4"]
  changed_by = "Ada"
  changed_at = "2026-10-01T06:00:00Z"
}
`)
	must.Get(o.desk("Bob").Set(t.Context(), "OneAdmin", o.version("OneAdmin"), register.Fields{Status: of("to_address"), Due: of("")}))(t)
	o.wantText(`# Decisions of Contoso.

action "OneAdmin" {
  # see the minutes
  tags       = ["board", "q4"]
  changed_by = "Bob"
  changed_at = "2026-10-01T06:00:00Z"
}
`)
}

// What can't be meant is refused with a sentence for its field, and nothing is written.
func TestInvalid(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		id     string
		fields register.Fields
		want   map[string]string
	}{
		"no reason":     {"AdminMFAV2", register.Fields{Status: of("risk_accepted")}, map[string]string{"reason": "Say why: this status changes the score, or leaves a risk."}},
		"blank reason":  {"AdminMFAV2", register.Fields{Status: of("third_party"), Reason: of(" \n ")}, map[string]string{"reason": "Say why: this status changes the score, or leaves a risk."}},
		"unseen reason": {"AdminMFAV2", register.Fields{Status: of("third_party"), Reason: of("\u200b")}, map[string]string{"reason": "There is nothing in it: write something, or leave it out."}},
		"its reason":    {"OneAdmin", register.Fields{Status: of("third_party")}, map[string]string{"reason": "Say why: this status changes the score, or leaves a risk."}},
		"expired":       {"AdminMFAV2", register.Fields{Status: of("planned"), Expires: of("2026-10-01")}, map[string]string{"expires": "On this day the decision has ended already, and would have no effect: name a later one, or none."}},
		"overdue":       {"AdminMFAV2", register.Fields{Status: of("planned"), Due: of("2026-09-30")}, map[string]string{"due": "This day has passed: name one from today on."}},
		"no day":        {"AdminMFAV2", register.Fields{Status: of("planned"), Due: of("soon")}, map[string]string{"due": `"soon" is no time: write a date such as 2026-12-31, or a time such as 2026-12-31T18:00:00Z.`}},
		"completed":     {"AdminMFAV2", register.Fields{Status: of("completed")}, map[string]string{"status": "That an action is completed follows from the evidence alone: leave the status out."}},
		"no end of it":  {"OneAdmin", register.Fields{Status: of("to_address"), Expires: of("2027-01-01")}, map[string]string{"expires": "An action that is to address stays so until its status changes: give it another status, or remove expires."}},
		"too long":      {"AdminMFAV2", register.Fields{Owner: of(strings.Repeat("ä", 201))}, map[string]string{"owner": "The owner has 201 characters; it may have 200."}},
		"bidi": {"AdminMFAV2", register.Fields{Owner: of("a\u202eb"), Ticket: of("a\nb")}, map[string]string{
			"owner":  "The owner has a character that steers a terminal or the direction of writing, or ends a line: remove it.",
			"ticket": "The ticket has a character that steers a terminal or the direction of writing, or ends a line: remove it.",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			_, err := o.desk("Ada").Set(t.Context(), test.id, o.version(test.id), test.fields)
			var invalid *decide.Invalid
			if !errors.As(err, &invalid) {
				t.Fatalf("got %v", err)
			}
			expect.Equal(t, test.want, invalid.Fields)
			o.wantText(before)
		})
	}
}

// The rules of a register: what follows from evidence takes no status by hand, and the person learns why.
func TestRefused(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for id, want := range map[string]string{
		"BlockLegacyAuthentication": "completed",
		"scid_2010":                 "Vulnerability management knows this recommendation",
		"MDA_GitHub_MFA":            "deprecated",
	} {
		_, err := o.desk("Ada").Set(t.Context(), id, "", register.Fields{Status: of("planned")})
		var refused *decide.Refused
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", id, err, want)
		}
		_, err = o.desk("Ada").Note(t.Context(), id, "x")
		if wants := id == "MDA_GitHub_MFA"; (err != nil) != wants {
			t.Errorf("a note about %s: %v", id, err)
		}
	}
	if _, err := o.desk("Ada").Set(t.Context(), "../register", "", register.Fields{Status: of("planned")}); !errors.Is(err, decide.ErrUnknown) {
		t.Errorf("an unknown action: %v", err)
	}
	several := o.snapshot()
	several.Register.Path, several.Tenants = "", 2
	for _, err := range []error{
		func() error {
			_, err := decide.New(several, "Ada", now()).Set(t.Context(), "AdminMFAV2", "", register.Fields{})
			return err
		}(),
		func() error {
			_, err := decide.New(several, "Ada", now()).Undo(t.Context(), decide.InRegister, "x")
			return err
		}(),
	} {
		if err == nil || !strings.Contains(err.Error(), "several tenants") {
			t.Errorf("without a register: %v", err)
		}
	}
}

// Two have seen the same: the second is told what the first has decided.
func TestConflict(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	seen := o.version("OneAdmin")
	must.Get(o.desk("Ada").Set(t.Context(), "OneAdmin", seen, register.Fields{Ticket: of("SEC-1")}))(t)
	for name, write := range map[string]func() (decide.Receipt, error){
		"set": func() (decide.Receipt, error) {
			return o.desk("Bob").Set(t.Context(), "OneAdmin", seen, register.Fields{Ticket: of("SEC-2")})
		},
		"tags": func() (decide.Receipt, error) { return o.desk("Bob").Tag(t.Context(), "OneAdmin", seen, nil) },
	} {
		_, err := write()
		var conflict *register.ConflictError
		if !errors.As(err, &conflict) || conflict.Decision.Ticket != "SEC-1" || conflict.Version != o.version("OneAdmin") {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := o.desk("Bob").Plan(t.Context(), []decide.Chosen{{"OneAdmin", seen}, {"AdminMFAV2", ""}}, "", "")
	var conflicts decide.Conflicts
	if !errors.As(err, &conflicts) || len(conflicts) != 1 || conflicts[0].ID != "OneAdmin" || !errors.Is(err, register.ErrChanged) {
		t.Errorf("plan: %v", err)
	}
	must.Get(o.desk("Bob").Set(t.Context(), "AdminMFAV2", "", register.Fields{Status: of("planned")}))(t) // nobody is in the way
}

// Notes and tags are text of people, however hostile.
func TestNotesAndTags(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	must.Get(o.desk("Ada").Note(t.Context(), "AdminMFAV2", "\"}\r\naction \"B\" {\r\n${file(\"/etc/passwd\")}\nEOT\n"))(t)
	must.Get(o.desk("Bob").Tag(t.Context(), "AdminMFAV2", o.version("AdminMFAV2"), []string{`"]`, " q4 "}))(t)
	must.Get(o.desk("Bob").Tag(t.Context(), "AdminMFAV2", o.version("AdminMFAV2"), []string{"q4", "%{x}"}))(t)
	o.wantText(before + `
action "AdminMFAV2" {
  tags       = ["q4", "%%{x}"]
  changed_by = "Bob"
  changed_at = "2026-10-01T06:00:00Z"
  note {
    time   = "2026-10-01T06:00:00Z"
    author = "Ada"
    text   = "\"}\naction \"B\" {\n$${file(\"/etc/passwd\")}\nEOT"
  }
}
`)
	for want, write := range map[string]func() (decide.Receipt, error){
		"text: Write something.": func() (decide.Receipt, error) { return o.desk("Ada").Note(t.Context(), "AdminMFAV2", " \n") },
		"text: The text has 10001 characters; it may have 10000.": func() (decide.Receipt, error) {
			return o.desk("Ada").Note(t.Context(), "AdminMFAV2", strings.Repeat("x", 10001))
		},
		`tags: The tag "q4" stands in the list already: remove one of the two.`: func() (decide.Receipt, error) {
			return o.desk("Ada").Tag(t.Context(), "AdminMFAV2", "", []string{"q4", "q4 "})
		},
	} {
		if _, err := write(); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	must.Get(o.desk("Bob").Tag(t.Context(), "AdminMFAV2", o.version("AdminMFAV2"), nil))(t)
	expect.Equal(t, nil, o.snapshot().Register.Decisions["AdminMFAV2"].Tags)
}

// A plan is written whole or not at all.
func TestPlan(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	chosen := []decide.Chosen{{"OneAdmin", o.version("OneAdmin")}, {"AdminMFAV2", ""}}
	receipt := must.Get(o.desk("Ada").Plan(t.Context(), chosen, "bob@contoso.example", "2026-12-31"))(t)
	o.wantText(`# Decisions of Contoso.

action "OneAdmin" {
  status     = "planned" # see the minutes
  owner      = "bob@contoso.example"
  due        = "2026-12-31"
  tags       = ["board", "q4"]
  changed_by = "Ada"
  changed_at = "2026-10-01T06:00:00Z"
}

action "AdminMFAV2" {
  status     = "planned"
  owner      = "bob@contoso.example"
  due        = "2026-12-31"
  changed_by = "Ada"
  changed_at = "2026-10-01T06:00:00Z"
}
`)
	must.Get(o.desk("Ada").Undo(t.Context(), decide.InRegister, receipt.Version))(t)
	o.wantText(before)
	for want, test := range map[string]struct {
		chosen     []decide.Chosen
		owner, due string
	}{
		"select: Choose at least one action.":                   {nil, "", ""},
		"select: The action AdminMFAV2 is chosen twice.":        {[]decide.Chosen{{"AdminMFAV2", ""}, {"AdminMFAV2", ""}}, "", ""},
		"due: This day has passed: name one from today on.":     {chosen, "", "2026-01-01"},
		"owner: The owner has 300 characters; it may have 200.": {chosen, strings.Repeat("x", 300), ""},
		"Nothing was planned, since some of the actions can't be. BlockLegacyAuthentication: The evidence shows that this action is completed. " +
			"That follows from the evidence alone, and can't be changed by hand. \"Nobody\": the catalog has no such action": {
			append([]decide.Chosen{{"Nobody", ""}, {"BlockLegacyAuthentication", ""}}, chosen...), "", "",
		},
	} {
		if _, err := o.desk("Ada").Plan(t.Context(), test.chosen, test.owner, test.due); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
		o.wantText(before)
	}
}

// Settings are made beside the register, and edited where they are.
func TestSettings(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	first := must.Get(o.desk("Ada").Zones(t.Context(), "", &decide.Zones{Good: "80 %", Okay: "62,5"}))(t)
	want := "zones {\n  good       = 80\n  okay       = 62.5\n  changed_by = \"Ada\"\n  changed_at = \"2026-10-01T06:00:00Z\"\n}\n"
	expect.Equal(t, want, string(must.Get(os.ReadFile(o.settings))(t)))
	expect.Equal(t, true, first.Made)
	expect.Equal(t, o.settings, first.Path)
	must.Get(o.desk("Bob").Goal(t.Context(), "", &decide.Goal{Percent: "75", By: "2027-06-30"}))(t)
	must.Get(o.desk("Bob").Compare(t.Context(), "", &decide.Comparison{Name: "All", Benchmark: settings.Microsoft}))(t)
	s := o.snapshot().Settings
	expect.Equal(t, settings.Goal{Percent: 75_00, By: time.Date(2027, 6, 30, 0, 0, 0, 0, time.UTC)}, *s.Goal)
	expect.Equal(t, settings.Microsoft, s.Comparison.Benchmark)

	_, err := o.desk("Bob").Zones(t.Context(), "", nil)
	var conflict *settings.ConflictError
	if !errors.As(err, &conflict) || !errors.Is(err, register.ErrChanged) || !strings.Contains(err.Error(), "by Ada") {
		t.Errorf("a lost update: %v", err)
	}
	last := must.Get(o.desk("Bob").Zones(t.Context(), s.Version(settings.BlockZones), nil))(t)
	if _, err := o.desk("Ada").Undo(t.Context(), decide.InSettings, first.Version); !errors.Is(err, register.ErrChanged) {
		t.Errorf("an earlier change: %v", err)
	}
	expect.Equal(t, decide.Undone{File: decide.InSettings, Author: "Bob"}, must.Get(o.desk("Ada").Undo(t.Context(), decide.InSettings, last.Version))(t))
	expect.Equal(t, settings.Zones{Good: 80_00, Okay: 62_50}, *o.snapshot().Settings.Zones)
}

// Who wants no settings gets none.
func TestNoSettings(t *testing.T) {
	t.Parallel()
	s := newOffice(t).snapshot()
	s.Settings.Off = true
	_, err := decide.New(s, "Ada", now()).Zones(t.Context(), "", nil)
	var refused *decide.Refused
	if !errors.As(err, &refused) || !strings.Contains(err.Error(), "without settings") {
		t.Error(err)
	}
}

func TestInvalidSettings(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	zones := func(good, okay string) func() (decide.Receipt, error) {
		return func() (decide.Receipt, error) {
			return o.desk("Ada").Zones(t.Context(), "", &decide.Zones{Good: good, Okay: okay})
		}
	}
	goal := func(percent, by string) func() (decide.Receipt, error) {
		return func() (decide.Receipt, error) {
			return o.desk("Ada").Goal(t.Context(), "", &decide.Goal{Percent: percent, By: by})
		}
	}
	compare := func(c decide.Comparison) func() (decide.Receipt, error) {
		return func() (decide.Receipt, error) { return o.desk("Ada").Compare(t.Context(), "", &c) }
	}
	const number = "This has to be a percentage from 0 to 100, such as 80 or 62.5."
	for i, test := range []struct {
		write func() (decide.Receipt, error)
		want  map[string]string
	}{
		{zones("", "100.01"), map[string]string{"good": number, "okay": number}},
		{zones("1e1", "-1"), map[string]string{"good": number, "okay": number}},
		{zones("80\n}\nstore = \"x\"", "60"), map[string]string{"good": number}},
		{zones("80", "80.00"), map[string]string{"okay": "Okay has to begin below good."}},
		{goal("NaN", "tomorrow"), map[string]string{"percent": number, "by": "This is no day: write one such as 2026-12-31."}},
		{goal("80", "2026-09-30"), map[string]string{"by": "This day has passed: name one from today on, or none."}},
		{compare(decide.Comparison{Benchmark: "/etc/passwd"}), map[string]string{"benchmark": "There is no such benchmark here. Which file is one stands in posture.hcl alone."}},
		{compare(decide.Comparison{Benchmark: decide.Configured}), map[string]string{"benchmark": "There is no such benchmark here. Which file is one stands in posture.hcl alone."}},
		{compare(decide.Comparison{Benchmark: settings.Microsoft, Cohort: "nobody"}), map[string]string{"cohort": "The benchmark has no such cohort."}},
		{compare(decide.Comparison{Benchmark: settings.Microsoft, Name: "\u202e"}), map[string]string{"name": "There is nothing in it: write something, or leave it out."}},
	} {
		_, err := test.write()
		var invalid *decide.Invalid
		if !errors.As(err, &invalid) {
			t.Errorf("%d: got %v", i, err)
			continue
		}
		expect.Equalf(t, test.want, invalid.Fields, "%d", i)
		if _, err := os.Stat(o.settings); err == nil {
			t.Errorf("%d: settings were made", i)
		}
	}
}

// The benchmark of the settings can be kept, and its path is not told.
func TestBenchmarks(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	names := func() (names []string) {
		for _, b := range o.desk("Ada").Benchmarks() {
			names = append(names, b.Name)
			if len(b.Cohorts) == 0 || b.Title == "" {
				t.Errorf("%+v", b)
			}
		}
		return names
	}
	expect.Equal(t, []string{settings.Microsoft}, names())
	must.Do(t, os.WriteFile(o.settings, []byte("comparison {\n  benchmark = \"gone.json\" # ours\n}\n"), 0o600))
	expect.Equalf(t, []string{settings.Microsoft}, names(), "the file is gone")
	if _, err := o.desk("Ada").Compare(t.Context(), o.snapshot().Settings.Version(settings.BlockComparison), &decide.Comparison{Benchmark: decide.Configured}); err == nil {
		t.Error("a benchmark that is gone was chosen")
	}
}

// Two plan and decide at once, many times: nobody overwrites what they have not seen.
func TestConcurrent(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	var group sync.WaitGroup
	for person := range 2 {
		group.Go(func() {
			for round := range 5 {
				for {
					id := "AdminMFAV2"
					s := o.snapshot()
					d := s.Register.Decisions[id]
					_, err := decide.New(s, fmt.Sprint("person ", person), now()).Set(t.Context(), id, register.VersionOf(s.Register.Decisions, id), register.Fields{Ticket: of(d.Ticket + "x")})
					if err == nil {
						break
					}
					if !errors.Is(err, register.ErrChanged) {
						t.Error(round, err)
						return
					}
				}
			}
		})
	}
	group.Wait()
	expect.Equal(t, strings.Repeat("x", 10), o.snapshot().Register.Decisions["AdminMFAV2"].Ticket)
}
