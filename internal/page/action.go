package page

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/actions"
	"github.com/posture-score/posture/internal/decide"
)

// detail is everything that is known of one action.
type detail struct {
	*frame
	ID, Title             string
	Status                engine.Status
	Outcome               engine.Outcome
	Points                string
	Impact, Rank          string // empty if there is none
	Glance                []detailGlance
	Description, UserText []string // paragraphs
	Affected              string   // how many records fail, in words; empty if none are counted
	Sums                  []detailSum
	Views                 []actionView
	Adds                  string   // the views in a sentence, in a file
	Ranking               []string // lines
	Misfit                string   // why the arithmetic can't be shown; empty if it can
	Reasons               []string
	Failing               *failingPart
	Excluded              *excludedPart
	Lacking               []lackingDataset
	Needs                 []detailNeed
	Steps                 []string
	Links                 []catalog.Link
	Manage                string // https address; empty for none
	Lost                  string // points that were lost and not regained; empty for none
	LostWhy, LostSince    string
	Decided               []detailPair
	Tags                  []string
	Notes                 []engine.Note
	Findings              []string
	Locked                string // why the status can't be set; empty if it can
	Pending               string // a status of the register that the assessment does not have yet
	Share                 *sharing
	Policy                *policyPart
	Brief                 bool // an action of the file that does not apply: what would be done about it is left out
	Past                  []pastChange
	PastMore              int
	HistoryShown          bool
}

// Applies reports whether the action applies to the tenant.
func (d *detail) Applies() bool { return d.Outcome != engine.NotApplicable }

// Done reports whether the status says all that the outcome says.
func (d *detail) Done() bool { return d.Outcome == engine.Complete && d.Status == engine.Completed }

// detailPair is a name with a value, which may be foreign text.
type detailPair struct{ Name, Value string }

// detailGlance is a name with values that may lead to the list.
type detailGlance struct {
	Name   string
	Values []detailLink
}

type detailLink struct{ Text, Link string }

// detailSum is a line of the arithmetic.
type detailSum struct {
	Name, Formula, Points, Because string
}

// actionView is what an action adds to the score or to a view of it.
type actionView struct {
	Name, Points, Percent, Because string
}

// detailNeed is a prerequisite.
type detailNeed struct {
	Text, Link string
	State      string
	Met        bool
}

// lackingDataset is evidence that was missing, or fields of it, and how to collect it.
type lackingDataset struct {
	Name, Title, Problem string
	Ways                 []string
}

// details are what the details of all actions have in common.
type details struct {
	frame      *frame
	assessment *engine.Assessment
	marks      actions.Marks
	products   map[string]string
	past       map[string][]pastChange
}

func newDetails(f *frame, ids ...string) *details {
	return &details{frame: f, assessment: f.snapshot.Decided(), marks: f.snapshot.Marks(), products: f.snapshot.ProductTitles(), past: pastOf(f, ids...)}
}

// detailOf returns the model of the action that was asked for.
func detailOf(f *frame) (*detail, error) {
	action, ok := actions.Get(f.snapshot.Decided(), f.Request.ID)
	if !ok {
		return nil, ErrNotFound
	}
	f.Title = action.Title + " · " + f.Name + " · posture"
	return newDetails(f, action.ID).of(action), nil
}

// detailsOf returns the models of all actions.
func detailsOf(f *frame) []detailEntry {
	all := newDetails(f)
	list := make([]detailEntry, 0, len(all.assessment.Actions))
	for _, group := range actions.GroupBy(sortedByID(all.assessment), "product") { // whose texts are alike: the file is packed tighter
		for _, action := range group.Actions {
			list = append(list, detailEntry{Title: action.Title, Model: all.of(action)})
		}
	}
	return list
}

func sortedByID(a *engine.Assessment) []*engine.Action {
	list := make([]*engine.Action, len(a.Actions))
	for i := range a.Actions {
		list[i] = &a.Actions[i]
	}
	actions.Sort(list, "id")
	return list
}

// of returns the model of one action.
func (all *details) of(a *engine.Action) *detail {
	s := all.frame.snapshot
	d := &detail{
		frame: all.frame, ID: a.ID, Title: a.Title, Status: a.Status, Outcome: a.Outcome, Points: pointsOf(a),
		Reasons: a.Reasons, Findings: a.Findings, Tags: actions.Tags(a), Past: all.past[a.ID], HistoryShown: s.Past != nil,
	}
	d.Brief = d.File && a.Outcome == engine.NotApplicable
	var control *catalog.Control
	if s.Catalog != nil {
		control, _ = s.Catalog.Control(a.ID)
	}
	if a.Impact > 0 {
		d.Impact = "+" + percent(a.Impact)
	}
	if a.Rank > 0 {
		d.Rank = strconv.Itoa(a.Rank)
	}
	if mark, ok := all.marks[a.ID]; ok && mark.Lost > 0 {
		d.Lost, d.LostWhy, d.LostSince = points(mark.Lost), strings.Join(mark.Why, ", "), day(mark.Since)
	}
	if most := maxPast; len(d.Past) > most {
		d.PastMore = len(d.Past) - most
		d.Past = d.Past[:most]
	}
	all.glance(d, a)
	all.arithmetic(d, a)
	all.records(d, a)
	all.needs(d, a)
	all.lacking(d, a)
	d.decision(a, control)
	if control != nil {
		d.Description = paragraphs(control.Description)
		if !d.Brief {
			d.implementation(control)
		}
	}
	d.Policy = policyOf(s, a, control, d.File)
	d.Share = all.share(d, a)
	return d
}

// implementation says what to do, and what it means for users.
func (d *detail) implementation(control *catalog.Control) {
	d.UserText = paragraphs(control.UserImpactText)
	d.Steps = control.Implementation.Steps
	d.Manage = secure(control.Implementation.ManageURL)
	for _, link := range control.Implementation.LearnMore {
		if secure(link.URL) != "" {
			d.Links = append(d.Links, link)
		}
	}
}

// secure returns an address if it is one of https, and nothing otherwise.
func secure(address string) string {
	if parsed, err := url.Parse(address); err != nil || parsed.Scheme != "https" || parsed.Host == "" {
		return ""
	}
	return address
}

// paragraphs splits a text of a catalog. Its lines are wrapped where it was written.
func paragraphs(text string) []string {
	var list []string
	for part := range strings.SplitSeq(text, "\n\n") {
		if part = strings.Join(strings.Fields(part), " "); part != "" {
			list = append(list, part)
		}
	}
	return list
}

// glance makes what stands at the top: words of the catalog, each with its part of the list.
func (all *details) glance(d *detail, a *engine.Action) {
	to := func(field string, values ...string) []detailLink {
		var list []detailLink
		for _, value := range values {
			link := ""
			if field != "" && !d.File {
				link = d.frame.Links.Actions(field, value)
			}
			list = append(list, detailLink{filterWord(cmp.Or(field, "word"), value, all.products), link})
		}
		return list
	}
	d.Glance = []detailGlance{
		{"Category", to("category", a.Category)},
		{"Product", to("product", a.Product)},
	}
	if len(a.Threats) > 0 {
		d.Glance = append(d.Glance, detailGlance{"Protects against", to("threat", a.Threats...)})
	}
	if d.Brief {
		return
	}
	for _, level := range []detailPair{{"Tier", a.Tier}, {"Difficulty", a.Difficulty}, {"User impact", a.UserImpact}, {"Complexity", a.Complexity}} {
		if level.Value != "" {
			d.Glance = append(d.Glance, detailGlance{level.Name, to("", level.Value)})
		}
	}
	if a.Stage == engine.Preview {
		d.Glance = append(d.Glance, detailGlance{"Stage", []detailLink{{Text: "Preview: it is evaluated, and worth nothing yet"}}})
	}
	for _, name := range sortedNames(a.Frameworks) {
		g := detailGlance{Name: frameworkTitle(name)}
		for _, id := range a.Frameworks[name] {
			g.Values = append(g.Values, detailLink{id, to("framework", name+":"+id)[0].Link})
		}
		d.Glance = append(d.Glance, g)
	}
}

// frameworkTitle returns what a framework is called.
func frameworkTitle(name string) string {
	switch name {
	case "mitre_attack":
		return "MITRE ATT&CK"
	case "nist_csf":
		return "NIST CSF"
	case "scuba":
		return "SCuBA"
	case "scuba_related":
		return "SCuBA, related"
	}
	return capital(spaced(name))
}

func sortedNames(frameworks map[string][]string) []string {
	names := make([]string, 0, len(frameworks))
	for name := range frameworks {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// arithmetic says step by step how the points came about.
func (all *details) arithmetic(d *detail, a *engine.Action) {
	x, err := actions.Explain(all.assessment, a)
	if err != nil {
		d.Misfit = err.Error()
		return
	}
	if a.Outcome == engine.NotApplicable {
		d.Sums = []detailSum{{"None", "", "", x.ByEvidence.Because}}
		return
	}
	if r := x.Records; r != nil {
		d.Sums = append(d.Sums,
			detailSum{"Records in scope", fmt.Sprintf("%s − %s out of scope − %s excluded", count(r.Records), count(r.OutOfScope), count(r.Excluded)), count(r.InScope), ""},
			detailSum{"Failing", fmt.Sprintf("%s − %s compliant", count(r.InScope), count(r.Compliant)), count(r.InScope - r.Compliant), ""})
	}
	for _, line := range []struct {
		name string
		step actions.Step
	}{{"By evidence", x.ByEvidence}, {"By status", x.Achieved}, {"Left", x.Left}} {
		if line.name == "By status" && x.Achieved.Points == x.ByEvidence.Points && !a.Status.Resolves() {
			continue // it says nothing else
		}
		formula := line.step.Formula
		if line.step.Exact != "" {
			formula += " = " + line.step.Exact
		}
		if formula == line.step.Points.String() || formula == "none" {
			formula = ""
		}
		d.Sums = append(d.Sums, detailSum{line.name, formula, points(line.step.Points), spaced(line.step.Because)})
	}
	for _, part := range x.Views {
		d.Views = append(d.Views, actionView{capital(spaced(part.Name)), points(part.Points), percent(part.Percent), part.Because})
	}
	if d.File {
		d.Views = nil
		v := x.Views
		d.Adds = fmt.Sprintf("It adds %s to the score, %s to the planned, %s to the current license and %s to the achievable score.",
			points(v[0].Points), points(v[1].Points), points(v[2].Points), points(v[3].Points))
	}
	d.Ranking = rankingLines(x.Ranking, d.File)
}

// rankingLines says how the rank came about.
func rankingLines(r *actions.Ranking, brief bool) []string {
	if r.Why != "" {
		return []string{"It has no rank: " + r.Why + "."}
	}
	effort := fmt.Sprintf("Effort: difficulty %d + user impact %d + complexity %d = %d.", r.Difficulty.Weight, r.UserImpact.Weight, r.Complexity.Weight, r.Effort)
	value := fmt.Sprintf("Value: %s left ÷ %d = %s, number %d of %d.", r.Left, r.Effort, r.Value, r.Rank, r.Of)
	lines := []string{effort, value}
	if !brief {
		for _, n := range r.Neighbours {
			lines = append(lines, fmt.Sprintf("%d. %s: %s ÷ %d = %s", n.Rank, n.ID, n.Left, n.Effort, n.Value))
		}
	}
	return lines
}

// needs lists what the action waits for, and whether it is there.
func (all *details) needs(d *detail, a *engine.Action) {
	for _, p := range a.Prerequisites {
		if p.Control == "" {
			n := detailNeed{Text: "License: " + p.Words(), State: "missing", Met: p.Met}
			if p.Met {
				n.State = "held"
			}
			if !all.assessment.Evidence.Licenses {
				n.State = "not known: the evidence tells no licenses, so it counts as held"
			}
			d.Needs = append(d.Needs, n)
			continue
		}
		n := detailNeed{Text: p.Control, State: "open", Met: p.Met}
		if p.Met {
			n.State = "done"
		}
		if other, ok := actions.Get(all.assessment, p.Control); ok {
			n.Text, n.Link = other.Title, d.frame.Links.Action(other.ID)
			n.State += ", " + strings.ToLower(status(other.Status))
		}
		d.Needs = append(d.Needs, n)
	}
}

// lacking says which evidence the action lacks, and how to collect it.
func (all *details) lacking(d *detail, a *engine.Action) {
	add := func(name, problem string) {
		l := lackingDataset{Name: name, Problem: problem}
		if cat := all.frame.snapshot.Catalog; cat != nil {
			if spec, ok := cat.Datasets().Dataset(name); ok {
				l.Title = spec.Title
				for _, source := range spec.Sources {
					way := cmp.Or(source.Endpoint, source.Cmdlet)
					if source.Permission != "" {
						way += " (" + source.Permission + ")"
					}
					l.Ways = append(l.Ways, way)
				}
			}
		}
		d.Lacking = append(d.Lacking, l)
	}
	for _, name := range a.Missing {
		problem := "missing"
		for i := range all.assessment.Evidence.Datasets {
			if known := &all.assessment.Evidence.Datasets[i]; known.Name == name && known.Status == engine.Failed {
				problem = "could not be collected"
				if known.Reason != "" {
					problem += ": " + known.Reason
				}
			}
		}
		add(name, problem)
	}
	for _, absent := range a.Absent {
		problem := "lacks the field " + absent.Field
		if absent.Records > 0 {
			problem += " in " + plural(absent.Records, "record")
		}
		add(absent.Dataset, problem)
	}
}

// decision says what was decided, and why that can't be changed where it can't.
func (d *detail) decision(a *engine.Action, control *catalog.Control) {
	switch {
	case a.Outcome == engine.NotApplicable:
		d.Locked = "This action does not apply to the tenant, so that a status has no effect."
	case control != nil:
		d.Locked = decide.Locked(a, control)
		if control.Exception != "" && a.Status != engine.ToAddress && a.Status != engine.Completed {
			d.Locked += fmt.Sprintf(" A global exception with the justification %q is in force.", justification(a.Status))
		}
	}
	d.excepted(a.Exception)
	x := a.Decision
	if x == nil {
		return
	}
	d.Notes = x.Notes
	if x.Status != "" && x.Status != a.Status && !d.snapshot.Live {
		d.Pending = status(x.Status)
	}
	for _, p := range []detailPair{{"Reason", x.Reason}, {"Owner", x.Owner}, {"Approved by", x.ApprovedBy}, {"Ticket", x.Ticket}} {
		if p.Value != "" {
			d.Decided = append(d.Decided, p)
		}
	}
	if x.Due != nil {
		d.Decided = append(d.Decided, detailPair{"Due", day(*x.Due)})
	}
	if x.Expires != nil {
		d.Decided = append(d.Decided, detailPair{"Expires", day(*x.Expires)})
	}
	if x.ChangedBy != "" {
		changed := detailPair{"Changed by", x.ChangedBy}
		if x.ChangedAt != nil {
			changed.Value += ", " + day(*x.ChangedAt)
		}
		d.Decided = append(d.Decided, changed)
	}
}

// excepted tells of the exception that sets the status.
func (d *detail) excepted(x *engine.Exception) {
	if x == nil {
		return
	}
	for _, p := range []detailPair{{"Justification", x.Text}, {"Exception by", x.By}} {
		if p.Value != "" {
			d.Decided = append(d.Decided, p)
		}
	}
	if x.Created != nil {
		d.Decided = append(d.Decided, detailPair{"Exception made", day(*x.Created)})
	}
	if x.Expires != nil {
		d.Decided = append(d.Decided, detailPair{"Exception ends", day(*x.Expires)})
	}
}

// justification returns what Defender calls the justification of an exception that sets a status (Microsoft Learn, "Create and view
// exceptions for security recommendations").
func justification(s engine.Status) string {
	switch s {
	case engine.ThirdParty:
		return "Third party control"
	case engine.AlternateMitigation:
		return "Alternate mitigation"
	case engine.RiskAccepted:
		return "Risk accepted"
	}
	return "Planned remediation"
}

// failingPart is a page of the records that fail.
type failingPart struct {
	Subject    string // what they are, in the plural
	Total      int64
	Known      int64 // how many can be named
	From, To   int64
	Records    []engine.Record
	Less, More string // addresses of the pages before and after
	Export     string // address of all as CSV
}

// excludedPart is the records that the organization took out.
type excludedPart struct {
	Total   int64
	Records []engine.ExcludedRecord
}

const (
	failingPage = 50 // records of a page
	failingFile = 10 // records that the single file names
)

// records makes the parts about records: those that fail, and those that are excluded.
func (all *details) records(d *detail, a *engine.Action) {
	if x := a.Excluded; x != nil && x.Total > 0 {
		d.Excluded = &excludedPart{Total: x.Total, Records: x.Shown}
	}
	if a.Coverage == nil || a.Failing == nil || a.Outcome == engine.NotApplicable {
		return
	}
	f := &failingPart{Subject: subjectOf(all.assessment, a.Population), Total: a.Failing.Total}
	d.Affected = fmt.Sprintf("%s of %s %s in scope fail.", count(f.Total), count(a.Coverage.InScope), f.Subject)
	if f.Total == 0 {
		return
	}
	size, number := int64(failingPage), int64(1)
	if d.File {
		size = failingFile
	} else if n, err := strconv.ParseInt(d.Request.Query.Get("failing"), 10, 32); err == nil && n > 1 {
		number = n
	}
	number = all.page(f, a, number, size)
	d.Failing = f
	if d.File {
		return
	}
	at := d.frame.Links.Action(a.ID)
	if number > 1 {
		f.Less = at + "?failing=" + strconv.FormatInt(number-1, 10)
	}
	if f.To < f.Known {
		f.More = at + "?failing=" + strconv.FormatInt(number+1, 10)
	}
	f.Export = d.frame.Links.API("actions", a.ID, "failing.csv")
}

// page fills in a page of the failing records, and returns its number: one that lies behind the last is the last.
func (all *details) page(f *failingPart, a *engine.Action, number, size int64) int64 {
	read := func(number int64) bool {
		failing := all.frame.snapshot.Failing
		if failing == nil {
			return false
		}
		records, known, err := failing(context.Background(), a.ID, int((number-1)*size), int(size))
		if err != nil || known < int64(len(a.Failing.Shown)) {
			return false // the assessment knows more
		}
		f.Records, f.Known = records, known
		return true
	}
	known := read(number)
	if !known {
		f.Known = int64(len(a.Failing.Shown))
	}
	if last := max(1, (f.Known+size-1)/size); number > last {
		number = last
		known = known && read(number)
	}
	from := (number - 1) * size
	if !known {
		f.Records = a.Failing.Shown[from:min(from+size, f.Known)]
	}
	f.From, f.To = from+1, from+int64(len(f.Records))
	return number
}

// subjectOf is what the records of a population are called.
func subjectOf(a *engine.Assessment, population string) string {
	for i := range a.Evidence.Datasets {
		if d := &a.Evidence.Datasets[i]; d.Name == population && d.Subject != "" {
			return d.Subject + "s"
		}
	}
	return "records"
}

// sharing is how to pass an action on.
type sharing struct {
	Link  string // of the page; empty in a file
	Mail  string // mailto:
	Teams string // address of Teams' own page for sharing; empty if there is nothing that it could show
	Key   string // of the task
	Task  string // to paste
	CSV   string // address of the task as CSV; empty in a file
}

func (all *details) share(d *detail, a *engine.Action) *sharing {
	link := d.frame.Links.Action(a.ID)
	s := &sharing{Key: actions.Key(all.assessment.Tenant.ID, a.ID)}
	if d.File {
		return s // one can copy the key; more would be a fifth of the file
	}
	page := ""
	if d.Request.Origin != "" {
		page = d.Request.Origin + link
	}
	task := all.frame.snapshot.Task(a, page)
	s.Link, s.Task, s.CSV = link, task.Text(), d.frame.Links.API("actions", a.ID, "task.csv")
	s.Mail = "mailto:?subject=" + mailed("Recommended action: "+a.Title) + "&body=" + mailed(strings.ReplaceAll(task.Text(), "\n", "\r\n"))
	if about := cmp.Or(page, d.Manage); about != "" {
		s.Teams = "https://teams.microsoft.com/share?" + url.Values{"href": {about}, "msgText": {a.Title + " " + s.Key}}.Encode()
	}
	return s
}

// mailed encodes text for a mailto link (RFC 6068), where a space is %20 and not a plus sign.
func mailed(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }

// detailHead is the heading of a part of an action.
type detailHead struct {
	File  bool
	Title string
}

func headOf(d *detail, title string) detailHead { return detailHead{d.File, title} }
