package settings

import (
	"slices"
	"strings"

	"github.com/posture-score/posture/internal/suggest"
)

// Prefix is what the names of the environment variables of options begin with.
const Prefix = "POSTURE_"

// FileVariable is the environment variable that names the file; an empty value, or [None], is none.
const FileVariable = Prefix + "CONFIG"

// None stands for no file.
const None = "none"

// Option is a setting. A flag comes before its environment variable, which comes before the file, which comes before the default.
type Option struct {
	Name     string   // the attribute in the file, with its block, as in output.format
	Flag     string   // without hyphens; empty if none says the same
	Same     []string // flags that say the same in another way
	Variable string   // of the environment; empty if none says the same
	Default  string   // as people read it; empty for nothing
	Doc      string
	List     List
	Secret   bool // the value may be a URL with a password in it
	Path     bool // the value, or each of a list, is the path of what has to be there
	Live     bool // commands ask the settings for it as they need it: the file has more to say of it than the flag
}

// List says how an environment variable has several values.
type List int

// The kinds of lists.
const (
	Single List = iota // one value
	Commas             // values with commas between them
	Paths              // as in PATH: with colons between them, and semicolons on Windows
)

// Options returns every option, in the order in which they are described.
func Options() []Option {
	return slices.Concat(inputOptions(), comparisonOptions(), gateOptions(), outputOptions())
}

func inputOptions() []Option {
	return []Option{
		{Name: "tenant.id", Flag: "tenant", Variable: Prefix + "TENANT", Doc: "the id of the tenant: of evidence that does not name it, and of a history that has several. Evidence of another tenant is an error"},
		{Name: "tenant.name", Doc: "the name of the organization, up to 200 characters"},
		{Name: "tenant.industry", Doc: "a word of lower case letters, digits, hyphens and underscores; it chooses cohorts of a benchmark"},
		{Name: "tenant.seats", Doc: "how many users have a license; it chooses cohorts of a benchmark"},
		{Name: "catalogs", Flag: "catalog", Variable: Prefix + "CATALOG", List: Paths, Path: true, Doc: "folders and .tar.gz files with controls, on top of the built-in ones"},
		{Name: "catalog_key", Flag: "catalog-key", Variable: Prefix + "CATALOG_KEY", Path: true, Live: true, Doc: "the public key that signs catalogs: those of catalogs have to be bundles that it signed"},
		{Name: "parameters", Flag: "parameters", Variable: Prefix + "PARAMETERS", Path: true, Doc: "a file of parameters of controls"},
		{Name: "register", Flag: "register", Variable: Prefix + "REGISTER", Default: "register.hcl", Doc: "the register of decisions"},
		{Name: "store", Flag: "store", Variable: Prefix + "STORE", Secret: true, Live: true, Default: "posture.db beside the register", Doc: "where the history is kept: a path, or the URL of a PostgreSQL database"},
		{Name: "keep", Flag: "keep", Variable: Prefix + "KEEP", Live: true, Doc: "which entries `posture history prune` keeps, as in daily:90,weekly:52,monthly:*"},
	}
}

func comparisonOptions() []Option {
	return []Option{
		{Name: "comparison.benchmark", Flag: "benchmark", Variable: Prefix + "BENCHMARK", Live: true, Doc: "whom to compare with: a file, or the word microsoft for the averages that come along"},
		{Name: "comparison.cohort", Flag: "cohort", Variable: Prefix + "COHORT", Live: true, Doc: "the id of a cohort of it; none for those that industry and seats choose"},
		{Name: "comparison.name", Doc: "what reports call the cohort"},
		{Name: "zones.good", Doc: "the percentage from which a score is good"},
		{Name: "zones.okay", Doc: "the percentage from which a score is okay; below it is bad"},
		{Name: "goal.percent", Doc: "the score to reach"},
		{Name: "goal.by", Doc: "the day by which to reach it"},
	}
}

func gateOptions() []Option {
	return []Option{
		{Name: "gates.fail_under", Flag: "fail-under", Same: []string{"threshold"}, Variable: Prefix + "FAIL_UNDER", List: Commas, Live: true, Doc: "least scores, in total or of a part"},
		{Name: "gates.fail_on", Flag: "fail-on", Variable: Prefix + "FAIL_ON", List: Commas, Live: true, Doc: "events that fail"},
		{Name: "gates.baseline", Flag: "baseline", Variable: Prefix + "BASELINE", Secret: true, Live: true, Doc: "what to compare with: a saved assessment, or a store"},
		{Name: "gates.baseline_age", Flag: "baseline-age", Variable: Prefix + "BASELINE_AGE", Live: true, Default: "30d", Doc: "from which age of the baseline on there is a warning"},
		{Name: "gates.max_age", Flag: "max-age", Variable: Prefix + "MAX_AGE", Live: true, Doc: "how old the evidence may be"},
		{Name: "gates.require_assessed", Flag: "require-assessed", Variable: Prefix + "REQUIRE_ASSESSED", Live: true, Doc: "for which part of the points evidence has to be enough, in percent"},
		{Name: "gates.confirm", Flag: "confirm", Variable: Prefix + "CONFIRM", Live: true, Default: "1", Doc: "in how many assessments in a row a regression has to be"},
		{Name: "gates.warn_only", Flag: "warn-only", Variable: Prefix + "WARN_ONLY", Live: true, Default: "false", Doc: "report, and fail nothing"},
		{Name: "gates.known_missing", Flag: "known-missing", Variable: Prefix + "KNOWN_MISSING", List: Commas, Live: true, Doc: "datasets that are known to be missing"},
	}
}

func outputOptions() []Option {
	return []Option{
		{Name: "output.color", Flag: "color", Variable: Prefix + "COLOR", Default: "auto", Doc: "whether text is colored: auto, always or never"},
		{Name: "output.format", Flag: "format", Same: []string{"quiet"}, Variable: Prefix + "FORMAT", Default: "the first of each command", Doc: "the format of pages, in commands that have it"},
		{Name: "output.top", Flag: "top", Same: []string{"all", "quiet"}, Variable: Prefix + "TOP", Default: "10", Doc: "how many actions `posture assess` prints that come next, or all"},
		{Name: "output.width", Variable: Prefix + "WIDTH", Default: "those of the terminal", Doc: "the columns of tables"},
	}
}

// Bounds of output.width: narrower tables hold nothing, and wider ones are of no screen.
const (
	MinWidth = 20
	MaxWidth = 1000
)

// Colors returns the words of output.color.
func Colors() []string { return []string{"auto", "always", "never"} }

// isPath reports whether a value of the option in the file is a path.
func (o Option) isPath(text string) bool {
	switch o.Name {
	case "register":
		return true
	case "store", "gates.baseline":
		return !NoPath(text)
	case "comparison.benchmark":
		return text != Microsoft
	}
	return o.Path
}

// Value is what the file says of an option.
type Value struct {
	Texts []string // as the flag takes them; several for a list. Paths are from where the program runs
	Line  int
}

// Drop takes away what the file says of an option that commands ask the settings for, but for gates: those are judged by flags first.
func (s *Settings) Drop(option string) {
	switch option {
	case "store":
		s.Store = ""
	case "keep":
		s.Keep = nil
	case "catalog_key":
		s.CatalogKey = ""
	case "comparison.benchmark":
		s.Comparison = nil
	case "comparison.cohort":
		if s.Comparison != nil {
			s.Comparison.Cohort, s.Comparison.CohortAt, s.Comparison.Name = "", "", ""
		}
	}
}

// Unknown returns the environment variables with a value, in order, that look like those of options and are none, and the nearest one for each, or "".
// Others that have a meaning are named.
func Unknown(environment, others []string) []Misnomer {
	known := append(slices.Clone(others), FileVariable)
	for _, o := range Options() {
		if o.Variable != "" {
			known = append(known, o.Variable)
		}
	}
	slices.Sort(known)
	var found []Misnomer
	for _, entry := range environment {
		name, value, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, Prefix) || value == "" || slices.Contains(known, name) {
			continue
		}
		near := ""
		if part := suggest.Nearest(strings.TrimPrefix(name, Prefix), trimmed(known)); part != "" {
			near = Prefix + part
		}
		found = append(found, Misnomer{name, near})
	}
	slices.SortFunc(found, func(a, b Misnomer) int { return strings.Compare(a.Name, b.Name) })
	return found
}

// Misnomer is a variable that no option has.
type Misnomer struct{ Name, Near string }

func trimmed(names []string) []string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = strings.TrimPrefix(name, Prefix)
	}
	return list
}
