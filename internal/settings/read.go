package settings

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/posture-score/posture/internal/atomicfile"
	"github.com/posture-score/posture/internal/hcledit"
	"github.com/posture-score/posture/internal/inputfile"
	"github.com/posture-score/posture/internal/literal"
	"github.com/posture-score/posture/internal/suggest"
	"github.com/posture-score/posture/internal/textlimit"
)

// Bounds of what a file says.
const (
	maxName  = 200  // characters of a name
	maxPath  = 4096 // characters of a path or URL
	maxSeats = 100_000_000

	maxCatalogs = 100
	maxTop      = 1_000_000 // actions
)

// Read reads the text of a file. The error is a [*diag.Problems] with all that is wrong. Paths are taken from the folder of the file.
func Read(path string, text []byte) (*Settings, error) {
	file := literal.Read(path, text)
	s := read(file, path)
	if err := file.Err(); err != nil {
		return nil, err
	}
	return s, nil
}

// parse opens the blocks of a file, by their names; the file itself has none. A block that is absent is nil.
func parse(file *literal.File) map[string]*literal.Block {
	body := file.Body(literal.Shape{
		Attributes: []string{"store", "keep", "catalog_key", "catalogs", "parameters", "register"},
		Blocks:     []string{blockTenant, blockOrganization, BlockZones, BlockGoal, BlockComparison, "gates", "output"},
	})
	body.Belong(blocksOf())
	return map[string]*literal.Block{
		"":              body,
		blockTenant:     tenant(body),
		BlockZones:      body.Block(BlockZones, changeable("good", "okay", "bad")...),
		BlockGoal:       body.Block(BlockGoal, changeable(goalFields()...)...),
		BlockComparison: body.Block(BlockComparison, changeable(comparisonFields()...)...),
		"gates":         body.Block("gates", gatesFields()...),
		"output":        body.Block("output", "color", "format", "top", "width"),
	}
}

// read reads the values. Where something is wrong with the file they are of no use.
func read(file *literal.File, name string) *Settings {
	dir, blocks := filepath.Dir(name), parse(file)
	body := blocks[""]
	s := &Settings{
		Path:         name,
		Organization: organization(blocks[blockTenant]),
		Store:        store(body, "store", dir),
		CatalogKey:   filePath(body, "catalog_key", dir),
		Keep:         keep(body),
		Gates:        gates(blocks["gates"], dir),
		Zones:        zones(blocks[BlockZones]),
		Goal:         goal(blocks[BlockGoal]),
		Comparison:   comparison(blocks[BlockComparison], dir),
	}
	for _, kind := range []string{BlockZones, BlockGoal, BlockComparison} {
		s.changed(kind, blocks[kind])
	}
	filePath(body, "parameters", dir)
	filePath(body, "register", dir)
	for i, text := range body.Texts("catalogs", maxCatalogs, maxPath) {
		checkPath(text, func(detail string) { body.ItemProblem("catalogs", i, "Invalid catalogs", "%s", detail) })
	}
	output(blocks["output"])
	s.Values = values(blocks, dir)
	return s
}

// values returns what the file says of each option.
func values(blocks map[string]*literal.Block, dir string) map[string]Value {
	var found map[string]Value
	for _, o := range Options() {
		kind, name := place(o.Name)
		b := blocks[kind]
		if b == nil || !b.Has(name) {
			continue
		}
		texts, line := b.Given(name)
		for i, text := range texts {
			if o.isPath(text) {
				texts[i] = from(dir, text)
			}
		}
		if found == nil {
			found = map[string]Value{}
		}
		found[o.Name] = Value{texts, line}
	}
	return found
}

// blocksOf returns the blocks of attributes that only one block has.
func blocksOf() map[string]string {
	blocks := map[string]string{}
	for _, o := range Options() {
		block, name := place(o.Name)
		if _, twice := blocks[name]; twice {
			block = ""
		}
		blocks[name] = block
	}
	return blocks
}

// place returns the block and the attribute of an option.
func place(option string) (block, attribute string) {
	if block, attribute, found := strings.Cut(option, "."); found {
		return block, attribute
	}
	return "", option
}

// changeable returns the attributes of a block that also says who changed it.
func changeable(names ...string) []string { return append(names, hcledit.ChangedBy, hcledit.ChangedAt) }

// changed notes who changed a block.
func (s *Settings) changed(kind string, b *literal.Block) {
	if b == nil {
		return
	}
	if change := (Change{By: b.Text(hcledit.ChangedBy, maxName), At: b.Time(hcledit.ChangedAt)}); change != (Change{}) {
		if s.Changes == nil {
			s.Changes = map[string]Change{}
		}
		s.Changes[kind] = change
	}
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

// The blocks that say who the file is about: the second name is the one that it had first.
const (
	blockTenant       = "tenant"
	blockOrganization = "organization"
)

// tenant returns the block that says who the file is about.
func tenant(body *literal.Block) *literal.Block {
	b, old := body.Block(blockTenant, "id", "name", "industry", "seats"), body.Block(blockOrganization, "name", "industry", "seats")
	switch {
	case b == nil:
		return old
	case old != nil:
		old.Problem("", "Duplicate block", "The block tenant says the same: merge the two.")
	}
	return b
}

func organization(b *literal.Block) Organization {
	if b == nil {
		return Organization{}
	}
	id := b.Text("id", maxName)
	if strings.ContainsAny(id, "=,") {
		b.Problem("id", "Invalid id", "It is the id of a tenant, such as 8c5d1f8e-0f3a-4c86-9a0e-2b8a4b8d6f01; its name is the attribute name.")
	}
	seats, _ := b.Count("seats", 1, maxSeats)
	return Organization{ID: id, Name: b.Text("name", maxName), Industry: word(b, "industry"), Seats: seats}
}

// store reads an attribute that says where a history is kept.
func store(b *literal.Block, name, dir string) string {
	text := b.Text(name, maxPath)
	scheme, _, isURL := strings.Cut(text, "://")
	if !NoPath(text) {
		return filePath(b, name, dir)
	}
	b.Conceal(name) // it may hold a password
	if !isURL {
		b.Problem(name, "Invalid "+name, "It is a path, or a URL such as postgres://db.contoso.example/posture.")
		return ""
	}
	address, err := url.Parse(text)
	switch {
	case !slices.Contains([]string{"postgres", "postgresql"}, scheme):
		b.Problem(name, "Invalid "+name, "It is a path, or a URL such as postgres://db.contoso.example/posture.%s", suggest.Hint(scheme, []string{"postgres", "postgresql"}))
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

// filePath reads an attribute that is a path, and returns it as it is from where the program runs.
func filePath(b *literal.Block, name, dir string) string {
	text := b.Text(name, maxPath)
	checkPath(text, func(detail string) { b.Problem(name, "Invalid "+name, "%s", detail) })
	return from(dir, text)
}

// checkPath tells what a file must not have as a path: what only a shell understands, and what makes Windows sign in at another machine.
func checkPath(text string, problem func(detail string)) {
	switch {
	case text == "~" || strings.HasPrefix(text, "~/"):
		problem("Nothing in this file is expanded, and ~ is the name of a folder: write a path from the folder of this file, or the whole path.")
	case remotePath.MatchString(text):
		problem("It is a path of another machine: a file that a program finds must not make it sign in there. Name it by a flag or in the environment.")
	}
}

// remotePath matches the path of a share, or of a device, of Windows.
var remotePath = regexp.MustCompile(`^[/\\]{2}`)

// output checks how pages are to be printed. Which formats there are, commands know.
func output(b *literal.Block) {
	if b == nil {
		return
	}
	if format := b.Text("format", maxName); strings.HasPrefix(format, "template=") {
		b.Problem("format", "Invalid format", "A template is a file that is named by whoever runs the program: give --format %s.", format)
	}
	if color := b.Text("color", maxName); color != "" && !slices.Contains(Colors(), color) {
		b.Problem("color", "Invalid color", "It is one of %s.%s", strings.Join(Colors(), ", "), suggest.Hint(color, Colors()))
	}
	if top, _ := b.Given("top"); !slices.Equal(top, []string{"all"}) {
		b.Count("top", 1, maxTop)
	}
	b.Count("width", MinWidth, MaxWidth)
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
		c.Benchmark = filePath(b, "benchmark", dir)
	}
	return c
}

// Mistake is what shows to be wrong with an option when its value is used.
type Mistake struct {
	Option          string
	Item            int // of a list
	Summary, Detail string
}

// Mistaken returns mistakes as an error with their places in the file, or nil without any.
func (s *Settings) Mistaken(list []Mistake) error {
	if len(list) == 0 {
		return nil
	}
	text, err := inputfile.ReadFile(s.Path, textlimit.MaxHCLBytes)
	if err != nil {
		return fmt.Errorf("reading the settings %s: %w", s.Path, atomicfile.Bare(err))
	}
	file := literal.Read(s.Path, text)
	blocks := parse(file)
	for _, m := range list {
		block, name := place(m.Option)
		if b := blocks[block]; b != nil {
			b.ItemProblem(name, m.Item, m.Summary, "%s", m.Detail)
		}
	}
	if err := file.Err(); err != nil {
		return err
	}
	return errors.New(list[0].Detail) // the file is another one by now
}
