package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/oci"
	"github.com/posture-score/posture/internal/register"
	"github.com/posture-score/posture/internal/report"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/internal/suggest"
)

// configFlag names the file of settings; oldConfigFlag is its first name.
const (
	configFlag    = "config"
	oldConfigFlag = "settings"
)

// registerConfig adds --config to every command.
func registerConfig(root *cobra.Command) {
	root.PersistentFlags().String(configFlag, "", "take settings from a `FILE` instead of the "+settings.Name+" here or above; "+settings.None+" for no file")
	root.SetGlobalNormalizationFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		if name == oldConfigFlag {
			name = configFlag
		}
		return pflag.NormalizedName(name)
	})
}

// configuration is where settings come from in one run.
type configuration struct {
	settings *settings.Settings
	named    string   // the file that the flag or the environment names; empty if it is looked for
	dropped  []string // options of which an empty flag takes away what the file says
}

type configurationKey struct{}

// configured returns the configuration of a run.
func configured(ctx context.Context) *configuration {
	if found, ok := ctx.Value(configurationKey{}).(*configuration); ok {
		return found
	}
	return &configuration{settings: &settings.Settings{}}
}

// near returns a function that reads the settings again, and those beside a register if there are none here or above: where a page makes them.
func (c *configuration) near(register string) func() (*settings.Settings, error) {
	return func() (*settings.Settings, error) {
		if c.settings.Off {
			return c.settings, nil
		}
		read := func() (*settings.Settings, error) { return settings.LoadNear(".", home(), register) }
		if c.named != "" {
			read = func() (*settings.Settings, error) { return settings.Open(c.named) }
		}
		s, err := read()
		if err == nil {
			c.drop(s)
		}
		return s, err
	}
}

// drop takes away what empty flags do.
func (c *configuration) drop(s *settings.Settings) {
	for _, option := range c.dropped {
		s.Drop(option)
	}
}

// reaches returns an error for a database that a file names which nobody named: a folder from elsewhere must not make the program sign in
// and send assessments to a server of its choice. The option says where it stands.
func (c *configuration) reaches(url, option string) error {
	if !c.settings.Found || !history.Remote(url) {
		return nil
	}
	return fmt.Errorf("%s:%d names the database %s, and the file was found, not named: to connect, name the file (--%s %s, or %s), or the database by --store or %sSTORE",
		c.settings.Path, c.settings.Values[option].Line, history.Shown(url), configFlag, c.settings.Path, settings.FileVariable, settings.Prefix)
}

// home returns the home folder of the user, or "".
func home() string {
	dir, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return dir
}

// findConfiguration reads the file of settings.
func findConfiguration(flag *pflag.Flag) (*configuration, error) {
	name, isNamed := os.LookupEnv(settings.FileVariable)
	if flag != nil && flag.Changed {
		name, isNamed = flag.Value.String(), true
	}
	var c configuration
	var err error
	switch {
	case !isNamed:
		c.settings, err = settings.Load(".", home())
	case name == "" || name == settings.None:
		c.settings = &settings.Settings{Off: true}
	default:
		c.named = name
		c.settings, err = settings.Open(name)
	}
	return &c, err
}

// configure gives flags that are not on the command line the values of the environment or of posture.hcl, before a command runs. What the
// command asks the settings for as it needs it stays with them.
//
// Commands without such a flag of their own read no file, and take from the environment what is of every command, such as --color.
func (t terminal) configure(cmd *cobra.Command) error {
	own, inherited := optionsOf(cmd)
	c := &configuration{settings: &settings.Settings{}}
	if uses := cmd.Annotations[settingsUse]; uses == unused || uses == "" && len(own) == 0 {
		own = nil
	} else {
		t.sayMisnomers()
		var err error
		if c, err = findConfiguration(cmd.Flags().Lookup(configFlag)); err != nil {
			return err
		}
	}
	cmd.SetContext(context.WithValue(cmd.Context(), configurationKey{}, c))
	if err := c.apply(cmd, append(own, inherited...)); err != nil {
		return err
	}
	return t.applyWidth(c)
}

// applyWidth sets the columns of tables, which have no flag.
func (t terminal) applyWidth(c *configuration) error {
	for _, o := range settings.Options() {
		found := c.lookup(o)
		if o.Name != "output.width" || len(found.texts) == 0 {
			continue
		}
		columns, err := strconv.Atoi(found.texts[0])
		if err != nil || columns < settings.MinWidth || columns > settings.MaxWidth {
			return usageError{fmt.Errorf("%s has to be a whole number from %d to %d; it is %q", found.name, settings.MinWidth, settings.MaxWidth, found.texts[0])}
		}
		t.look.columns = columns
	}
	return nil
}

// settingsUse annotates commands for which it does not follow from their flags whether they use settings.
const (
	settingsUse = "settings"
	used        = "used"
	unused      = "unused"
)

// sourceAnnotation is of flags that are not from the command line: it says where from.
const sourceAnnotation = "source"

// sayMisnomers warns of environment variables that may have been meant to be those of options.
func (t terminal) sayMisnomers() {
	for _, m := range settings.Unknown(os.Environ(), variables()) {
		hint := ""
		if m.Near != "" {
			hint = fmt.Sprintf(" Did you mean %s?", m.Near)
		}
		t.say("warning: the environment variable %s has no meaning.%s 'posture config show' lists those that have", m.Name, hint)
	}
}

// variables returns the environment variables that are no options.
func variables() []string {
	return append(secretVariables(), oci.UserName, "POSTURE_CHROMIUM") // the last one is for tests
}

// secretVariables returns the environment variables that hold secrets. No flag and no file has those.
func secretVariables() []string {
	return append(passphraseNames(), redactKeyName, secretVariable, oci.PasswordName)
}

// optionsOf returns the options that a command has a flag for: of its own, and of every command.
func optionsOf(cmd *cobra.Command) (own, inherited []settings.Option) {
	for _, o := range settings.Options() {
		switch {
		case o.Flag == "":
		case cmd.InheritedFlags().Lookup(o.Flag) != nil:
			inherited = append(inherited, o)
		case cmd.Flags().Lookup(o.Flag) != nil:
			own = append(own, o)
		}
	}
	return own, inherited
}

// typed reports whether a flag is on the command line, as against in the environment or in posture.hcl.
func typed(flags *pflag.FlagSet, name string) bool {
	flag := flags.Lookup(name)
	return flag != nil && flag.Changed && flag.Annotations[sourceAnnotation] == nil
}

// setting is where the value of an option comes from, and the value. Several texts are those of a list.
type setting struct {
	texts []string
	kind  string // one of report's
	name  string // the flag, the variable, or the file with the line; empty for a default
}

// lookup returns the value of an option without the command line.
func (c *configuration) lookup(o settings.Option) setting {
	if text := os.Getenv(o.Variable); o.Variable != "" && text != "" { // CI systems set a variable to nothing where a secret is missing
		return setting{variableTexts(o, text), report.FromVariable, o.Variable}
	}
	if value, given := c.settings.Values[o.Name]; given {
		return setting{value.Texts, report.FromFile, fmt.Sprintf("%s:%d", c.settings.Path, value.Line)}
	}
	return setting{nil, report.FromDefault, ""}
}

// register returns the path of the register for commands that have no flag for it.
func (c *configuration) register() string {
	for _, o := range settings.Options() {
		if found := c.lookup(o); o.Name == "register" && found.texts != nil {
			return found.texts[0]
		}
	}
	return register.Name
}

// apply sets the flags of options that are not on the command line. What is wrong with the file is told at once.
func (c *configuration) apply(cmd *cobra.Command, options []settings.Option) error {
	flags := cmd.Flags()
	var mistakes []settings.Mistake
	for _, o := range options {
		if slices.ContainsFunc(append(o.Same, o.Flag), flags.Changed) {
			clearList(flags.Lookup(o.Flag))
			if typed(flags, o.Flag) && flags.Lookup(o.Flag).Value.String() == "" {
				c.dropped = append(c.dropped, o.Name)
			}
			continue
		}
		found := c.lookup(o)
		if found.kind == report.FromDefault || found.kind == report.FromFile && o.Live {
			continue
		}
		if found.kind == report.FromFile {
			mistakes = append(mistakes, c.mistakes(cmd, o)...)
		}
		if err := setFrom(cmd, o, found); err != nil && len(mistakes) == 0 {
			return err
		}
	}
	c.drop(c.settings)
	return c.settings.Mistaken(mistakes)
}

// mistakes returns what is wrong with an option of the file as far as the file alone does not tell.
func (c *configuration) mistakes(cmd *cobra.Command, o settings.Option) []settings.Mistake {
	texts := c.settings.Values[o.Name].Texts
	if o.Flag == formatFlag && len(texts) > 0 {
		// A template is a file, which the file of settings does not name.
		formats := slices.DeleteFunc(formatsOf(cmd), func(word string) bool { return strings.Contains(word, "=") })
		if !slices.Contains(formats, texts[0]) {
			return []settings.Mistake{{Option: o.Name, Summary: "Invalid format", Detail: fmt.Sprintf("It is one of %s.%s", strings.Join(formats, ", "), suggest.Hint(texts[0], formats))}}
		}
	}
	return absentOf(o, texts)
}

// formatFlag is the name of the flag that differs by command: a format that only others have is for them.
const formatFlag = "format"

// formatsOf returns the formats of all commands, in order.
func formatsOf(cmd *cobra.Command) []string {
	var found []string
	var collect func(*cobra.Command)
	collect = func(cmd *cobra.Command) {
		if flag := cmd.Flags().Lookup(formatFlag); flag != nil {
			if words, ok := flag.Value.(*choice); ok {
				found = append(found, words.words...)
			}
		}
		for _, child := range cmd.Commands() {
			collect(child)
		}
	}
	collect(cmd.Root())
	slices.Sort(found)
	return slices.Compact(found)
}

// clearList empties a list that was given as one empty text: it stands for none.
func clearList(flag *pflag.Flag) {
	if list, ok := flag.Value.(pflag.SliceValue); ok && slices.Equal(list.GetSlice(), []string{""}) {
		_ = list.Replace(nil) // which texts always can
	}
}

// variableTexts returns the values of an environment variable.
func variableTexts(o settings.Option, text string) []string {
	texts := []string{text}
	switch o.List {
	case settings.Paths:
		texts = filepath.SplitList(text)
	case settings.Commas:
		texts = strings.Split(text, ",")
	}
	return slices.DeleteFunc(texts, func(text string) bool { return text == "" })
}

// setFrom sets a flag from somewhere else than the command line.
func setFrom(cmd *cobra.Command, o settings.Option, found setting) error {
	flag := cmd.Flags().Lookup(o.Flag)
	for _, text := range found.texts {
		words, isChosen := flag.Value.(*choice)
		switch {
		case isChosen && o.Flag == formatFlag && !isChoice(text, words.words) && isChoice(text, formatsOf(cmd)):
			return nil
		case isChosen && !isChoice(text, words.words):
			wanted := words.words
			if o.Flag == formatFlag {
				wanted = formatsOf(cmd)
			}
			return usageError{errors.New(suggest.OneOf(found.name, text, wanted))}
		}
		if err := cmd.Flags().Set(o.Flag, text); err != nil {
			return usageError{fmt.Errorf("%s has to be %s; it is %q", found.name, wanted(flag), text)}
		}
	}
	if flag.Annotations == nil {
		flag.Annotations = map[string][]string{}
	}
	flag.Annotations[sourceAnnotation] = []string{found.name}
	return nil
}
