package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/report"
	"github.com/posture-score/posture/internal/settings"
)

func newConfig(t terminal) *cobra.Command {
	return group("config", "Show and check settings: flags, environment variables and posture.hcl", "  posture config show\n  posture config check", newConfigShow(t), newConfigCheck(t))
}

func newConfigShow(t terminal) *cobra.Command {
	var as printFlags
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Print each setting with its value and where it comes from",
		Long: `Print the value of each setting that holds here, and where it comes from: a flag, an environment variable, posture.hcl with the line, or the
default. A flag comes before the variable, which comes before the file. Passwords are hidden.

The flags of settings are those of other commands, and may be given to see what they would change. See docs/configuration.md.`,
		Example: "  posture config show\n  posture config show --format json\n  posture config show --config ../contoso/posture.hcl --store posture.db",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			t.sayMisnomers()
			c, err := findConfiguration(cmd.Flags().Lookup(configFlag))
			if err != nil {
				return err
			}
			page := c.page(cmd.Flags())
			format := slices.DeleteFunc(settings.Options(), func(o settings.Option) bool { return o.Flag != formatFlag })
			if err := c.apply(cmd, format); err != nil {
				return err
			}
			return t.show(as, page)
		},
		Annotations: map[string]string{settingsUse: unused},
	}
	as.register(cmd, report.Configuration{})
	as.registerOutput(cmd)
	for _, o := range settings.Options() {
		if o.Flag == "" || o.Name == "output.color" || cmd.Flags().Lookup(o.Flag) != nil { // every command has --color
			continue
		}
		if o.List == settings.Single {
			cmd.Flags().String(o.Flag, "", "the `VALUE` of "+o.Name+", as in commands that have it")
		} else {
			cmd.Flags().StringArray(o.Flag, nil, "the `VALUE` of "+o.Name+", as in commands that have it")
		}
		_ = cmd.Flags().MarkHidden(o.Flag) // it is there
	}
	return cmd
}

// page returns the settings as they are with some flags.
func (c *configuration) page(flags *pflag.FlagSet) report.Configuration {
	page := report.Configuration{Path: c.settings.Path, Named: c.named != "", Off: c.settings.Off}
	for _, o := range settings.Options() {
		found := c.lookup(o)
		if typed(flags, o.Flag) {
			found = setting{flagTexts(flags.Lookup(o.Flag)), report.FromFlag, "--" + o.Flag}
		}
		if found.kind == report.FromDefault && o.Default != "" {
			found.texts = []string{o.Default}
		}
		if o.Secret {
			found.texts = slices.Clone(found.texts)
			for i, text := range found.texts {
				found.texts[i] = history.Shown(text)
			}
		}
		page.Settings = append(page.Settings, report.Setting{
			Name: o.Name, Values: found.texts, List: o.List != settings.Single, Kind: found.kind, Source: found.name, Flag: o.Flag, Variable: o.Variable,
			Refused: o.Secret && found.kind == report.FromFile && c.reaches(c.settings.Values[o.Name].Texts[0], o.Name) != nil,
		})
	}
	return page
}

// flagTexts returns the values of a flag; an empty one is none.
func flagTexts(flag *pflag.Flag) []string {
	texts := []string{flag.Value.String()}
	if list, ok := flag.Value.(pflag.SliceValue); ok {
		texts = list.GetSlice()
	}
	return slices.DeleteFunc(texts, func(text string) bool { return text == "" })
}

func newConfigCheck(t terminal) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check [FILE]",
		Short: "Check posture.hcl, and that what it names is there",
		Long: `Check a file of settings: the one that is named, or the posture.hcl that holds here. Everything that is wrong with it is printed with its
place and how to mend it; so is a catalog, parameters, a key or a benchmark that it names and that is not there. What is in those is for
the commands that use them. The exit code is 1 if anything is wrong.`,
		Example: "  posture config check\n  posture config check ../contoso/posture.hcl",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			t.sayMisnomers()
			return checkConfig(cmd, args)
		},
		Annotations: map[string]string{settingsUse: unused},
	}
	return cmd
}

func checkConfig(cmd *cobra.Command, args []string) error {
	c := &configuration{}
	var err error
	if len(args) > 0 {
		c.settings, err = settings.Open(args[0])
	} else {
		c, err = findConfiguration(cmd.Flags().Lookup(configFlag))
	}
	if err != nil {
		return err
	}
	if c.settings.Path == "" {
		return fmt.Errorf("there is no %s here or above: name a file", settings.Name)
	}
	var mistakes []settings.Mistake
	for _, o := range settings.Options() {
		mistakes = append(mistakes, c.mistakes(cmd, o)...)
	}
	if err := c.settings.Mistaken(mistakes); err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: no problems\n", c.settings.Path)
	return err
}

// absentOf returns the paths of an option in a file that lead nowhere. A register, a store and a baseline may still be to be made.
func absentOf(o settings.Option, paths []string) []settings.Mistake {
	if benchmark := o.Name == "comparison.benchmark"; !o.Path && (!benchmark || slices.Equal(paths, []string{settings.Microsoft})) {
		return nil
	}
	var found []settings.Mistake
	for i, path := range paths {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			found = append(found, settings.Mistake{Option: o.Name, Item: i, Summary: "Nothing there", Detail: fmt.Sprintf("%s does not exist. Paths are taken from the folder of this file.", path)})
		}
	}
	return found
}
