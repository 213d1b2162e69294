package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/report"
	"github.com/posture-score/posture/internal/settings"
	"github.com/spf13/pflag"
)

// sources has every option in posture.hcl, in the environment, and as a flag. What a flag takes from the file is asked of the settings where
// it is empty.
var sources = map[string]struct{ file, fromFile, variable, flag string }{
	"tenant.id":              {`"one"`, "one", "two", "three"},
	"catalogs":               {`["one", "more"]`, "[one,more]", "two", "three"},
	"catalog_key":            {`"key.pub"`, "", "two", "three"},
	"parameters":             {`"one.hcl"`, "one.hcl", "two", "three"},
	"register":               {`"one.hcl"`, "one.hcl", "two", "three"},
	"store":                  {`"one.db"`, "", "two", "three"},
	"keep":                   {`"daily:1"`, "", "daily:2", "daily:3"},
	"comparison.benchmark":   {`"microsoft"`, "", "two", "three"},
	"comparison.cohort":      {`"one"`, "", "two", "three"},
	"gates.fail_under":       {`["1"]`, "", "2", "3"},
	"gates.fail_on":          {`["expired"]`, "", "warning", "error"},
	"gates.baseline":         {`"one.json"`, "", "two", "three"},
	"gates.baseline_age":     {`"1d"`, "", "2d", "3d"},
	"gates.max_age":          {`"1d"`, "", "2d", "3d"},
	"gates.require_assessed": {"1", "", "2", "3"},
	"gates.confirm":          {"2", "", "3", "4"},
	"gates.warn_only":        {"true", "", "true", "false"},
	"gates.known_missing":    {`["one"]`, "", "two", "three"},
	"output.color":           {`"always"`, "always", "never", "auto"},
	"output.top":             {`"all"`, "all", "2", "3"},
	"output.width":           {"100", "", "110", ""},
	"output.format":          {`"json"`, "json", "csv", "markdown"},
}

// writeSources writes a posture.hcl with every option of sources, and what it names.
func writeSources(t *testing.T) {
	t.Helper()
	for _, name := range []string{"one", "more", "one.hcl", "key.pub"} {
		must.Do(t, os.WriteFile(name, nil, 0o600))
	}
	var text strings.Builder
	blocks := map[string][]string{}
	for _, o := range settings.Options() {
		source, ok := sources[o.Name]
		if !ok {
			continue
		}
		if block, name, inBlock := strings.Cut(o.Name, "."); inBlock {
			blocks[block] = append(blocks[block], name+" = "+source.file)
		} else {
			text.WriteString(o.Name + " = " + source.file + "\n")
		}
	}
	for _, block := range []string{"tenant", "comparison", "gates", "output"} {
		text.WriteString(block + " {\n" + strings.Join(blocks[block], "\n") + "\n}\n")
	}
	must.Do(t, os.WriteFile(settings.Name, []byte(text.String()), 0o600))
}

// TestPrecedence runs what comes before every command: the command line before the environment, before posture.hcl, before the default.
func TestPrecedence(t *testing.T) {
	t.Chdir(t.TempDir())
	writeSources(t)
	for _, path := range commandPaths() {
		check(t, path, "file", nil, func(o settings.Option, usual string) string {
			if fromFile := sources[o.Name].fromFile; fromFile != "" {
				return fromFile
			}
			return usual
		})
	}
	for _, o := range settings.Options() {
		if o.Variable != "" {
			t.Setenv(o.Variable, sources[o.Name].variable)
		}
	}
	for _, path := range commandPaths() {
		check(t, path, "environment", nil, func(o settings.Option, _ string) string { return sources[o.Name].variable })
		check(t, path, "flag", func(o settings.Option) string { return sources[o.Name].flag }, func(o settings.Option, _ string) string { return sources[o.Name].flag })
	}
}

// commandPaths returns the arguments that lead to each command that takes settings.
func commandPaths() [][]string {
	var paths [][]string
	for _, cmd := range tree() {
		if own, _ := optionsOf(cmd); cmd.Annotations[settingsUse] != unused && len(own) > 0 {
			paths = append(paths, strings.Fields(cmd.CommandPath())[1:])
		}
	}
	return paths
}

// check configures a command with some flags, and compares the values of all.
func check(t *testing.T, path []string, name string, given func(settings.Option) string, want func(o settings.Option, usual string) string) {
	t.Helper()
	silent := terminal{err: new(bytes.Buffer), look: new(look)}
	cmd := must.Get(first(newRoot(silent).Find(path)))(t)
	cmd.SetContext(t.Context())
	own, inherited := optionsOf(cmd)
	options := slices.Concat(own, inherited)
	for _, o := range options {
		if given != nil {
			must.Do(t, cmd.ParseFlags([]string{"--" + o.Flag + "=" + fitting(cmd.Flags().Lookup(o.Flag), given(o))}))
		}
	}
	must.Do(t, silent.configure(cmd))
	for _, o := range options {
		flag := cmd.Flags().Lookup(o.Flag)
		got := flag.Value.String()
		if wanted := fitting(flag, want(o, flag.DefValue)); strings.Trim(got, "[]") != strings.Trim(wanted, "[]") {
			t.Errorf("%s: --%s is %s by the %s, want %s", strings.Join(path, " "), o.Flag, got, name, wanted)
		}
		expect.Equalf(t, given != nil, typed(cmd.Flags(), o.Flag), "%v: --%s is typed", path, o.Flag)
	}
}

// fitting returns a value, or the default of a flag that takes other words.
func fitting(flag *pflag.Flag, value string) string {
	if words, ok := flag.Value.(*choice); ok && !isChoice(value, words.words) {
		return flag.DefValue
	}
	return value
}

func first[T, U any](value T, _ U, err error) (T, error) { return value, err }

// TestEmptyFlags takes away what the file says, also of what commands ask the settings for, and when a server reads the file again.
func TestEmptyFlags(t *testing.T) {
	t.Chdir(t.TempDir())
	writeSources(t)
	silent := terminal{err: new(bytes.Buffer), look: new(look)}
	cmd := must.Get(first(newRoot(silent).Find([]string{"serve"})))(t)
	cmd.SetContext(t.Context())
	must.Do(t, cmd.ParseFlags([]string{"--catalog=", "--catalog-key=", "--store=", "--benchmark=", "--register="}))
	must.Do(t, silent.configure(cmd))
	c := configured(cmd.Context())
	for _, s := range []*settings.Settings{c.settings, must.Get(c.near("")())(t)} {
		expect.Equal(t, "", s.Store+s.CatalogKey)
		expect.Equal(t, (*settings.Comparison)(nil), s.Comparison)
		expect.Equalf(t, "one", s.Organization.ID, "what no flag takes away")
	}
	expect.Equal(t, "[]", cmd.Flags().Lookup("catalog").Value.String())
	expect.Equal(t, "", cmd.Flags().Lookup("register").Value.String())
}

// TestColors has the words of output.color: those of --color.
func TestColors(t *testing.T) {
	t.Parallel()
	words := newRoot(terminal{}).PersistentFlags().Lookup("color").Value.(*choice).words
	expect.Equal(t, slices.Sorted(slices.Values(words)), slices.Sorted(slices.Values(settings.Colors())))
}

// TestWidth takes the columns of tables from the environment before the file, also in a command that reads no file.
func TestWidth(t *testing.T) {
	t.Chdir(t.TempDir())
	writeSources(t)
	for _, test := range []struct {
		command, variable string
		want              int
	}{{"assess", "", 100}, {"assess", "110", 110}, {"version", "", 0}, {"version", "110", 110}} {
		t.Setenv("POSTURE_WIDTH", test.variable)
		silent := terminal{err: new(bytes.Buffer), look: new(look)}
		cmd := must.Get(first(newRoot(silent).Find([]string{test.command})))(t)
		cmd.SetContext(t.Context())
		must.Do(t, silent.configure(cmd))
		expect.Equalf(t, test.want, silent.look.columns, "%s with %q", test.command, test.variable)
	}
	t.Setenv("POSTURE_WIDTH", "wide")
	if err := (terminal{look: new(look)}).applyWidth(&configuration{settings: &settings.Settings{}}); err == nil {
		t.Error("a width that is no number is taken")
	}
}

// TestDefaults holds the defaults that are shown to those of flags.
func TestDefaults(t *testing.T) {
	t.Parallel()
	for _, cmd := range tree() {
		own, inherited := optionsOf(cmd)
		for _, o := range append(own, inherited...) {
			usual := cmd.Flags().Lookup(o.Flag).DefValue
			if usual == "" || usual == "[]" || o.Flag == formatFlag || cmd.Annotations[settingsUse] == unused {
				continue
			}
			expect.Equalf(t, usual, o.Default, "%s --%s", cmd.CommandPath(), o.Flag)
		}
	}
}

// TestSourceKinds has a value from each kind of place on the page.
func TestSourceKinds(t *testing.T) {
	t.Chdir(t.TempDir())
	must.Do(t, os.WriteFile(settings.Name, []byte("register = \"decisions.hcl\"\n"), 0o600))
	t.Setenv("POSTURE_PARAMETERS", "p.hcl")
	t.Setenv("POSTURE_STORE", "") // as where a secret is missing: the same as none
	c := must.Get(findConfiguration(nil))(t)
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.StringArray("catalog", nil, "")
	must.Do(t, flags.Parse([]string{"--catalog", "a", "--catalog", "b"}))
	want := map[string]report.Setting{
		"catalogs":   {Name: "catalogs", Values: []string{"a", "b"}, List: true, Kind: report.FromFlag, Source: "--catalog", Flag: "catalog", Variable: "POSTURE_CATALOG"},
		"parameters": {Name: "parameters", Values: []string{"p.hcl"}, Kind: report.FromVariable, Source: "POSTURE_PARAMETERS", Flag: "parameters", Variable: "POSTURE_PARAMETERS"},
		"register":   {Name: "register", Values: []string{"decisions.hcl"}, Kind: report.FromFile, Source: "posture.hcl:1", Flag: "register", Variable: "POSTURE_REGISTER"},
		"store":      {Name: "store", Values: []string{"posture.db beside the register"}, Kind: report.FromDefault, Flag: "store", Variable: "POSTURE_STORE"},
	}
	for _, s := range c.page(flags).Settings {
		if expected, ok := want[s.Name]; ok {
			expect.Equal(t, expected, s)
			delete(want, s.Name)
		}
	}
	expect.Equal(t, 0, len(want))
}

// TestHistoryBesideRegister keeps the history beside the register that is configured, also in commands that have no flag for it.
func TestHistoryBesideRegister(t *testing.T) {
	t.Parallel()
	c := &configuration{settings: must.Get(settings.Read(settings.Name, []byte(`register = "decisions/register.hcl"`)))(t)}
	expect.Equal(t, filepath.Join("decisions", "register.hcl"), c.register())
}
