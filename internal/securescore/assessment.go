package securescore

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/score"
)

// Origin is what an assessment of Microsoft's numbers says in place of the versions of the engine and of the catalog.
const Origin = "microsoft"

// oneDay is how long the numbers of a day hold: a decision of that day may be in them.
const oneDay = 24 * time.Hour

// Assessment returns the day as an assessment. Points are rounded to hundredths, control by control. The sums are those of the controls
// where Microsoft's own agree with its controls; where they do not, the sums are as reported, and a finding says so.
func (d *Day) Assessment(profiles Profiles) *engine.Assessment {
	c := &conversion{day: d, profiles: profiles, exact: new(big.Rat), most: new(big.Rat), items: map[string]*item{}}
	for i := range d.Controls {
		c.add(&d.Controls[i])
	}
	a := &engine.Assessment{
		SchemaVersion: engine.SchemaVersion, Tenant: engine.Tenant{ID: d.Tenant}, EvaluatedAt: d.Date,
		Evidence: engine.Evidence{CollectedAt: d.Date, Datasets: []engine.Dataset{}},
		Catalog:  engine.Catalog{Version: Origin}, Engine: engine.Version{Version: Origin}, Findings: []string{}, Actions: []engine.Action{},
	}
	for _, name := range sortedKeys(c.items) {
		a.Actions = append(a.Actions, c.action(c.items[name]))
	}
	a.Catalog.Controls = len(a.Actions)
	rank(a.Actions)
	a.Score = sum(a.Actions)
	c.sums(a)
	a.Catalog.Digest, a.Evidence.Digest = digests(a.Actions)
	return a
}

// conversion turns a day into an assessment.
type conversion struct {
	day      *Day
	profiles Profiles
	items    map[string]*item // by the name of the control
	exact    *big.Rat         // sum of the scores, as reported
	most     *big.Rat         // sum of the maxima
	orphans  int              // controls without a profile
}

// item is a control of a day with its profile, if there is one.
type item struct {
	control  *Control
	profile  *Profile
	max      *big.Rat
	findings []string
	times    int
}

// add takes a control. One that is listed several times is added up: there is no other name for it.
func (c *conversion) add(control *Control) {
	c.exact.Add(c.exact, control.Score)
	if known := c.items[control.Name]; known != nil {
		merged := *known.control
		merged.Score = new(big.Rat).Add(merged.Score, control.Score)
		merged.Count, merged.Total, merged.On, merged.Percent, merged.Text = nil, nil, nil, nil, ""
		known.control, known.times = &merged, known.times+1
		if p := known.profile; p != nil && p.Max != nil {
			known.max = new(big.Rat).Mul(p.Max, big.NewRat(int64(known.times), 1))
		}
		known.findings = []string{fmt.Sprintf("Microsoft lists it %d times: its points are added up", known.times)}
		return
	}
	c.items[control.Name] = c.item(control)
}

// item finds out what a control was worth on the day. The profiles are those of the day on which they were saved, so that the day's own
// percentage comes first.
func (c *conversion) item(control *Control) *item {
	it := &item{control: control, profile: c.profiles.of(control.Name), times: 1}
	if it.profile != nil {
		it.max = it.profile.Max
	} else {
		c.orphans++
	}
	if p := control.Percent; p != nil && p.Sign() > 0 && control.Score.Sign() > 0 {
		said := new(big.Rat).Quo(new(big.Rat).Mul(control.Score, big.NewRat(100, 1)), p)
		// Where the score is small its rounding is large: the profile is believed as long as it agrees.
		agrees := it.max != nil && near(new(big.Rat).Mul(it.max, new(big.Rat).Quo(p, big.NewRat(100, 1))), control.Score)
		if !agrees && said.Cmp(big.NewRat(maxPoints, 1)) <= 0 {
			if it.max != nil {
				it.findings = append(it.findings, fmt.Sprintf("its profile says %s points, and the day %s: those of the day count", written(it.max), written(said)))
			} else {
				it.findings = append(it.findings, "no profile tells its points: they follow from its score and its percentage")
			}
			it.max = new(big.Rat).SetFrac64(int64(hundredths(said)), 100)
		}
	}
	if it.max == nil {
		it.findings = append(it.findings, "no profile tells its points: what it has achieved is taken for all of them")
		it.max = control.Score
	}
	if control.Score.Cmp(it.max) > 0 {
		it.findings = append(it.findings, fmt.Sprintf("Microsoft gives it %s of %s points: more than there are", written(control.Score), written(it.max)))
		it.max = control.Score
	}
	return it
}

// action returns a control as an action.
func (c *conversion) action(it *item) engine.Action {
	c.most.Add(c.most, it.max)
	a := engine.Action{
		ID: it.control.Name, Title: it.control.Name, Category: it.control.Category, Product: "unknown", Kind: "graded",
		Reasons: []string{}, Missing: []string{}, Findings: it.findings, Prerequisites: []engine.Prerequisite{}, Status: engine.ToAddress,
		Tier: "core", Difficulty: "unknown", UserImpact: "unknown", Complexity: "unknown", Threats: []string{}, Frameworks: map[string][]string{},
	}
	if a.Findings == nil {
		a.Findings = []string{}
	}
	if p := it.profile; p != nil {
		a.Title, a.Product = cmp.Or(p.Title, a.Title), product(p.Service)
		a.Tier, a.Difficulty, a.UserImpact = tier(p.Tier), level(p.Cost), level(p.Impact)
		a.Threats = threats(p.Threats)
	}
	it.categorize(&a)
	if it.control.Text != "" {
		a.Reasons = append(a.Reasons, it.control.Text)
	}
	a.Points.Max = hundredths(it.max)
	a.Points.ByEvidence = it.earned(&a)
	a.Points.Achieved = a.Points.ByEvidence
	a.Outcome = outcome(a.Points)
	it.decide(&a, c.day)
	if a.Outcome == engine.Complete {
		a.Status = engine.Completed
	}
	if a.Outcome != engine.Partial || a.Coverage != nil {
		a.Fraction = ""
	}
	a.Digest = digest(a.ID, a.Category, a.Points.Max.String())
	return a
}

// categorize sets the category: the day's, or else that of the profile. Another word than the five of Secure Score is told.
func (it *item) categorize(a *engine.Action) {
	said := a.Category
	if !slices.Contains(catalog.Categories(), said) && it.profile != nil {
		a.Category = it.profile.Category
	}
	if !slices.Contains(catalog.Categories(), a.Category) {
		a.Category = "infrastructure"
		a.Findings = append(a.Findings, fmt.Sprintf("its category %q is not known: it is put to infrastructure", said))
	}
}

// earned returns what a control has achieved, and sets what it follows from: counts or a fraction.
func (it *item) earned(a *engine.Action) score.Points {
	control, most := it.control, a.Points.Max
	said := hundredths(control.Score)
	if said >= most && control.Score.Cmp(it.max) < 0 {
		said = most - 1 // rounding never completes an action
	}
	if control.On != nil {
		a.Kind = "setting"
	}
	if control.Count != nil && control.Total != nil && *control.Count <= *control.Total {
		if points, counted := it.counted(a, said); counted {
			return points
		}
	}
	if p := control.Percent; p != nil {
		fraction := new(big.Rat).Quo(p, big.NewRat(100, 1))
		if points := score.Fraction(most, fraction); fraction.Cmp(big.NewRat(1, 1)) <= 0 && close(points, said) && most > 0 {
			a.Fraction = engine.Fraction(trimmed(fraction.FloatString(12)))
			if exact, ok := new(big.Rat).SetString(a.Fraction.String()); ok && score.Fraction(most, exact) == points {
				return points
			}
			a.Fraction = ""
		}
	}
	return said
}

// counted sets the counts of a control if its score follows from them. In older answers they count those who fail.
func (it *item) counted(a *engine.Action, said score.Points) (score.Points, bool) {
	a.Kind = "coverage"
	count, total := *it.control.Count, *it.control.Total
	if total == 0 {
		if said < a.Points.Max {
			return said, false
		}
		a.Coverage, a.Failing = &engine.Coverage{}, &engine.Failing{Shown: []engine.Record{}}
		return said, true
	}
	for _, compliant := range []int64{count, total - count} {
		points := score.Share(a.Points.Max, compliant, total)
		if !close(points, said) {
			continue
		}
		if compliant != count {
			a.Findings = append(a.Findings, "its count is of those who fail, as in older answers")
		}
		a.Coverage = &engine.Coverage{Compliant: compliant, InScope: total, Records: total}
		a.Failing = &engine.Failing{Total: total - compliant, Shown: []engine.Record{}}
		return points, true
	}
	a.Findings = append(a.Findings, fmt.Sprintf("its score does not follow from its counts, %d of %d: they are left out", count, total))
	a.Kind = "graded"
	return said, false
}

// close reports whether points are the same to a hundredth.
func close(a, b score.Points) bool { return a-b <= 1 && b-a <= 1 }

func outcome(p engine.ActionPoints) engine.Outcome {
	switch {
	case p.ByEvidence >= p.Max && p.Max > 0:
		return engine.Complete
	case p.ByEvidence > 0:
		return engine.Partial
	}
	return engine.NotMet
}

// decide sets the status of an action by what was decided until the end of the day. What resolves an action earns all points, so that
// only a boolean tells what the evidence shows.
func (it *item) decide(a *engine.Action, day *Day) {
	if it.profile == nil {
		return
	}
	u := it.profile.Effective(day.Date.Add(oneDay))
	if u == nil {
		return
	}
	status, _ := u.status()
	if status == "" {
		a.Findings = append(a.Findings, fmt.Sprintf("the state %q of its profile is not known", u.State))
		return
	}
	a.Decision = &engine.Decision{Status: status, Reason: u.Comment, Owner: u.Assigned}
	if u.UpdatedBy != "" || !u.At.IsZero() {
		a.Decision.Notes = []engine.Note{{Time: u.At, Author: cmp.Or(u.UpdatedBy, "unknown"), Text: "set to " + u.State + " in Microsoft Secure Score"}}
	}
	switch {
	case a.Outcome != engine.Complete && status.Resolves():
		a.Findings = append(a.Findings, fmt.Sprintf("it is set to %s, and has not all of its points yet", u.State))
	case a.Outcome != engine.Complete:
		a.Status = status
	case status.Resolves() && !it.shown():
		a.Status, a.Outcome, a.Points.ByEvidence, a.Coverage, a.Failing = status, engine.NoEvidence, 0, nil, nil
		if it.control.On != nil {
			a.Outcome = engine.NotMet
			return
		}
		a.Findings = append(a.Findings, fmt.Sprintf("it is set to %s: Microsoft does not say what the evidence alone would earn", u.State))
	}
}

// shown reports whether the day itself says that everything complies.
func (it *item) shown() bool {
	c := it.control
	return c.On != nil && *c.On || c.Count != nil && c.Total != nil && *c.Total > 0 && *c.Count == *c.Total
}

// status returns the status that a state stands for, and what is lost by it; "" if it is not known.
func (u *Update) status() (status engine.Status, lost string) {
	switch strings.ToLower(u.State) {
	case "default", "":
		return engine.ToAddress, ""
	case "ignored":
		return engine.RiskAccepted, ""
	case "thirdparty":
		return engine.ThirdParty, "ThirdParty stands for a third party and for an alternate mitigation alike"
	case "reviewed":
		return engine.Planned, "Reviewed has no counterpart in Microsoft's portal; it is taken for planned"
	}
	return "", ""
}

// sums compares Microsoft's sums with its controls, and says what does not add up.
func (c *conversion) sums(a *engine.Assessment) {
	tell := func(format string, args ...any) { a.Findings = append(a.Findings, fmt.Sprintf(format, args...)) }
	for _, s := range []struct {
		what     string
		reported *big.Rat
		summed   *big.Rat
		points   *score.Points
	}{
		{"currentScore", c.day.Current, c.exact, &a.Score.Achieved},
		{"maxScore", c.day.Max, c.most, &a.Score.Total},
	} {
		switch {
		case s.reported == nil:
			tell("%s: the sum of the controls stands in its place", c.day.noSum(s.what))
		case !near(s.reported, s.summed):
			tell("%s is %s, and the controls add up to %s: the sum does not add up, and is kept as reported", s.what, written(s.reported), written(s.summed))
			*s.points = hundredths(s.reported)
		case hundredths(s.reported) != *s.points:
			tell("%s is %s; its controls, each rounded to hundredths, add up to %s", s.what, written(s.reported), *s.points)
		}
	}
	a.Score.Percent = score.Percent(a.Score.Achieved, a.Score.Total)
	if c.orphans > 0 {
		tell("%d of %d controls have no profile: their points follow from their scores", c.orphans, len(c.items))
	}
	if len(c.items) == 0 {
		tell("the day has no controls")
	}
	a.Findings = append(a.Findings, c.day.Notes...)
	a.Score.AssessedTotal = min(a.Score.AssessedTotal, a.Score.Total)
}

// sum adds up actions as the engine does.
func sum(actions []engine.Action) engine.Score {
	var items []score.Item
	for i := range actions {
		if a := &actions[i]; a.Counts() {
			items = append(items, score.Item{
				Category: a.Category, Product: a.Product, Achieved: a.Points.Achieved, Max: a.Points.Max, Licensed: true,
				Assessed: a.Outcome.Assessed() || a.Status.Resolves(), Planned: a.Status == engine.Planned, Accepted: a.Status == engine.RiskAccepted,
			})
		}
	}
	s := score.Sum(items)
	result := engine.Score{
		Achieved: s.Achieved, Total: s.Total, AssessedTotal: s.AssessedTotal, Percent: s.Percent, Views: views(s.Views, s.Total),
		Categories: []engine.Category{}, Products: []engine.Product{},
	}
	for _, g := range s.Categories {
		result.Categories = append(result.Categories, engine.Category{Category: g.Name, Achieved: g.Achieved, Total: g.Total, Views: views(g.Views, g.Total)})
	}
	for _, g := range s.Products {
		result.Products = append(result.Products, engine.Product{Product: g.Name, Achieved: g.Achieved, Total: g.Total, Views: views(g.Views, g.Total)})
	}
	return result
}

func views(v score.Views, total score.Points) engine.Views {
	view := func(points score.Points) engine.View {
		return engine.View{Points: points, Percent: score.Percent(points, total)}
	}
	return engine.Views{Planned: view(v.Planned), CurrentLicense: view(v.CurrentLicense), Achievable: view(v.Achievable)}
}

// rank ranks actions by posture's formula; Microsoft's rank is shared by many, and says no reason.
func rank(actions []engine.Action) {
	total := score.Points(0)
	var candidates []score.Candidate
	for i := range actions {
		a := &actions[i]
		total += a.Points.Max
		if a.Left() > 0 && a.Status != engine.RiskAccepted {
			candidates = append(candidates, score.Candidate{ID: a.ID, Left: a.Left(), Effort: score.Effort(a.Difficulty, a.UserImpact, a.Complexity)})
		}
	}
	ranks := map[string]int{}
	for i, c := range score.Rank(candidates) {
		ranks[c.ID] = i + 1
	}
	for i := range actions {
		actions[i].Rank, actions[i].Impact = ranks[actions[i].ID], score.Percent(actions[i].Left(), total)
	}
}

// digests returns those of what controls are worth, and of all that a day says.
func digests(actions []engine.Action) (catalog, evidence string) {
	var worth []string
	for i := range actions {
		worth = append(worth, actions[i].Digest)
	}
	all, _ := json.Marshal(actions) // plain data: it always marshals
	return digest(worth...), digest(string(all))
}

// digest hashes texts, each after its length.
func digest(parts ...string) string {
	h := sha256.New()
	for _, part := range parts {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

// product returns a service of Microsoft's as an id of a product, such as mda_google.
func product(service string) string {
	id := word(service)
	switch {
	case id == "":
		return "unknown"
	case id[0] >= '0' && id[0] <= '9':
		return "service_" + id
	}
	return id
}

// word returns a code of Microsoft's as an id: MS Teams is ms_teams.
func word(code string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToLower(code)), "_")
}

// tier returns a tier, which Microsoft spells "Defense In Depth" and "Defense in Depth".
func tier(text string) string {
	switch found := word(text); found {
	case "defense_in_depth", "advanced":
		return found
	}
	return "core"
}

// level returns a level, of which Microsoft has many spellings.
func level(text string) string {
	switch word(text) {
	case "low":
		return "low"
	case "moderate", "medium":
		return "moderate"
	case "high":
		return "high"
	}
	return "unknown"
}

// threats returns those that are known, sorted.
func threats(texts []string) []string {
	found := []string{}
	for _, text := range texts {
		for _, known := range catalog.Threats() {
			if strings.ReplaceAll(known, "_", "") == strings.ReplaceAll(word(text), "_", "") {
				found = append(found, known)
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}
