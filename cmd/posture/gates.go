package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/gate"
	"github.com/posture-score/posture/internal/gate/rule"
	"github.com/posture-score/posture/internal/report"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/internal/suggest"
)

// gateFlags say what an assessment has to meet. Each comes before the attribute of posture.hcl.
type gateFlags struct {
	failUnder, failOn, knownMissing []string
	threshold                       float64
	baseline, baselineAge, maxAge   string
	requireAssessed                 string
	confirm                         int
	warnOnly                        bool
	flags                           *pflag.FlagSet
}

func (f *gateFlags) register(cmd *cobra.Command) {
	f.flags = cmd.Flags()
	f.flags.StringSliceVar(&f.failUnder, "fail-under", nil, "exit with 3 if the score is below this `PERCENT`, or that of a part, as in identity=80 or product:exchange_online=70 (repeatable)")
	f.flags.StringSliceVar(&f.failOn, "fail-on", nil, "exit with 3 if there is this `EVENT`: regression, new-not-met, expired, no-evidence, error or warning (repeatable)")
	f.flags.StringVar(&f.baseline, "baseline", "", "compare with the saved assessment in a `FILE`, or the last one in a store; alone it is for --fail-on regression")
	f.flags.StringVar(&f.baselineAge, "baseline-age", "", "warn of a baseline that is older than this `AGE` (default 30d)")
	f.flags.StringVar(&f.maxAge, "max-age", "", "exit with 3 if the evidence is older than this `AGE`, such as 48h or 7d; --now says at which time")
	f.flags.StringVar(&f.requireAssessed, "require-assessed", "", "exit with 3 if the evidence was enough for less than this `PERCENT` of the points")
	f.flags.IntVar(&f.confirm, "confirm", 1, "fail on a regression once it is in `N` assessments of the history in a row")
	f.flags.BoolVar(&f.warnOnly, "warn-only", false, "report gates that are not met, and exit with 0")
	f.flags.StringSliceVar(&f.knownMissing, "known-missing", nil, "let no gate fail for want of this `DATASET`, which is known to be missing (repeatable)")
	f.flags.Float64Var(&f.threshold, "threshold", 0, "the same as --fail-under `PERCENT`")
}

// compares reports whether the flags alone ask for a comparison.
func (f *gateFlags) compares() bool {
	return f.baseline != "" || slices.ContainsFunc(f.failOn, func(e string) bool { return rule.Event(e).Compares() })
}

// rules returns the gates of posture.hcl with those of the flags before them.
func (f *gateFlags) rules(rules rule.Set) (*rule.Set, error) {
	for _, read := range []func(*rule.Set) error{f.floors, f.events, f.ages, f.amounts} {
		if err := read(&rules); err != nil {
			return nil, err
		}
	}
	if f.flags.Changed("baseline") {
		rules.Baseline = f.baseline
	}
	if f.flags.Changed("warn-only") {
		rules.WarnOnly = f.warnOnly
	}
	if f.flags.Changed("known-missing") {
		rules.KnownMissing = f.knownMissing
	}
	for _, floor := range rules.FailUnder {
		if floor.Category != "" && !slices.Contains(catalog.Categories(), floor.Category) {
			return nil, f.noPart("category", floor.Category, catalog.Categories())
		}
	}
	return &rules, f.together(&rules)
}

// together checks that flags of comparisons that were typed go with one another.
func (f *gateFlags) together(rules *rule.Set) error {
	if typed(f.flags, "fail-on") && len(f.failOn) == 0 {
		// A baseline alone asks for a gate, too: both are meant, unless both are given.
		if typed(f.flags, "baseline") && f.baseline != "" {
			return usageError{errors.New(`--fail-on "" is for no event, and --baseline is what events are found beside: leave out one of the two`)}
		}
		rules.Baseline = ""
	}
	return nil
}

// idle returns the flags that were typed and that no gate heeds, since none compares. They are no mistake: a pipeline gives the same flags
// where there is a baseline and where there is none.
func (f *gateFlags) idle(rules *rule.Set) (names []string) {
	for _, name := range []string{"confirm", "baseline-age"} {
		if flag := f.flags.Lookup(name); typed(f.flags, name) && flag.Value.String() != flag.DefValue && !rules.Compares() {
			names = append(names, name)
		}
	}
	return names
}

// noPart says that --fail-under, or the attribute of posture.hcl, is about a part of the score that there is not; kind is "category" or "product".
func (f *gateFlags) noPart(kind, part string, parts []string) error {
	if f.flags.Changed("fail-under") || f.flags.Changed("threshold") {
		return usageError{errors.New(suggest.OneOf("the "+kind+" of --fail-under", part, parts))}
	}
	return errors.New(suggest.OneOf("the "+kind+" of gates.fail_under in "+settings.Name, part, parts))
}

// knows refuses a floor of a product that no control has: it would fail for ever, and nobody meant that.
func (f *gateFlags) knows(rules *rule.Set, a *engine.Assessment) error {
	var products []string
	for i := range a.Actions {
		products = append(products, a.Actions[i].Product)
	}
	slices.Sort(products)
	products = slices.Compact(products)
	for _, floor := range rules.FailUnder {
		if floor.Product != "" && len(products) > 0 && !slices.Contains(products, floor.Product) {
			return f.noPart("product", floor.Product, products)
		}
	}
	return nil
}

// reaches refuses a baseline in a database that a file names which nobody named.
func (f *gateFlags) reaches(ctx context.Context, baseline string) error {
	if f.flags.Changed("baseline") {
		return nil
	}
	return configured(ctx).reaches(baseline, "gates.baseline")
}

// saying returns what gave a flag its value: the flag, or an environment variable.
func (f *gateFlags) saying(name string) string {
	if source := f.flags.Lookup(name).Annotations[sourceAnnotation]; source != nil {
		return source[0]
	}
	return "--" + name
}

// floors reads --fail-under and --threshold.
func (f *gateFlags) floors(rules *rule.Set) error {
	texts := f.failUnder
	if f.flags.Changed("threshold") {
		if !(f.threshold >= 0 && f.threshold <= 100) {
			return usageError{fmt.Errorf("--threshold has to be a percentage from 0 to 100; it is %v", f.threshold)}
		}
		if f.threshold > 0 { // 0 is met by no score at all, too
			texts = append(slices.Clone(texts), strconv.FormatFloat(f.threshold, 'f', -1, 64))
		}
	} else if !f.flags.Changed("fail-under") {
		return nil
	}
	floors, _, err := rule.ParseFloors(texts)
	if err != nil {
		return usageError{fmt.Errorf("%s: %w", f.saying("fail-under"), err)}
	}
	rules.FailUnder = floors
	return nil
}

// events reads --fail-on.
func (f *gateFlags) events(rules *rule.Set) error {
	if !f.flags.Changed("fail-on") {
		return nil
	}
	rules.FailOn = nil
	for _, text := range f.failOn {
		event := rule.Event(text)
		if !slices.Contains(rule.Events(), event) {
			return oneOf("fail-on", text, plainWords(rule.Events())...)
		}
		rules.FailOn = append(rules.FailOn, event)
	}
	return nil
}

// ages reads --max-age and --baseline-age; an empty one takes that of posture.hcl away.
func (f *gateFlags) ages(rules *rule.Set) error {
	for _, of := range []struct {
		flag, text string
		age        *time.Duration
	}{{"max-age", f.maxAge, &rules.MaxAge}, {"baseline-age", f.baselineAge, &rules.BaselineAge}} {
		if !f.flags.Changed(of.flag) {
			continue
		}
		if *of.age = 0; of.text == "" {
			continue
		}
		age, err := rule.ParseAge(of.text)
		if err != nil {
			return usageError{fmt.Errorf("%s: %w", f.saying(of.flag), err)}
		}
		*of.age = age
	}
	return nil
}

// amounts reads --require-assessed and --confirm.
func (f *gateFlags) amounts(rules *rule.Set) error {
	if f.flags.Changed("require-assessed") {
		percent, err := rule.ParsePercent(f.requireAssessed)
		if err != nil {
			return usageError{fmt.Errorf("%s %w; it is %q", f.saying("require-assessed"), err, f.requireAssessed)}
		}
		rules.RequireAssessed = percent
	}
	if f.flags.Changed("confirm") {
		if f.confirm < 1 || f.confirm > rule.MaxConfirm {
			return usageError{fmt.Errorf("%s has to be a whole number from 1 to %d; it is %d", f.saying("confirm"), rule.MaxConfirm, f.confirm)}
		}
		rules.Confirm = f.confirm
	}
	return nil
}

// sayGates prints a line about each gate that is not met, or warns.
func (t terminal) sayGates(verdicts []gate.Verdict) {
	for _, v := range verdicts {
		if line := report.GateLine(v); line != "" {
			level := slog.LevelWarn
			if v.Enforced && v.Result.Fails() {
				level = slog.LevelError
			}
			t.log(level, line, slog.String("gate", v.Name()), slog.String("result", string(v.Result)))
		}
	}
}
