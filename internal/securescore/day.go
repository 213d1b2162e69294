package securescore

import (
	"cmp"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Day is what Microsoft says of a tenant on one day: an entry of secureScores.
type Day struct {
	Tenant   string
	Date     time.Time // when it was made; midnight UTC
	Current  *big.Rat  // points achieved, as reported; nil if it is not there
	Max      *big.Rat  // points possible, as reported; nil if it is not there
	Averages []Average
	Controls []Control // in the order of the answer
	File     string    // that it was read from
	Notes    []string  // what could not be read of it

	Unusable map[string]string // what stands for currentScore and maxScore, where it is no number that either could have
}

// sumNames are the sums that Microsoft reports of a day.
func sumNames() []string { return []string{"currentScore", "maxScore"} }

// noSum says why the day lacks a sum.
func (d *Day) noSum(name string) string {
	if text, ok := d.Unusable[name]; ok {
		return fmt.Sprintf("%s is %s, which is not usable as points", name, text)
	}
	return name + " is missing"
}

// Control is the score of one control on a day.
type Control struct {
	Name     string // as Microsoft names it: with the number of the app before it, perhaps
	Category string // in lower case
	Score    *big.Rat
	Percent  *big.Rat // of its points; nil if it is not there
	Count    *int64   // who meets it; nil on older days, and of controls that count nobody
	Total    *int64
	On       *bool
	Text     string // "" where the numbers in it were emptied
	Synced   time.Time
}

// Average is a comparison: what other tenants have, on average.
type Average struct {
	Basis      string   // AllTenants, TotalSeats or IndustryTypes
	From, To   int64    // seats; 0 if it is not of seats
	Industry   string   // of IndustryTypes
	Percent    *big.Rat // averageScore, which behaves like a percentage
	Categories []AverageCategory
}

// AverageCategory is the part of an average that belongs to a category, in points.
type AverageCategory struct {
	Category   string // in lower case
	Score, Max *big.Rat
}

// Profile is what a control is worth, and what was decided about it: an entry of secureScoreControlProfiles.
type Profile struct {
	Tenant, ID, Title     string
	Category, Service     string
	Max                   *big.Rat
	Tier, Cost, Impact    string
	Threats               []string
	Remediation, OnPeople string // without HTML
	URL                   string
	Deprecated            bool
	Updates               []Update // as listed
}

// Update is a decision about a control, as Graph keeps it.
type Update struct {
	State     string // Default, Ignored, ThirdParty or Reviewed
	Assigned  string
	Comment   string
	UpdatedBy string
	At        time.Time // zero if it is not said
}

// Effective returns the newest update before a moment, or nil: the last one listed of those of the same time. The zero moment is any.
func (p *Profile) Effective(before time.Time) *Update {
	var newest *Update
	for i := range p.Updates {
		u := &p.Updates[i]
		if !before.IsZero() && !u.At.Before(before) {
			continue
		}
		if newest == nil || !u.At.Before(newest.At) {
			newest = u
		}
	}
	if newest == nil || strings.EqualFold(newest.State, "Default") || newest.State == "" {
		return nil
	}
	return newest
}

// decisions returns how many updates are decisions.
func (p *Profile) decisions() int {
	n := 0
	for i := range p.Updates {
		if state := p.Updates[i].State; state != "" && !strings.EqualFold(state, "Default") {
			n++
		}
	}
	return n
}

// instance is the number of a connected app, or of its instance, before the name of a control.
var instance = regexp.MustCompile(`^(?:[0-9]{1,20}[._])+([A-Za-z])`)

// Folded returns the name of a control without the number of an app: 11770.MDA_Google_EnableTwoFactorAuth is the control
// MDA_Google_EnableTwoFactorAuth of one connected app.
func Folded(name string) string { return instance.ReplaceAllString(name, "$1") }

// whole reports whether the day has more than scores: only the newest day of an answer has counts, and texts with their numbers.
func (c *Control) whole() bool { return !c.Synced.IsZero() || c.Count != nil || c.On != nil }

// richness is how many controls of the day are whole.
func (d *Day) richness() int {
	n := 0
	for i := range d.Controls {
		if d.Controls[i].whole() {
			n++
		}
	}
	return n
}

// day returns the day as one text, such as 2026-07-17.
func (d *Day) day() string { return d.Date.Format(time.DateOnly) }

// Bounds of one entry.
const (
	maxControls = 20_000
	maxName     = 200
	maxText     = 2000
	maxUpdates  = 1000
)

// newDay reads an entry of secureScores.
func newDay(o object) (*Day, error) {
	d := &Day{Tenant: o.line("azuretenantid", maxName), Date: o.time("createddatetime"), Current: o.points("currentscore"), Max: o.points("maxscore")}
	tenant, date, _ := strings.Cut(o.text("id"), "_")
	if d.Tenant == "" {
		d.Tenant = oneLine(tenant, maxName)
	}
	if at, err := time.Parse(time.DateOnly, date); err == nil && d.Date.IsZero() {
		d.Date = at
		if o.has("createddatetime") && o["createddatetime"] != nil {
			d.note("createdDateTime is %s, which is no day: the day was taken from the id", o.shown("createddatetime"))
		}
	}
	for _, name := range sumNames() {
		if folded := fold(name); o[folded] != nil && o.points(folded) == nil {
			if d.Unusable == nil {
				d.Unusable = map[string]string{}
			}
			d.Unusable[name] = o.shown(folded)
		}
	}
	switch {
	case d.Date.IsZero():
		return nil, fmt.Errorf("it has no createdDateTime such as 2026-07-17T00:00:00Z: no day is known")
	case d.Tenant == "":
		return nil, fmt.Errorf("it has no azureTenantId: no tenant is known")
	}
	controls, ok := o.list("controlscores")
	if !ok {
		return nil, fmt.Errorf("its controlScores were cut off: save it with ConvertTo-Json -Depth 10")
	}
	if len(controls) > maxControls {
		return nil, fmt.Errorf("it has %d controlScores, and at most %d are read", len(controls), maxControls)
	}
	for i, element := range controls {
		if err := d.add(element); err != nil {
			d.note("its control %d was left out: %v", i+1, err)
		}
	}
	d.averages(o)
	return d, nil
}

// maxNotes bounds what is said of one entry.
const maxNotes = 20

func (d *Day) note(format string, args ...any) {
	if len(d.Notes) < maxNotes {
		d.Notes = append(d.Notes, fmt.Sprintf(format, args...))
	}
}

// add reads one of the controlScores.
func (d *Day) add(element any) error {
	members, ok := element.(map[string]any)
	if !ok {
		return fmt.Errorf("it was cut off: save it with ConvertTo-Json -Depth 10")
	}
	o := newObject(members)
	c := Control{
		Name: o.line("controlname", maxName), Category: strings.ToLower(o.line("controlcategory", maxName)), Score: o.points("score"),
		Percent: o.points("scoreinpercentage"), Count: o.whole("count"), Total: o.whole("total"), On: o.flag("on"), Synced: o.time("lastsynced"),
	}
	switch {
	case c.Name == "":
		return fmt.Errorf("it has no controlName")
	case c.Score == nil:
		return fmt.Errorf("the score of %s is %s, which is not usable as points", c.Name, o.shown("score"))
	}
	// A text without the rest is one of an older day, where its numbers are zeros.
	if c.whole() {
		c.Text = o.prose("implementationstatus", 500)
	}
	d.Controls = append(d.Controls, c)
	return nil
}

// averages reads the comparisons. One that has no percentage says nothing.
func (d *Day) averages(o object) {
	list, _ := o.list("averagecomparativescores")
	for _, element := range list[:min(len(list), maxTexts)] {
		members, ok := element.(map[string]any)
		if !ok {
			continue
		}
		o := newObject(members)
		a := Average{Basis: o.line("basis", maxName), Industry: o.line("industryname", maxName), Percent: o.points("averagescore")}
		if from, to := o.whole("seatsizerangelowervalue"), o.whole("seatsizerangeuppervalue"); from != nil && to != nil {
			a.From, a.To = *from, *to
		}
		for _, category := range []string{"apps", "data", "device", "identity", "infrastructure"} {
			if points, most := o.points(category+"score"), o.points(category+"scoremax"); points != nil && most != nil {
				a.Categories = append(a.Categories, AverageCategory{Category: category, Score: points, Max: most})
			}
		}
		if a.Basis != "" && a.Percent != nil {
			d.Averages = append(d.Averages, a)
		}
	}
}

// newProfile reads an entry of secureScoreControlProfiles.
func newProfile(o object) (*Profile, error) {
	p := &Profile{
		Tenant: o.line("azuretenantid", maxName), ID: o.line("id", maxName), Title: o.prose("title", 500),
		Category: strings.ToLower(o.line("controlcategory", maxName)), Service: o.line("service", maxName), Max: o.points("maxscore"),
		Tier: o.line("tier", maxName), Cost: o.line("implementationcost", maxName), Impact: o.line("userimpact", maxName),
		Threats: o.texts("threats", maxName), Remediation: o.prose("remediation", maxText), OnPeople: o.prose("remediationimpact", maxText),
		URL: o.line("actionurl", maxText),
	}
	p.ID = cmp.Or(p.ID, o.line("controlname", maxName))
	if deprecated := o.flag("deprecated"); deprecated != nil {
		p.Deprecated = *deprecated
	}
	if p.ID == "" {
		return nil, fmt.Errorf("it has no id")
	}
	list, ok := o.list("controlstateupdates")
	if !ok || len(list) > maxUpdates {
		return nil, fmt.Errorf("its controlStateUpdates were cut off, or are more than %d", maxUpdates)
	}
	for _, element := range list {
		members, ok := element.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("its controlStateUpdates were cut off: save it with ConvertTo-Json -Depth 10")
		}
		o := newObject(members)
		p.Updates = append(p.Updates, Update{
			State: o.line("state", maxName), Assigned: o.line("assignedto", maxName), Comment: o.line("comment", maxText),
			UpdatedBy: o.line("updatedby", maxName), At: o.time("updateddatetime"),
		})
	}
	return p, nil
}

// Profiles are those of one tenant, by id.
type Profiles map[string]*Profile

// of returns the profile of a control, by its name with the number of an app or without.
func (p Profiles) of(name string) *Profile {
	if found := p[name]; found != nil {
		return found
	}
	return p[Folded(name)]
}

// sortDays sorts days by tenant and date.
func sortDays(days []*Day) {
	slices.SortStableFunc(days, func(a, b *Day) int {
		return cmp.Or(strings.Compare(a.Tenant, b.Tenant), a.Date.Compare(b.Date))
	})
}
