package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/actions"
	"github.com/posture-score/posture/internal/report"
	"github.com/posture-score/posture/internal/suggest"
)

type actionsFlags struct {
	assessmentFlags
	printFlags
	query       actions.Query
	groupBy     string
	sort        string
	columns     []string
	explainRank string
	all         bool
}

func newActions(t terminal) *cobra.Command {
	var f actionsFlags
	cmd := &cobra.Command{
		Use:   "actions PATH",
		Short: "List recommended actions: what to do next, and what is done",
		Long: `List the recommended actions of evidence, or of an assessment that was saved with assess --format json.

A filter that is given several times takes any of its values; different filters have to hold all. Actions that wait for others, or
for a license, keep their rank, and say what they wait for. The columns of CSV are named as in the export of Microsoft's portal.
JSON has all that is known of each action, and names the first 100 of the records that fail it, unless --failing says how many.

On a terminal the table has what is to do, and why, unless a filter, --columns or --all asks for something else. Everywhere else it has
all actions.`,
		Example: `  posture actions testdata/contoso
  posture actions testdata/contoso --all
  posture actions assessment.json --status to_address --status planned --category identity --group-by product
  posture actions assessment.json --search password --columns rank,id,left,owner,due
  posture actions assessment.json --framework nist_csf:PR.AA-03 --format csv --output actions.csv
  posture actions assessment.json --explain-rank AdminMFAV2`,
		Args: oneArg("PATH"),
		RunE: func(cmd *cobra.Command, args []string) error { return runActions(cmd, t, &f, args[0]) },
	}
	f.assessmentFlags.register(cmd)
	f.printFlags.register(cmd, report.Actions{})
	f.registerOutput(cmd)
	f.registerFailing(cmd, "100")
	f.registerFilters(cmd)
	registerChoice(cmd.Flags(), &f.groupBy, "group-by", "", actions.Groupings(), "group by this `FIELD`: status, category, product, outcome or tier")
	registerChoice(cmd.Flags(), &f.sort, "sort", "rank", actions.Orders(), "sort by this `COLUMN`: rank, points, left, id, title, status or impact")
	cmd.Flags().StringSliceVar(&f.columns, "columns", nil, "show these `COLUMNS`, with commas between them, instead of the usual ones")
	cmd.Flags().BoolVar(&f.all, "all", false, "list on a terminal, too, what is done or does not apply")
	cmd.Flags().StringVar(&f.explainRank, "explain-rank", "", "print the numbers behind the rank of the action `ID` instead")
	return cmd
}

func (f *actionsFlags) registerFilters(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.query.Search, "search", "", "those with this `TEXT` in their id, title, product, category or tags")
	for _, filter := range []struct {
		values      *[]string
		name, usage string
	}{
		{&f.query.Statuses, "status", "those with this `STATUS`, such as to_address (repeatable, as all filters below)"},
		{&f.query.Categories, "category", "those of this `CATEGORY`, such as identity"},
		{&f.query.Products, "product", "those of this `PRODUCT`, such as entra_id"},
		{&f.query.Tags, "tag", "those with this `TAG` in the register"},
		{&f.query.Threats, "threat", "those against this `THREAT`, such as account_breach"},
		{&f.query.Frameworks, "framework", "those in this `FRAMEWORK`, or behind one entry of it: scuba, scuba:MS.AAD.3.6v1"},
		{&f.query.Licenses, "license", "those whose licenses are held or missing, as `WHETHER` says"},
		{&f.query.Outcomes, "outcome", "those with this `OUTCOME`, such as not_met"},
		{&f.query.Stages, "stage", "those in this `STAGE`: current or preview"},
	} {
		flags.StringArrayVar(filter.values, filter.name, nil, filter.usage)
	}
}

// check validates the flags that need no assessment.
func (f *actionsFlags) check() error {
	for _, name := range f.columns {
		if err := oneOf("columns", name, report.ActionColumns()...); err != nil {
			return err
		}
	}
	if f.columns != nil && f.format == "json" {
		return usageError{errors.New("--columns is for tables: JSON has all that there is")}
	}
	if f.failing != 0 && f.format != "json" {
		return usageError{errors.New("--failing is for --format json: tables name no records")}
	}
	return misspelt(f.query.Check())
}

// misspelt makes an unknown filter value an error of the command line.
func misspelt(err error) error {
	var unknown *actions.UnknownValueError
	if errors.As(err, &unknown) {
		return usageError{fmt.Errorf("--%w", err)}
	}
	return err
}

func runActions(cmd *cobra.Command, t terminal, f *actionsFlags, path string) error {
	if err := f.check(); err != nil {
		return err
	}
	a, err := openAssessment(cmd.Context(), t, path, &f.assessmentFlags)
	if err != nil {
		return err
	}
	if f.explainRank != "" {
		return f.rank(t, a)
	}
	found, err := f.query.Find(a)
	if err != nil {
		return misspelt(err)
	}
	actions.Sort(found, f.sort)
	page := report.Actions{Assessment: a, Actions: found, GroupBy: f.groupBy, Columns: f.columns}
	if page.ToDo = f.toDo(cmd, t); page.ToDo {
		page.Actions = slices.DeleteFunc(found, func(a *engine.Action) bool { return a.Rank == 0 })
	}
	if len(page.Actions) == 0 {
		t.say("no action matches")
	}
	return t.show(f.printFlags, page)
}

// toDo reports whether the list is for somebody at a terminal who did not say which actions to list.
func (f *actionsFlags) toDo(cmd *cobra.Command, t terminal) bool {
	for _, name := range []string{"all", "columns", "status", "outcome", "stage", "search", "tag"} {
		if cmd.Flags().Changed(name) {
			return false
		}
	}
	return f.format == report.Formats(report.Actions{})[0] && standardOutput(f.output) && isTerminal(t.out)
}

// rank prints the numbers behind the rank of one action.
func (f *actionsFlags) rank(t terminal, a *engine.Assessment) error {
	action, ok := actions.Get(a, f.explainRank)
	if !ok {
		return unknownAction(a, f.explainRank)
	}
	return t.show(f.printFlags, report.Ranking{Action: action, Ranking: actions.Rank(a, action)})
}

// unknownAction is the error for an id that no action of an assessment has.
func unknownAction(a *engine.Assessment, id string) error {
	ids := make([]string, len(a.Actions))
	for i := range a.Actions {
		ids[i] = a.Actions[i].ID
	}
	return &suggest.UnknownError{Where: "the assessment", Kind: "action", Name: id, Known: ids, Help: "'posture actions' lists all"}
}
