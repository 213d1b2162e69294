package securescore

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/score"
)

// Bucket is why the points of an action are the same or not in both scores.
type Bucket string

// The buckets, in the order in which they are shown.
const (
	Same         Bucket = "same"            // the same points of the same maximum
	Different    Bucket = "different"       // both count it, with other points
	NoEvidence   Bucket = "no_evidence"     // both count it, and ours lacks evidence, or its rule failed
	Decided      Bucket = "decided"         // both count it, and a status makes the difference
	OnlyTheirs   Bucket = "only_theirs"     // ours does not have it, or does not count it
	NotConnected Bucket = "not_connected"   // only ours: Microsoft scores it where its source is connected
	NotLicensed  Bucket = "not_licensed"    // only ours: the tenant lacks a license of it
	NotScored    Bucket = "not_scored"      // only ours: Microsoft has a profile, and no score
	Unknown      Bucket = "unknown_to_them" // only ours: Microsoft's answer does not have it at all
	Preview      Bucket = "preview"         // only ours, and a preview, which counts nowhere
	Sum          Bucket = "sum"             // what Microsoft's sums say beyond its controls, by rounding or by mistake
)

// Buckets returns all buckets in the order in which they are shown.
func Buckets() []Bucket {
	return []Bucket{Same, Different, NoEvidence, Decided, OnlyTheirs, NotConnected, NotLicensed, NotScored, Unknown, Preview, Sum}
}

// Reconciliation compares an assessment with what Microsoft says of the same tenant. All points are in hundredths, and differences are
// ours less theirs: those of the buckets add up to the difference of the scores, exactly.
type Reconciliation struct {
	Ours       Side        `json:"ours"`
	Theirs     Side        `json:"theirs"`
	Difference Difference  `json:"difference"`
	Buckets    []BucketSum `json:"buckets"` // all of them, in order
	Actions    []Pair      `json:"actions"` // by bucket, then by id; without those that are the same
	Notes      []string    `json:"notes"`
}

// Differs reports whether anything that counts is not the same on both sides.
func (r *Reconciliation) Differs() bool {
	return r.Difference != Difference{} || slices.ContainsFunc(r.Actions, func(p Pair) bool { return p.Bucket != Preview })
}

// Points are what was achieved, of a total.
type Points struct {
	Achieved score.Points `json:"achieved"`
	Total    score.Points `json:"total"`
}

// Difference is one of points.
type Difference struct {
	Achieved score.Delta `json:"achieved"`
	Total    score.Delta `json:"total"`
}

// Side is one of the scores.
type Side struct {
	At time.Time `json:"at"`
	Points
}

// BucketSum is how much of the difference a bucket has.
type BucketSum struct {
	Bucket     Bucket     `json:"bucket"`
	Actions    int        `json:"actions"`
	Difference Difference `json:"difference"`
}

// Pair is an action of either side.
type Pair struct {
	Bucket     Bucket     `json:"bucket"`
	ID         string     `json:"id"`
	Title      string     `json:"title"`
	Category   string     `json:"category"`
	Ours       *Result    `json:"ours,omitempty"`   // absent if our assessment does not have it
	Theirs     *Result    `json:"theirs,omitempty"` // absent if Microsoft does not score it
	Names      []string   `json:"names"`            // of Microsoft's controls: several instances of a connected app
	Difference Difference `json:"difference"`
	Why        []string   `json:"why"`   // what either side rests on, in sentences; never null
	Known      []string   `json:"known"` // known differences, from the catalog; never null

	action   *engine.Action
	controls []*Control
}

// Result is what an action has on one side.
type Result struct {
	Points
	Outcome engine.Outcome `json:"outcome,omitempty"` // ours
	Status  engine.Status  `json:"status,omitempty"`  // ours
	Counts  bool           `json:"counts"`            // it is part of the score
}

// Reconcile compares an assessment with a day.
func Reconcile(a *engine.Assessment, day *Day, profiles Profiles, cat *catalog.Catalog) *Reconciliation {
	r := &Reconciliation{
		Ours:   Side{Points: Points{a.Score.Achieved, a.Score.Total}, At: a.EvaluatedAt},
		Theirs: Side{At: day.Date}, Actions: []Pair{}, Notes: []string{},
	}
	m := &matching{profiles: profiles, catalog: cat, end: day.Date.Add(oneDay), pairs: map[string]*Pair{}}
	for i := range a.Actions {
		m.ours(&a.Actions[i])
	}
	conversion := &conversion{day: day, profiles: profiles, exact: new(big.Rat), most: new(big.Rat), items: map[string]*item{}}
	for i := range day.Controls {
		conversion.add(&day.Controls[i])
	}
	var summed Points
	for _, name := range sortedKeys(conversion.items) {
		it := conversion.items[name]
		conversion.most.Add(conversion.most, it.max)
		pair := m.theirs(it)
		summed.Achieved += hundredths(it.control.Score)
		summed.Total += hundredths(it.max)
		pair.Why = append(pair.Why, it.findings...)
	}
	reported := Points{hundredths(orElse(day.Current, conversion.exact)), hundredths(orElse(day.Max, conversion.most))}
	r.Theirs.Points = reported
	r.Difference = r.Ours.minus(reported)
	rest := summed.minus(reported)
	r.fill(m, rest.plus(r.Ours.minus(counted(a))))
	r.Notes = append(r.Notes, sumNotes(day, reported, summed)...)
	if days := int(a.EvaluatedAt.Sub(day.Date).Abs() / oneDay); days > 1 {
		r.Notes = append(r.Notes, fmt.Sprintf("%d days lie between the two: what changed in between is a difference, too", days))
	}
	return r
}

// sumNotes says what is wrong with the sums that Microsoft reports, and what they say beyond its controls.
func sumNotes(day *Day, reported, summed Points) []string {
	var notes []string
	verb := "Microsoft reports"
	for _, sum := range []struct {
		name  string
		exact *big.Rat
		used  score.Points
	}{{"currentScore", day.Current, reported.Achieved}, {"maxScore", day.Max, reported.Total}} {
		if sum.exact == nil {
			verb = "Microsoft's score is taken to be"
			notes = append(notes, fmt.Sprintf("%s: the sum of Microsoft's controls, %s, stands in its place", day.noSum(sum.name), sum.used))
		}
	}
	if reported != summed {
		notes = append(notes, fmt.Sprintf("%s %s of %s points, and its controls add up to %s of %s: the difference is in the bucket sum",
			verb, reported.Achieved, reported.Total, summed.Achieved, summed.Total))
	}
	return notes
}

// counted returns what the actions of an assessment add up to: its score, unless that was reported by others.
func counted(a *engine.Assessment) Points {
	var sum Points
	for i := range a.Actions {
		if action := &a.Actions[i]; action.Counts() {
			sum.Achieved, sum.Total = sum.Achieved+action.Points.Achieved, sum.Total+action.Points.Max
		}
	}
	return sum
}

func orElse(a, b *big.Rat) *big.Rat {
	if a != nil {
		return a
	}
	return b
}

func (p Points) minus(q Points) Difference {
	return Difference{score.Delta(p.Achieved - q.Achieved), score.Delta(p.Total - q.Total)}
}

func (d Difference) plus(e Difference) Difference {
	return Difference{d.Achieved + e.Achieved, d.Total + e.Total}
}

// fill puts the pairs into their buckets.
func (r *Reconciliation) fill(m *matching, rest Difference) {
	sums := map[Bucket]*BucketSum{}
	for _, bucket := range Buckets() {
		sums[bucket] = &BucketSum{Bucket: bucket}
	}
	for _, id := range sortedKeys(m.pairs) {
		pair := m.pairs[id]
		if pair.action != nil && !pair.action.Counts() && len(pair.controls) == 0 && pair.action.Stage != engine.Preview {
			continue // neither side counts it
		}
		m.judge(pair)
		sum := sums[pair.Bucket]
		sum.Actions++
		sum.Difference = sum.Difference.plus(pair.Difference)
		if pair.Bucket != Same {
			r.Actions = append(r.Actions, *pair)
		}
	}
	sums[Sum].Difference = rest
	for _, bucket := range Buckets() {
		r.Buckets = append(r.Buckets, *sums[bucket])
	}
	order := Buckets()
	slices.SortStableFunc(r.Actions, func(a, b Pair) int {
		return cmp.Or(slices.Index(order, a.Bucket)-slices.Index(order, b.Bucket), strings.Compare(a.ID, b.ID))
	})
}

// matching joins the actions of both sides by the folded names of controls.
type matching struct {
	profiles Profiles
	catalog  *catalog.Catalog
	end      time.Time // of Microsoft's day
	pairs    map[string]*Pair
}

func (m *matching) pair(id string) *Pair {
	if m.pairs[id] == nil {
		m.pairs[id] = &Pair{ID: id, Names: []string{}, Why: []string{}, Known: []string{}}
	}
	return m.pairs[id]
}

func (m *matching) ours(a *engine.Action) {
	p := m.pair(Folded(a.ID))
	p.action, p.Title, p.Category = a, a.Title, a.Category
	points := Points{a.Points.Achieved, a.Points.Max}
	p.Ours = &Result{Points: points, Outcome: a.Outcome, Status: a.Status, Counts: a.Counts()}
	if a.Counts() {
		p.Difference = p.Difference.plus(points.minus(Points{}))
	}
}

func (m *matching) theirs(it *item) *Pair {
	p := m.pair(Folded(it.control.Name))
	p.controls, p.Names = append(p.controls, it.control), append(p.Names, it.control.Name)
	achieved, most := hundredths(it.control.Score), hundredths(it.max)
	if p.Theirs == nil {
		p.Theirs = &Result{Counts: true}
	}
	p.Theirs.Achieved, p.Theirs.Total = p.Theirs.Achieved+achieved, p.Theirs.Total+most
	p.Difference = p.Difference.plus(Points{}.minus(Points{achieved, most}))
	if p.Title == "" {
		p.Title, p.Category = it.control.Name, it.control.Category
		if it.profile != nil && it.profile.Title != "" {
			p.Title = it.profile.Title
		}
	}
	return p
}

// judge says which bucket a pair belongs to, and why.
func (m *matching) judge(p *Pair) {
	control, known := m.catalog.Control(p.ID)
	ours := p.action
	switch {
	case len(p.controls) == 0:
		p.Bucket = m.alone(p, control)
	case ours == nil || !ours.Counts():
		p.Bucket = OnlyTheirs
		p.Why = append(p.Why, m.absent(p, control)...)
	case p.Difference == Difference{}:
		p.Bucket = Same
		return
	case !ours.Outcome.Assessed() && !ours.Status.Resolves():
		p.Bucket = NoEvidence
	case m.decided(p):
		p.Bucket = Decided
	default:
		p.Bucket = Different
	}
	if ours != nil && len(p.controls) > 0 {
		p.Why = append(p.Why, evidence(ours)...)
	}
	for _, theirs := range p.controls {
		p.Why = append(p.Why, theirs.words()...)
	}
	if n := len(p.controls); n > 1 {
		p.Why = append(p.Why, fmt.Sprintf("Microsoft counts %d instances of the app", n))
	}
	if known && len(p.controls) > 0 {
		p.Known = append(p.Known, control.Differences...)
	}
}

// alone says why only our score has an action.
func (m *matching) alone(p *Pair, control *catalog.Control) Bucket {
	tell := func(format string, args ...any) { p.Why = append(p.Why, fmt.Sprintf(format, args...)) }
	switch {
	case p.action.Stage == engine.Preview:
		tell("it is a preview here, and counts nowhere")
		return Preview
	case control != nil && control.RequiresSource != "":
		tell("Microsoft scores it only with %s, and does not score it here", source(control.RequiresSource))
		return NotConnected
	case !p.action.Licensed():
		for _, need := range p.action.Prerequisites {
			if len(need.ServicePlans) > 0 && !need.Met {
				tell("the tenant lacks a license: %s", need.Words())
			}
		}
		return NotLicensed
	case m.profiles.has(p.ID):
		tell("Microsoft has a profile of it, and does not score it: a license or its source is missing, or it is not rolled out")
		return NotScored
	}
	tell("neither the scores nor the profiles of Microsoft have it")
	return Unknown
}

func source(id string) string { return cmp.Or(catalog.Sources()[id], "records of "+id) }

// has reports whether any profile is of a control, be it with the number of an app.
func (p Profiles) has(id string) bool {
	if p[id] != nil {
		return true
	}
	for name := range p {
		if Folded(name) == id {
			return true
		}
	}
	return false
}

// absent says why our score does not have an action of theirs.
func (m *matching) absent(p *Pair, control *catalog.Control) []string {
	switch {
	case p.action != nil && p.action.Stage == engine.Preview:
		return []string{"it is a preview here: nobody published its points"}
	case p.action != nil:
		return append([]string{"it does not apply by our evidence"}, p.action.Reasons...)
	case control == nil:
		return []string{"the catalog does not have it"}
	case control.Stage == catalog.StageDeprecated:
		return []string{"it is deprecated here" + after(": ", control.Reason)}
	}
	return []string{"the assessment was made with a catalog that does not have it"}
}

func after(lead, text string) string {
	if text == "" {
		return ""
	}
	return lead + text
}

// decided reports whether a status explains the difference: only one of the sides has the points that a status gives.
func (m *matching) decided(p *Pair) bool {
	theirs := engine.Status("")
	for _, control := range p.controls {
		if profile := m.profiles.of(control.Name); profile != nil {
			if u := profile.Effective(m.end); u != nil {
				theirs, _ = u.status()
			}
		}
	}
	ours := p.action.Status
	if ours.Resolves() == theirs.Resolves() || p.action.Points.Max != p.Theirs.Total {
		return false
	}
	if ours.Resolves() {
		p.Why = append(p.Why, fmt.Sprintf("its status is %s here, which earns all points, and not at Microsoft", ours))
		return true
	}
	if p.Theirs.Achieved != p.Theirs.Total {
		return false
	}
	p.Why = append(p.Why, fmt.Sprintf("its status is %s at Microsoft, which earns all points, and not here", theirs))
	return true
}

// maxNamed is how many failing records the evidence of an action names.
const maxNamed = 5

// evidence says what our outcome rests on.
func evidence(a *engine.Action) []string {
	said := []string{fmt.Sprintf("ours is %s: %s of %s points", strings.ReplaceAll(string(a.Outcome), "_", " "), a.Points.Achieved, a.Points.Max)}
	if c := a.Coverage; c != nil {
		said = append(said, fmt.Sprintf("ours counts %d of %d", c.Compliant, c.InScope))
	}
	if len(a.Missing) > 0 {
		said = append(said, "evidence is missing: "+strings.Join(a.Missing, ", "))
	}
	said = append(said, a.Reasons...)
	if f := a.Failing; f != nil && len(f.Shown) > 0 {
		var named []string
		for _, record := range f.Shown[:min(len(f.Shown), maxNamed)] {
			named = append(named, record.String())
		}
		more := ""
		if rest := f.Total - int64(len(named)); rest > 0 {
			more = fmt.Sprintf(" and %d more", rest)
		}
		said = append(said, "failing: "+strings.Join(named, ", ")+more)
	}
	if x := a.Excluded; x != nil {
		said = append(said, fmt.Sprintf("%d excluded here; Microsoft knows no exclusions", x.Total))
	}
	return said
}

// words says what a control of Microsoft's rests on. Its text is quoted, and not understood.
func (c *Control) words() []string {
	said := fmt.Sprintf("theirs is %s points", trimmed(c.Score.FloatString(2)))
	if c.Percent != nil {
		said += fmt.Sprintf(" (%s%%)", trimmed(c.Percent.FloatString(2)))
	}
	words := []string{said}
	if c.Count != nil && c.Total != nil {
		words = append(words, fmt.Sprintf("theirs counts %d of %d", *c.Count, *c.Total))
	}
	if c.Text != "" {
		words = append(words, fmt.Sprintf("theirs says %q", c.Text))
	}
	return words
}

// Nearest returns the day of a tenant that is nearest to a moment, the later one of two; nil if there is none. Without an id of the
// tenant all days must be of one tenant.
func Nearest(days []*Day, tenant string, at time.Time) (*Day, error) {
	var nearest *Day
	others := map[string]bool{}
	for _, d := range days {
		if tenant == "" || strings.EqualFold(d.Tenant, tenant) {
			if nearest == nil || d.Date.Sub(at).Abs() <= nearest.Date.Sub(at).Abs() {
				nearest = d
			}
		}
		others[strings.ToLower(d.Tenant)] = true
	}
	switch {
	case len(days) == 0:
		return nil, fmt.Errorf("the files have no day of secureScores")
	case nearest == nil:
		return nil, fmt.Errorf("the files are of the tenant %s, and the assessment of %s", strings.Join(sortedKeys(others), ", "), tenant)
	case tenant == "" && len(others) > 1:
		return nil, fmt.Errorf("the files are of %d tenants, and the assessment does not say which one it is of: give --tenant", len(others))
	}
	return nearest, nil
}
