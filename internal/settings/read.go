package settings

import (
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/posture-score/posture/internal/hcledit"
	"github.com/posture-score/posture/internal/literal"
)

// Bounds of what a file says.
const (
	maxName  = 200  // characters of a name
	maxPath  = 4096 // characters of a path or URL
	maxSeats = 100_000_000
)

// Read reads the text of a file. The error is a [*diag.Problems] with all that is wrong. Paths are taken from the folder of the file.
func Read(path string, text []byte) (*Settings, error) {
	file := literal.Read(path, text)
	body := file.Body(literal.Shape{
		Attributes: []string{"store", "keep", "catalog_key"},
		Blocks:     []string{"organization", "zones", "goal", "comparison", "gates"},
	})
	s := &Settings{
		Path:         path,
		Organization: organization(body.Block("organization", "name", "industry", "seats")),
		Store:        store(body, "store", filepath.Dir(path)),
		CatalogKey:   from(filepath.Dir(path), body.Text("catalog_key", maxPath)),
		Keep:         keep(body),
		Gates:        gates(body.Block("gates", gatesFields()...), filepath.Dir(path)),
	}
	s.Zones = zones(s.changed(BlockZones, body.Block(BlockZones, changeable("good", "okay", "bad")...)))
	s.Goal = goal(s.changed(BlockGoal, body.Block(BlockGoal, changeable(goalFields()...)...)))
	s.Comparison = comparison(s.changed(BlockComparison, body.Block(BlockComparison, changeable(comparisonFields()...)...)), filepath.Dir(path))
	if err := file.Err(); err != nil {
		return nil, err
	}
	return s, nil
}

// changeable returns the attributes of a block that also says who changed it.
func changeable(names ...string) []string { return append(names, hcledit.ChangedBy, hcledit.ChangedAt) }

// changed notes who changed a block, and returns it.
func (s *Settings) changed(kind string, b *literal.Block) *literal.Block {
	if b == nil {
		return nil
	}
	if change := (Change{By: b.Text(hcledit.ChangedBy, maxName), At: b.Time(hcledit.ChangedAt)}); change != (Change{}) {
		if s.Changes == nil {
			s.Changes = map[string]Change{}
		}
		s.Changes[kind] = change
	}
	return b
}

// Word is what an industry or the id of a cohort looks like.
var Word = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,59}$`)

// word reads an attribute that is such a word.
func word(b *literal.Block, name string) string {
	text := b.Text(name, maxName)
	if text == "" || Word.MatchString(text) {
		return text
	}
	b.Problem(name, "Invalid "+name, "It has up to 60 lower case letters, digits, hyphens and underscores: %.60q is not so.", text)
	return ""
}

func organization(b *literal.Block) Organization {
	if b == nil {
		return Organization{}
	}
	seats, _ := b.Count("seats", 1, maxSeats)
	return Organization{Name: b.Text("name", maxName), Industry: word(b, "industry"), Seats: seats}
}

// store reads an attribute that says where a history is kept.
func store(b *literal.Block, name, dir string) string {
	text := b.Text(name, maxPath)
	scheme, _, isURL := strings.Cut(text, "://")
	if !NoPath(text) {
		return from(dir, text)
	}
	b.Conceal(name) // it may hold a password
	if !isURL {
		b.Problem(name, "Invalid "+name, "It is a path, or a URL such as postgres://db.contoso.example/posture.")
		return ""
	}
	address, err := url.Parse(text)
	switch {
	case !slices.Contains([]string{"postgres", "postgresql"}, scheme):
		b.Problem(name, "Invalid "+name, "It is a path, or a URL such as postgres://db.contoso.example/posture.%s", literal.Suggest(scheme, []string{"postgres", "postgresql"}))
	case err != nil:
		b.Problem(name, "Invalid "+name, "The URL can't be read: write it as postgres://db.contoso.example/posture.")
	case secret(address):
		b.Problem(name, "Password in a file", "Settings are read by many: leave the password to the environment variable PGPASSWORD, or to a file that PGPASSFILE names.")
	default:
		return text
	}
	return ""
}

// secret reports whether a URL has a password.
func secret(address *url.URL) bool {
	_, given := address.User.Password()
	return given || address.Query().Has("password") || address.Query().Has("sslpassword")
}

// from returns a path as it is from where the program runs, if it is written as from a folder.
func from(dir, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, filepath.FromSlash(path))
}

func keep(b *literal.Block) Keep {
	text := b.Text("keep", maxName)
	if text == "" {
		return nil
	}
	rules, err := ParseKeep(text)
	if err != nil {
		b.Problem("keep", "Invalid keep", "%s.", err)
	}
	return rules
}

func zones(b *literal.Block) *Zones {
	if b == nil {
		return nil
	}
	if b.Has("bad") {
		b.Problem("bad", "Nothing to set", "Bad is what is below okay: leave it out.")
	}
	b.Require("A zone begins at a percentage.", "good", "okay")
	good, isGood := b.Percent("good")
	okay, isOkay := b.Percent("okay")
	if isGood && isOkay && okay >= good {
		b.Problem("okay", "Invalid okay", "Okay begins at %s%%, and has to begin below good, at %s%%.", okay, good)
	}
	return &Zones{Good: good, Okay: okay}
}

func goal(b *literal.Block) *Goal {
	if b == nil {
		return nil
	}
	b.Require("A goal is a score to reach.", "percent")
	percent, _ := b.Percent("percent")
	return &Goal{Percent: percent, By: b.Date("by")}
}

func comparison(b *literal.Block, dir string) *Comparison {
	if b == nil {
		return nil
	}
	b.Require("A comparison is with the cohorts of a benchmark.", "benchmark")
	c := &Comparison{Name: b.Text("name", maxName), Benchmark: b.Text("benchmark", maxPath), Cohort: word(b, "cohort")}
	c.BenchmarkAt, c.CohortAt = b.Place("benchmark"), b.Place("cohort")
	if c.Benchmark != Microsoft {
		c.Benchmark = from(dir, c.Benchmark)
	}
	return c
}
