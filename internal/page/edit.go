package page

import (
	"io"
	"maps"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/decide"
	"github.com/posture-score/posture/internal/register"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/internal/snapshot"
)

// The kinds of forms. Those of an action are about one, by its id; a plan is about several.
const (
	EditStatus     = "status"
	EditNote       = "note"
	EditTags       = "tags"
	EditPlan       = "plan"
	EditZones      = "zones"
	EditGoal       = "goal"
	EditComparison = "comparison"
)

// Form is a page on which something is changed: as it is now, or as somebody filled it in with what is wrong, or beside what somebody else has
// changed in the meantime.
type Form struct {
	Kind       string // one of the kinds
	ID         string // of the action
	Values     url.Values
	Wrong      map[string]string // sentences by field; those of no field in particular stand under ""
	Refused    string            // why it can't be done at all, in a sentence
	Conflicts  []Conflict        // what somebody else has changed
	Benchmarks []decide.Benchmark
}

// Conflict is what was filled in beside what is there now.
type Conflict struct {
	ID      string // of the action; empty for settings
	Version string // of what is there now
	Theirs  map[string]string
	By      string    // who changed it last; empty if that is not known
	When    time.Time // in UTC; zero if that is not known
	Gone    bool      // there is nothing now
}

// Undo is a change that can be taken back.
type Undo struct{ File, Version string }

// Form writes a page with a form.
func (r *Renderer) Form(w io.Writer, s *snapshot.Snapshot, request Request, form Form) error {
	f := newFrame(s, request, links{base: "/tenants/" + url.PathEscape(s.Tenant.ID)})
	e, err := f.filled(form)
	if err != nil {
		return err
	}
	f.Title = e.Title + " · " + f.Title
	f.Sections = []section{{Name: form.Kind, Title: e.Title, Template: "form", Model: e}}
	return r.execute(w, "server", f)
}

// editing is the model of one form.
type editing struct {
	*frame
	Form
	Title, About string
	Post, Back   string // addresses
	Version      string // of what was seen
	Prefix       string // of the ids of its fields
	Statuses     []statusChoice
	Tags         []option // those that there are, and whether they stay
	Chosen       []chosenAction
	Rows         []conflictRows
	Live         bool
}

// statusChoice is a status that can be chosen, and what it does.
type statusChoice struct {
	option
	Hint string
}

// chosenAction is an action of a plan.
type chosenAction struct{ ID, Title, Version string }

// conflictRows are the fields of a conflict, side by side.
type conflictRows struct {
	Conflict
	Title string
	Rows  []conflictRow
}

type conflictRow struct {
	Name, Mine, Theirs string
	Differs            bool
}

// edit is what an editor may change about an action on its own page.
type edit struct {
	Status, Note, Tags *editing
	Locked             string // why the status can't be chosen
	Nowhere            string // why nothing can be changed here
}

// EditAction returns what may be changed about an action on its page; nil for readers and in a file.
func (f *frame) EditAction(id string) *edit {
	s := f.snapshot
	if f.File || !f.Request.Viewer.Editor || s.Catalog == nil {
		return nil
	}
	e := &edit{Nowhere: decide.Nowhere(s)}
	control, ok := s.Catalog.Control(id)
	if !ok {
		e.Nowhere = "The catalog at hand has no such action, so that nothing can be decided about it."
	}
	if e.Nowhere != "" {
		return e
	}
	e.Locked = decide.Locked(s.Action(id), control)
	for kind, at := range map[string]**editing{EditStatus: &e.Status, EditNote: &e.Note, EditTags: &e.Tags} {
		if kind == EditStatus && e.Locked != "" {
			continue
		}
		form, _ := f.filled(Form{Kind: kind, ID: id}) // the id is known
		form.Prefix = "do-" + kind + "-" + id         // several actions may be shown at once
		*at = form
	}
	return e
}

// IsAction reports whether the page is that of one action, which says itself what was saved: it may be shown in the sheet, without the frame.
func (f *frame) IsAction() bool { return f.Request.Tab == "actions" && f.Request.ID != "" }

// UndoLink returns the address to which a change is sent that is to be taken back.
func (f *frame) UndoLink() string { return f.Links.Tab("undo") }

// Here returns the address of the page.
func (f *frame) Here() string {
	switch {
	case f.Request.ID == "":
		return f.Links.Tab(f.Request.Tab)
	case f.Request.Tab == "actions":
		return f.Links.Action(f.Request.ID)
	}
	return f.Links.Tab(f.Request.Tab) + "/" + url.PathEscape(f.Request.ID)
}

// EditLink returns the address of the form of a kind of settings; empty for readers, in a file, and where there is no place for settings.
func (f *frame) EditLink(kind string) string {
	if s := f.snapshot.Settings; f.File || !f.Request.Viewer.Editor || s != nil && s.Off || f.snapshot.Register.Path == "" && (s == nil || s.Path == "") {
		return ""
	}
	return f.Links.Tab(kind)
}

// filled returns a form with what was filled in, or with what is there.
func (f *frame) filled(form Form) (*editing, error) {
	s := f.snapshot
	e := &editing{frame: f, Form: form, Prefix: "edit-" + form.Kind, Live: s.Live, Back: f.Links.Tab(EditShown(s, form.Kind))}
	seen := s.Settings
	if seen == nil {
		seen = &settings.Settings{}
	}
	switch form.Kind {
	case EditStatus, EditNote, EditTags:
		if err := f.ofAction(e); err != nil {
			return nil, err
		}
	case EditPlan:
		e.Title, e.Post, e.Back = "Plan actions", f.Links.Tab("plan"), f.Links.Tab("plan")
		f.ofPlan(e)
	case EditZones, EditGoal, EditComparison:
		e.Title = map[string]string{EditZones: "Zones", EditGoal: "Goal", EditComparison: "Comparison"}[form.Kind]
		e.Post, e.Version = f.Links.Tab(form.Kind), seen.Version(form.Kind)
		if form.Values == nil {
			e.Values = SettingsValues(seen, form.Kind)
		} else {
			e.Version = form.Values.Get("version")
		}
	default:
		return nil, ErrNotFound
	}
	e.compare()
	return e, nil
}

// ofAction fills a form about one action in.
func (f *frame) ofAction(e *editing) error {
	s := f.snapshot
	control, ok := s.Catalog.Control(e.ID)
	if !ok {
		return ErrNotFound
	}
	e.Title = map[string]string{EditStatus: "Change the status", EditNote: "Add a note", EditTags: "Change the tags"}[e.Kind]
	e.About, e.Post, e.Back = control.Title, f.Links.Action(e.ID), f.Links.Action(e.ID)
	decision := s.Register.Decisions[e.ID]
	e.Version = register.VersionOf(s.Register.Decisions, e.ID)
	if e.Values == nil {
		e.Values = url.Values{"tag": decision.Tags}
		for name, value := range decide.Values(decision) {
			e.Values.Set(name, value)
		}
	} else {
		e.Version = e.Values.Get("version")
	}
	for _, value := range register.Statuses() {
		status := engine.Status(value)
		e.Statuses = append(e.Statuses, statusChoice{option{Value: value, Text: statusTitle(status), Chosen: e.Values.Get("status") == value}, statusHint(status)})
	}
	all := slices.Concat(decision.Tags, e.Values["tag"])
	slices.Sort(all)
	for _, tag := range slices.Compact(all) {
		e.Tags = append(e.Tags, option{Value: tag, Text: tag, Chosen: slices.Contains(e.Values["tag"], tag)})
	}
	return nil
}

func statusTitle(s engine.Status) string { return status(s) }

// statusHint says what a status does (docs/register.md).
func statusHint(s engine.Status) string {
	switch s {
	case engine.Planned:
		return "earns what the evidence shows, and counts in the planned score"
	case engine.RiskAccepted:
		return "earns what the evidence shows, and does not count in the achievable score; needs a reason"
	case engine.ThirdParty:
		return "earns all points: another product does it; needs a reason"
	case engine.AlternateMitigation:
		return "earns all points: it is solved in another way; needs a reason"
	}
	return "earns what the evidence shows"
}

// ofPlan fills the form of a plan in: the fields select and version have the chosen actions and what was seen of each, in the same order.
func (f *frame) ofPlan(e *editing) {
	versions := e.Values["version"]
	for i, id := range e.Values["select"] {
		one := chosenAction{ID: id, Title: id}
		if control, ok := f.snapshot.Catalog.Control(id); ok {
			one.Title = control.Title
		}
		if i < len(versions) {
			one.Version = versions[i]
		}
		for _, c := range e.Conflicts {
			if c.ID == id {
				one.Version = c.Version
			}
		}
		e.Chosen = append(e.Chosen, one)
	}
}

// EditShown returns the tab that shows what a form of settings changes.
func EditShown(s *snapshot.Snapshot, kind string) string {
	if kind != EditComparison && s.Past != nil {
		return "trends"
	}
	return "overview"
}

// SettingsValues returns what settings say of a block, as its form shows it.
func SettingsValues(s *settings.Settings, block string) url.Values {
	values := url.Values{}
	switch {
	case block == EditZones && s.Zones != nil:
		values.Set("good", s.Zones.Good.String())
		values.Set("okay", s.Zones.Okay.String())
	case block == EditGoal && s.Goal != nil:
		values.Set("percent", s.Goal.Percent.String())
		if !s.Goal.By.IsZero() {
			values.Set("by", day(s.Goal.By))
		}
	case block == EditComparison && s.Comparison != nil:
		values.Set("name", s.Comparison.Name)
		values.Set("with", decide.Configured+" "+s.Comparison.Cohort)
		if s.Comparison.Benchmark == settings.Microsoft {
			values.Set("with", settings.Microsoft+" "+s.Comparison.Cohort)
		}
	}
	return values
}

// SettingsFile returns the file that forms of settings write, without its folder.
func (e *editing) SettingsFile() string {
	if s := e.snapshot.Settings; s != nil && s.Path != "" {
		return path.Base(filepath.ToSlash(s.Path))
	}
	return settings.Name + ", which is made beside the register"
}

// fieldsOf returns the names of the fields that a conflict shows, and what they are called.
func fieldsOf(kind string) [][2]string {
	switch kind {
	case EditTags:
		return [][2]string{{"tags", "Tags"}}
	case EditPlan:
		return [][2]string{{"status", "Status"}, {"owner", "Owner"}, {"due", "Due"}}
	case EditZones:
		return [][2]string{{"good", "Good from"}, {"okay", "Okay from"}}
	case EditGoal:
		return [][2]string{{"percent", "Score"}, {"by", "By"}}
	case EditComparison:
		return [][2]string{{"name", "Name"}, {"with", "Compared with"}}
	}
	return [][2]string{
		{"status", "Status"}, {"reason", "Reason"}, {"owner", "Owner"}, {"due", "Due"}, {"expires", "Expires"}, {"approved_by", "Approved by"}, {"ticket", "Ticket"},
	}
}

// compare puts what was filled in beside what is there now.
func (e *editing) compare() {
	for _, c := range e.Conflicts {
		one := conflictRows{Conflict: c}
		for _, a := range e.Chosen {
			if a.ID == c.ID {
				one.Title = a.Title
			}
		}
		for _, field := range fieldsOf(e.Kind) {
			row := conflictRow{Name: field[1], Mine: e.mine(field[0]), Theirs: c.Theirs[field[0]]}
			if e.Kind == EditPlan && row.Mine == "" && field[0] != "status" {
				row.Mine = row.Theirs // a plan leaves it
			}
			row.Differs = row.Mine != row.Theirs
			if row.Mine == "" && row.Theirs == "" {
				continue
			}
			if field[0] == "status" {
				row.Mine, row.Theirs = statusTitle(engine.Status(row.Mine)), statusTitle(engine.Status(row.Theirs))
			}
			one.Rows = append(one.Rows, row)
		}
		e.Rows = append(e.Rows, one)
	}
}

// mine returns what was filled into a field.
func (e *editing) mine(name string) string {
	switch {
	case name == "tags":
		return joined(e.Values["tag"])
	case name == "status" && e.Kind == EditPlan:
		return string(engine.Planned)
	case e.Values.Has("remove"):
		return ""
	}
	return e.Values.Get(name)
}

// joined writes tags in one line.
func joined(tags []string) string {
	return strings.Join(slices.Sorted(slices.Values(tags)), ", ")
}

// Hidden returns what was filled in, for a form that sends it again, with the versions that have been seen now: the texts are the names of
// the fields.
func (e *editing) Hidden() []option {
	var list []option
	for _, name := range slices.Sorted(maps.Keys(e.Values)) {
		if name == "version" || name == "select" {
			continue
		}
		for _, value := range e.Values[name] {
			list = append(list, option{Value: value, Text: name})
		}
	}
	if e.Kind == EditPlan {
		return append(list, e.Pairs()...)
	}
	for _, c := range e.Conflicts {
		list = append(list, option{Text: "version", Value: c.Version})
	}
	return list
}

// Pairs returns the fields that name the actions of a plan.
func (e *editing) Pairs() []option {
	var list []option
	for _, a := range e.Chosen {
		list = append(list, option{Text: "select", Value: a.ID}, option{Text: "version", Value: a.Version})
	}
	return list
}

// input is a field of a form.
type input struct {
	ID, Name, Label, Type, Value, Wrong, Hint string
}

// Input returns a field with what was filled in.
func (e *editing) Input(name, label, kind, hint string) input {
	return input{ID: e.Prefix + "-" + name, Name: name, Label: label, Type: kind, Value: e.Values.Get(name), Wrong: e.Wrong[name], Hint: hint}
}

// Cohorts returns the choices of a comparison, by benchmark.
func (e *editing) Cohorts() []cohortGroup {
	var groups []cohortGroup
	for _, b := range e.Benchmarks {
		group := cohortGroup{Title: b.Title}
		choices := append([]decide.Cohort{{Title: "What suits the organization"}}, b.Cohorts...)
		for _, c := range choices {
			value := b.Name + " " + c.ID
			group.Choices = append(group.Choices, option{Value: value, Text: c.Title, Chosen: e.Values.Get("with") == value})
		}
		groups = append(groups, group)
	}
	return groups
}

// cohortGroup is a benchmark with its cohorts.
type cohortGroup struct {
	Title   string
	Choices []option
}
