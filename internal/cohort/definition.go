package cohort

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/posture-score/posture/internal/inputfile"
	"github.com/posture-score/posture/internal/literal"
	"github.com/posture-score/posture/internal/suggest"
	"github.com/posture-score/posture/internal/textlimit"
)

// Definitions say which cohorts a benchmark has, and what is known of tenants.
type Definitions struct {
	Title   string
	Source  string
	Minimum int64 // at least [Minimum]
	Cohorts []Definition
	Tenants map[string]Profile // by id, in lower case
}

// Definition says which tenants are in a cohort: those of its parent for which all conditions hold.
type Definition struct {
	ID, Title string
	Parent    string // empty for the cohort of all tenants
	Seats     *Band
	Industry  string
	Tenants   map[string]bool // by id, in lower case; nil for any
}

// Profile is what decides to which cohorts an organization belongs. Fields that are not known are zero.
type Profile struct {
	Seats    int64
	Industry string
}

// Bounds of a file of definitions. With no more cohorts than these, a determinant of 0s and 1s is less than [prime] by far.
const (
	maxCohorts = 32
	maxTitle   = 200
	maxID      = 200 // characters of the id of a tenant
	maxTenants = 20_000
	maxMinimum = 10_000
	maxSeats   = 100_000_000
)

// DefaultDefinitions have one cohort, of all tenants.
func DefaultDefinitions() *Definitions {
	return &Definitions{Title: "All tenants", Source: "assessments by posture", Minimum: Minimum, Cohorts: []Definition{{ID: AllID, Title: "All tenants"}}}
}

// OpenDefinitions reads the definitions in a file.
func OpenDefinitions(path string) (*Definitions, error) {
	text, err := inputfile.ReadFile(path, textlimit.MaxHCLBytes)
	if err != nil {
		return nil, fmt.Errorf("reading the cohorts: %w", err)
	}
	return ReadDefinitions(path, text)
}

// ReadDefinitions reads the text of a file of definitions. The error is a [*diag.Problems] with all that is wrong.
func ReadDefinitions(path string, text []byte) (*Definitions, error) {
	file := literal.Read(path, text)
	body := file.Body(literal.Shape{Attributes: []string{"title", "source", "minimum"}, Labelled: []string{"cohort", "tenant"}})
	d := &Definitions{Title: body.Text("title", maxTitle), Source: body.Text("source", maxTitle), Minimum: Minimum, Tenants: map[string]Profile{}}
	body.Require("Readers of a benchmark have to know what it is about.", "title", "source")
	if minimum, ok := body.Count("minimum", 1, maxMinimum); ok && minimum < Minimum {
		body.Problem("minimum", "Invalid minimum", "Numbers about less than %d tenants would tell of single ones: it can be raised, and not lowered.", Minimum)
	} else if ok {
		d.Minimum = minimum
	}
	d.cohorts(body.Labelled("cohort", "title", "parent", "seats_from", "seats_to", "industry", "tenants"))
	d.tenants(body.Labelled("tenant", "seats", "industry"))
	if err := file.Err(); err != nil {
		return nil, err
	}
	return d, nil
}

var word = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,59}$`)

// cohorts reads the definitions in their order. The cohort of all tenants comes first, whether it is defined or not.
func (d *Definitions) cohorts(blocks []*literal.Block) {
	d.Cohorts = []Definition{{ID: AllID, Title: "All tenants"}}
	for i, b := range blocks {
		switch {
		case i == maxCohorts:
			b.LabelProblem("Too many cohorts", "There may be %d: leave some out, or make a benchmark for each part.", maxCohorts)
			return
		case !word.MatchString(b.Label):
			b.LabelProblem("Invalid id", "It has up to 60 lower case letters, digits, hyphens and underscores: %.60q is not so.", b.Label)
		case b.Label == AllID:
			d.all(b)
		default:
			d.Cohorts = append(d.Cohorts, d.cohort(b))
		}
	}
}

// all reads what is said of the cohort of all tenants.
func (d *Definitions) all(b *literal.Block) {
	if title := b.Text("title", maxTitle); title != "" {
		d.Cohorts[0].Title = title
	}
	for _, name := range []string{"parent", "seats_from", "seats_to", "industry", "tenants"} {
		if b.Has(name) {
			b.Problem(name, "Nothing to choose", "The cohort %q has all tenants: leave %s out.", AllID, name)
		}
	}
}

func (d *Definitions) cohort(b *literal.Block) Definition {
	b.Require("A benchmark names a cohort by its title.", "title")
	c := Definition{ID: b.Label, Title: b.Text("title", maxTitle), Parent: AllID, Seats: band(b), Industry: industry(b)}
	if parent := b.Text("parent", maxID); parent != "" {
		c.Parent = parent
		known := make([]string, len(d.Cohorts))
		for i, earlier := range d.Cohorts {
			known[i] = earlier.ID
		}
		if !slices.Contains(known, parent) {
			b.Problem("parent", "Unknown cohort", "No cohort %.60q stands above this one.%s", parent, suggest.Hint(parent, known))
		}
	}
	if ids := b.Texts("tenants", maxTenants, maxID); ids != nil {
		c.Tenants = map[string]bool{}
		for _, id := range ids {
			c.Tenants[strings.ToLower(id)] = true
		}
	}
	if !b.Has("seats_from") && !b.Has("seats_to") && !b.Has("industry") && !b.Has("tenants") {
		b.LabelProblem("Nothing in common", "Say which tenants are in it: give it seats_from and seats_to, an industry, or tenants.")
	}
	return c
}

func band(b *literal.Block) *Band {
	if !b.Has("seats_from") && !b.Has("seats_to") {
		return nil
	}
	from, _ := b.Count("seats_from", 0, maxSeats)
	to, bounded := b.Count("seats_to", 1, maxSeats)
	if bounded && to < from {
		b.Problem("seats_to", "Invalid seats_to", "It is %d, and less than seats_from, which is %d.", to, from)
	}
	return &Band{From: from, To: to}
}

func industry(b *literal.Block) string {
	text := b.Text("industry", maxTitle)
	if text != "" && !word.MatchString(text) {
		b.Problem("industry", "Invalid industry", "It has up to 60 lower case letters, digits, hyphens and underscores: %.60q is not so.", text)
	}
	return text
}

func (d *Definitions) tenants(blocks []*literal.Block) {
	for _, b := range blocks {
		id := strings.ToLower(b.Label)
		if _, ok := d.Tenants[id]; ok {
			b.LabelProblem("Duplicate tenant", "The tenant %.60q stands in the file already, in another case: merge the two blocks.", b.Label)
		}
		seats, _ := b.Count("seats", 0, maxSeats)
		d.Tenants[id] = Profile{Seats: seats, Industry: industry(b)}
	}
}

// kind returns what the tenants of a cohort have in common, if it can be said in one word.
func (d *Definition) kind() Kind {
	switch {
	case d.ID == AllID:
		return All
	case d.Seats != nil && d.Industry == "" && d.Tenants == nil && d.Parent == AllID:
		return BySeats
	case d.Industry != "" && d.Seats == nil && d.Tenants == nil && d.Parent == AllID:
		return Industry
	}
	return Custom
}

// holds reports whether a tenant of the parent is in the cohort. A tenant whose seats are not known is in no seat band.
func (d *Definition) holds(id string, p Profile) bool {
	return (d.Seats == nil || p.Seats > 0 && d.Seats.Holds(p.Seats)) &&
		(d.Industry == "" || d.Industry == p.Industry) &&
		(d.Tenants == nil || d.Tenants[id])
}
