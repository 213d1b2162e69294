package settings

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/diag"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// everything has every attribute of every block once.
const everything = `catalogs    = ["our", "/srv/more.tar.gz"]
catalog_key = "key.pub"
parameters  = "parameters.hcl"
register    = "decisions/register.hcl"
store       = "postgres://db.contoso.example/posture"
keep        = "daily:90"

tenant {
  id       = "14d2afb5-4883-4247-84ff-219e72010db8"
  name     = "Contoso Ltd"
  industry = "manufacturing"
  seats    = 60
}

comparison {
  benchmark = "microsoft"
  cohort    = "all"
  name      = "Everybody"
}

zones {
  good = 80
  okay = 62.5
}

goal {
  percent = 80
  by      = "2026-12-31"
}

gates {
  fail_under       = ["70", "identity=80"]
  fail_on          = ["expired"]
  baseline         = "main.json"
  baseline_age     = "2w"
  max_age          = "48h"
  require_assessed = 90
  confirm          = 2
  warn_only        = true
  known_missing    = ["teams.meeting_policies"]
}

output {
  format = "markdown"
  color  = "never"
  top    = 20
  width  = 100
}
`

// TestValues has every option in a file: as its flag takes it, with its line, paths from where the program runs.
func TestValues(t *testing.T) {
	t.Parallel()
	got := must.Get(Read(filepath.Join("org", Name), []byte(everything)))(t)
	in := func(name string) string { return filepath.Join("org", filepath.FromSlash(name)) }
	want := map[string]Value{
		"catalogs":               {[]string{in("our"), "/srv/more.tar.gz"}, 1},
		"catalog_key":            {[]string{in("key.pub")}, 2},
		"parameters":             {[]string{in("parameters.hcl")}, 3},
		"register":               {[]string{in("decisions/register.hcl")}, 4},
		"store":                  {[]string{"postgres://db.contoso.example/posture"}, 5},
		"keep":                   {[]string{"daily:90"}, 6},
		"tenant.id":              {[]string{"14d2afb5-4883-4247-84ff-219e72010db8"}, 9},
		"tenant.name":            {[]string{"Contoso Ltd"}, 10},
		"tenant.industry":        {[]string{"manufacturing"}, 11},
		"tenant.seats":           {[]string{"60"}, 12},
		"comparison.benchmark":   {[]string{"microsoft"}, 16},
		"comparison.cohort":      {[]string{"all"}, 17},
		"comparison.name":        {[]string{"Everybody"}, 18},
		"zones.good":             {[]string{"80"}, 22},
		"zones.okay":             {[]string{"62.5"}, 23},
		"goal.percent":           {[]string{"80"}, 27},
		"goal.by":                {[]string{"2026-12-31"}, 28},
		"gates.fail_under":       {[]string{"70", "identity=80"}, 32},
		"gates.fail_on":          {[]string{"expired"}, 33},
		"gates.baseline":         {[]string{in("main.json")}, 34},
		"gates.baseline_age":     {[]string{"2w"}, 35},
		"gates.max_age":          {[]string{"48h"}, 36},
		"gates.require_assessed": {[]string{"90"}, 37},
		"gates.confirm":          {[]string{"2"}, 38},
		"gates.warn_only":        {[]string{"true"}, 39},
		"gates.known_missing":    {[]string{"teams.meeting_policies"}, 40},
		"output.format":          {[]string{"markdown"}, 44},
		"output.color":           {[]string{"never"}, 45},
		"output.top":             {[]string{"20"}, 46},
		"output.width":           {[]string{"100"}, 47},
	}
	expect.Equal(t, want, got.Values)
	for _, o := range Options() {
		if _, ok := want[o.Name]; !ok {
			t.Errorf("the option %s is in no file of this test", o.Name)
		}
	}
	expect.Equal(t, Organization{ID: "14d2afb5-4883-4247-84ff-219e72010db8", Name: "Contoso Ltd", Industry: "manufacturing", Seats: 60}, got.Organization)
}

// TestOrganization reads the block tenant by its first name.
func TestOrganization(t *testing.T) {
	t.Parallel()
	got := must.Get(Read(Name, []byte("organization {\n  name = \"Contoso\"\n}\n")))(t)
	expect.Equal(t, Organization{Name: "Contoso"}, got.Organization)
	expect.Equal(t, map[string]Value{"tenant.name": {[]string{"Contoso"}, 2}}, got.Values)
}

// TestOptions holds the names of options together: none twice, and a variable for each flag.
func TestOptions(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, o := range Options() {
		for _, name := range []string{o.Name, "--" + o.Flag, o.Variable} {
			if seen[name] && name != "--" && name != "" {
				t.Errorf("%s stands for two options", name)
			}
			seen[name] = true
		}
		if o.Flag != "" && o.Variable == "" || o.Variable != "" && !strings.HasPrefix(o.Variable, Prefix) {
			t.Errorf("%s has the flag %q and the variable %q", o.Name, o.Flag, o.Variable)
		}
		if o.Doc == "" {
			t.Errorf("%s has no description", o.Name)
		}
	}
}

// TestDrop takes options away one by one, and leaves the others.
func TestDrop(t *testing.T) {
	t.Parallel()
	s := must.Get(Read(Name, []byte(everything)))(t)
	s.Drop("comparison.cohort")
	expect.Equal(t, &Comparison{Benchmark: Microsoft, BenchmarkAt: "posture.hcl line 16, column 15"}, s.Comparison)
	for _, option := range []string{"store", "keep", "catalog_key", "comparison.benchmark", "comparison.cohort", "gates.confirm"} {
		s.Drop(option)
	}
	expect.Equal(t, "", s.Store+s.CatalogKey+s.Keep.String())
	expect.Equal(t, (*Comparison)(nil), s.Comparison)
	expect.Equal(t, 2, s.Gates.Confirm)
}

func TestUnknown(t *testing.T) {
	t.Parallel()
	environment := []string{"PATH=/bin", "POSTURE_STROE=x", "POSTURE_CATALOG=our", "POSTURE_CONFIG=", "POSTURE_IMAGE_OF_ZEBRAS=1", "POSTURE_OTHER=1", "POSTURE_EMPTY=", "posture_store=y"}
	expect.Equal(t, []Misnomer{{Name: "POSTURE_IMAGE_OF_ZEBRAS"}, {Name: "POSTURE_STROE", Near: "POSTURE_STORE"}}, Unknown(environment, []string{"POSTURE_OTHER"}))
}

// TestMistaken gives what shows later the place in the file, also of an item of a list; a file that changed since is no trouble.
func TestMistaken(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), Name)
	must.Do(t, os.WriteFile(path, []byte(everything), 0o600))
	s := must.Get(Open(path))(t)
	expect.Equal(t, nil, s.Mistaken(nil))
	mistakes := []Mistake{{"parameters", 0, "Nothing there", "It is gone."}, {"catalogs", 1, "Nothing there", "It is gone, too."}}
	var problems *diag.Problems
	if err := s.Mistaken(mistakes); !errors.As(err, &problems) {
		t.Fatalf("not problems, but %v", err)
	}
	var places [][2]int
	for _, p := range problems.List() {
		places = append(places, [2]int{p.Line, p.Column})
	}
	expect.Equal(t, [][2]int{{1, 23}, {3, 15}}, places)
	must.Do(t, os.WriteFile(path, nil, 0o600))
	if err := s.Mistaken(mistakes); err == nil {
		t.Error("no mistake once the file is empty")
	}
}
