package main

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/actions"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/decisions"
	"github.com/posture-score/posture/internal/gate/rule"
	"github.com/posture-score/posture/internal/register"
	"github.com/posture-score/posture/internal/report"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/internal/suggest"
)

// shells are those that completion knows.
func shells() []string { return []string{"bash", "zsh", "fish", "powershell"} }

func newCompletion(t terminal) *cobra.Command {
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print the script that completes words in bash, zsh, fish or powershell",
		Long: `Print a script for a shell, which then completes commands, flags, ids of controls, products, datasets, words and files.

Ids are those of the catalog that the line names with --catalog, or that is configured. To load it in every session:

  bash        posture completion bash > /etc/bash_completion.d/posture
  zsh         posture completion zsh > "${fpath[1]}/_posture"
  fish        posture completion fish > ~/.config/fish/completions/posture.fish
  powershell  posture completion powershell >> $PROFILE`,
		Example: "  posture completion bash\n  posture completion fish",
		Args:    oneArg("SHELL"),
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(t.out, true)
			case "zsh":
				return root.GenZshCompletion(t.out)
			case "fish":
				return root.GenFishCompletion(t.out, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(t.out)
			}
			return usageError{errors.New(suggest.OneOf("the shell", args[0], shells()))}
		},
	}
}

// completer returns the words that may follow, whatever their beginning, and how a shell takes them. It never fails: it returns less.
type completer func(cmd *cobra.Command, typed string) ([]string, cobra.ShellCompDirective)

// completion is how a value is completed, or why it is not.
type completion struct {
	by  completer
	why string // a value is not completed: it is any text
}

const noFiles = cobra.ShellCompDirectiveNoFileComp

// fixed completes words that are always the same.
func fixed(words ...string) completion {
	return completion{by: func(*cobra.Command, string) ([]string, cobra.ShellCompDirective) { return words, noFiles }}
}

// fromCatalog completes words of the catalog that the flags on the line name.
func fromCatalog(words func(*catalog.Catalog) []string) completion {
	return completion{by: func(cmd *cobra.Command, _ string) ([]string, cobra.ShellCompDirective) {
		cat := catalogOf(cmd)
		if cat == nil {
			return nil, noFiles
		}
		return words(cat), noFiles
	}}
}

// catalogOf returns the catalog of a line, the built-in one if that can't be read, or nil.
func catalogOf(cmd *cobra.Command) *catalog.Catalog {
	ctx := cmd.Context()
	if ctx == nil {
		ctx = context.Background()
	}
	var f catalogFlags
	if f.dirs, _ = cmd.Flags().GetStringArray("catalog"); len(f.dirs) == 0 {
		f.dirs = configuredTexts(cmd, "catalogs")
	}
	f.noBuiltin, _ = cmd.Flags().GetBool("no-builtin")
	if dir := cmd.Flags().Lookup("dir"); dir != nil {
		_ = f.loadWith(ctx, dir.Value.String()) // without it there is what the flags name
	}
	cat, err := f.load(ctx)
	if err != nil {
		cat, err = (&catalogFlags{}).load(ctx)
	}
	if err != nil {
		return nil
	}
	return cat
}

// configuredTexts returns what the environment or posture.hcl say of an option, unless the flag of it is on the line or the command has none.
// A file with mistakes says nothing.
func configuredTexts(cmd *cobra.Command, name string) []string {
	for _, o := range settings.Options() {
		flag := cmd.Flags().Lookup(o.Flag)
		if o.Name != name || flag == nil || flag.Changed {
			continue
		}
		if c, err := findConfiguration(cmd.Flags().Lookup(configFlag)); err == nil {
			return c.lookup(o).texts
		}
	}
	return nil
}

func controlIDs(cat *catalog.Catalog) []string {
	var ids []string
	for _, control := range cat.Controls() {
		ids = append(ids, control.ID+"\t"+control.Title)
	}
	return ids
}

func productIDs(cat *catalog.Catalog) []string {
	var ids []string
	for _, product := range cat.Products() {
		ids = append(ids, product.ID+"\t"+product.Title)
	}
	return ids
}

func datasetNames(cat *catalog.Catalog) []string { return cat.Datasets().Names() }

func servicePlans(cat *catalog.Catalog) []string {
	var plans []string
	for _, product := range cat.Products() {
		plans = append(plans, product.Plans()...)
	}
	for _, control := range cat.Controls() {
		for _, need := range control.Prerequisites {
			plans = append(plans, need.ServicePlans...)
		}
	}
	slices.Sort(plans)
	return slices.Compact(plans)
}

func frameworkEntries(cat *catalog.Catalog) []string {
	var entries []string
	for _, control := range cat.Controls() {
		for name, ids := range control.Frameworks {
			entries = append(entries, name)
			for _, id := range ids {
				entries = append(entries, name+":"+id)
			}
		}
	}
	slices.Sort(entries)
	return slices.Compact(entries)
}

// floors are the beginnings of values of --fail-under.
func floors(cat *catalog.Catalog) []string {
	var words []string
	for _, category := range catalog.Categories() {
		words = append(words, category+"=")
	}
	for _, product := range cat.Products() {
		words = append(words, "product:"+product.ID+"=")
	}
	return words
}

// tags are those of the register on the line.
func tags(cmd *cobra.Command, _ string) ([]string, cobra.ShellCompDirective) {
	path := register.Name
	if flag := cmd.Flags().Lookup("register"); flag != nil {
		path = flag.Value.String()
	}
	if texts := configuredTexts(cmd, "register"); len(texts) > 0 {
		path = texts[0]
	}
	registered, _ := readDecisions(path) // a register with mistakes has no tags
	var words []string
	for _, decision := range registered {
		words = append(words, decision.Tags...)
	}
	slices.Sort(words)
	return slices.Compact(words), noFiles
}

// files completes names of files with some endings, or of any.
func files(endings ...string) completion {
	return completion{by: func(*cobra.Command, string) ([]string, cobra.ShellCompDirective) {
		if len(endings) == 0 {
			return nil, cobra.ShellCompDirectiveDefault
		}
		return endings, cobra.ShellCompDirectiveFilterFileExt
	}}
}

// folders completes names of folders.
func folders() completion {
	return completion{by: func(*cobra.Command, string) ([]string, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveFilterDirs
	}}
}

// several completes the last of several words with commas between them.
func several(one completion) completion {
	return completion{by: func(cmd *cobra.Command, typed string) ([]string, cobra.ShellCompDirective) {
		words, how := one.by(cmd, typed)
		before := typed[:strings.LastIndexByte(typed, ',')+1]
		given := strings.Split(before, ",")
		var all []string
		for _, word := range words {
			if name, _, _ := strings.Cut(word, "\t"); !slices.Contains(given, name) {
				all = append(all, before+word)
			}
		}
		return all, how
	}}
}

// open completes words that go on: no space comes after them.
func open(one completion) completion {
	return completion{by: func(cmd *cobra.Command, typed string) ([]string, cobra.ShellCompDirective) {
		words, how := one.by(cmd, typed)
		return words, how | cobra.ShellCompDirectiveNoSpace
	}}
}

// reportFormats completes FORMAT=, after which comes a file.
func reportFormats(_ *cobra.Command, typed string) ([]string, cobra.ShellCompDirective) {
	if strings.Contains(typed, "=") {
		return nil, cobra.ShellCompDirectiveDefault
	}
	var words []string
	for _, format := range report.Formats(report.Assessment{}) {
		words = append(words, format+"=")
	}
	return words, noFiles | cobra.ShellCompDirectiveNoSpace
}

// flagCompletions says what completes the value of a flag: by its command and name, or by its name. A flag that is not here is completed by
// its placeholder.
func flagCompletions() map[string]completion {
	return map[string]completion{
		"action": fromCatalog(controlIDs), "explain-rank": fromCatalog(controlIDs),
		"product": fromCatalog(productIDs), "dataset": fromCatalog(datasetNames), "known-missing": several(fromCatalog(datasetNames)),
		"framework": fromCatalog(frameworkEntries), "fail-under": open(several(fromCatalog(floors))),
		"category": fixed(catalog.Categories()...), "threat": fixed(catalog.Threats()...),
		"license": fixed(actions.Held, actions.Missing), "posture evidence plan --license": fromCatalog(servicePlans),
		"status": fixed(actions.Statuses()...), "posture action set --status": fixed(register.Statuses()...),
		"outcome": fixed(actions.Outcomes()...), "stage": fixed(actions.Stages()...), "cause": fixed(plainWords(attribution.Causes())...),
		"columns": several(fixed(report.ActionColumns()...)), "fail-on": several(fixed(plainWords(rule.Events())...)),
		"state": fixed(plainWords(decisions.States())...), "kind": fixed(plainWords(catalog.Kinds())...), "script": fixed("powershell", "curl"), "tag": {by: tags}, "report": {by: reportFormats},
		"catalog": files("tar.gz"), "old-catalog": files("tar.gz"),
		"parameters": files("hcl"), "old-parameters": files("hcl"), "register": files("hcl"), "old-register": files("hcl"), "settings": files("hcl"), "cohorts": files("hcl"),
		"store": files("db"), "baseline": files("json", "db"), "with": files("json"), "tenant": {why: "a tenant"}, "ticket": {why: "an id elsewhere"},
		"cohort": {why: "the id of a cohort in a benchmark"}, "head": {why: "a hash"}, "posture policy try --record": {why: "the key of a record"}, "oidc-client-id": {why: "an id elsewhere"},
	}
}

// placeholders says what completes a flag or an argument with a placeholder such as FILE.
func placeholders() map[string]completion {
	byName := map[string]completion{
		"ID": fromCatalog(controlIDs), "DATASET": fromCatalog(datasetNames), "SHELL": fixed(shells()...), "FILE": files(), "PATH": files(),
		"DIR": folders(), "OLD": files(), "NEW": files(), "RESULT": files("json"), "CATALOG": files("tar.gz"), "DIR|FILE": files(), "TAG": {by: tags},
	}
	for _, any := range []string{
		"TEXT", "NAME", "TIME", "DATE", "DURATION", "AGE", "N", "SIZE", "PERCENT", "URL", "ADDRESS", "VALUE", "SCOPE", "WHOM", "REGEXP", "KEY", "RULES",
		"HASH", "oci://REGISTRY/REPOSITORY:TAG", "LEVEL", "DAYS",
	} {
		byName[any] = completion{why: "any text"}
	}
	return byName
}

// completionOf returns what completes the value of a flag; false if nobody said it.
func completionOf(cmd *cobra.Command, flag *pflag.Flag) (completion, bool) {
	if c, ok := flag.Value.(*choice); ok {
		var words []string
		for _, word := range c.words {
			words = append(words, strings.TrimSuffix(word, "FILE"))
		}
		return fixed(words...), true
	}
	if flag.NoOptDefVal != "" {
		return completion{why: "it has no value"}, true
	}
	table := flagCompletions()
	if one, ok := table[cmd.CommandPath()+" --"+flag.Name]; ok {
		return one, true
	}
	if one, ok := table[flag.Name]; ok {
		return one, true
	}
	name, _ := pflag.UnquoteUsage(flag)
	one, ok := placeholders()[name]
	return one, ok
}

// arguments returns the placeholders of the arguments of a command, and whether the last may be given several times.
func arguments(cmd *cobra.Command) (names []string, more bool) {
	for _, word := range strings.Fields(cmd.Use)[1:] {
		if strings.HasPrefix(word, "-") {
			break
		}
		word, more = strings.CutSuffix(strings.Trim(word, "[]"), "...")
		names = append(names, word)
	}
	return names, more
}

// complete is a completer as cobra calls it: what does not begin as the word that is typed is left out.
func (c completion) complete(cmd *cobra.Command, typed string) ([]string, cobra.ShellCompDirective) {
	if c.by == nil {
		return nil, noFiles
	}
	words, how := c.by(cmd, typed)
	if how&(cobra.ShellCompDirectiveFilterFileExt|cobra.ShellCompDirectiveFilterDirs) != 0 {
		return words, how
	}
	return slices.DeleteFunc(slices.Clone(words), func(word string) bool {
		return len(word) < len(typed) || !strings.EqualFold(word[:len(typed)], typed)
	}), how
}

// registerCompletions says for every command what completes its arguments and flags.
func registerCompletions(cmd *cobra.Command) {
	for _, child := range cmd.Commands() {
		registerCompletions(child)
	}
	if names, more := arguments(cmd); len(names) > 0 {
		cmd.ValidArgsFunction = func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
			at := len(args)
			if more {
				at = min(at, len(names)-1)
			}
			if at >= len(names) {
				return nil, noFiles
			}
			return placeholders()[names[at]].complete(cmd, typed)
		}
	}
	cmd.LocalFlags().VisitAll(func(flag *pflag.Flag) {
		one, _ := completionOf(cmd, flag)
		// It only fails for a flag that has a function already.
		_ = cmd.RegisterFlagCompletionFunc(flag.Name, func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
			return one.complete(cmd, typed)
		})
	})
}
