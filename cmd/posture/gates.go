package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/gate"
	"github.com/posture-score/posture/internal/gate/rule"
	"github.com/posture-score/posture/internal/history"
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

// gatekeeper judges an assessment by gates.
type gatekeeper struct {
	rules    *rule.Set
	baseline *engine.Assessment // of a file; nil if it is in a store
	missing  string             // why there is no such file, if there is none
	store    string             // with the history, and the baseline if it is in no file
	now      time.Time
	claims   *claimFlags
	since    *attribution.Attribution // what changed since the baseline; known once it was compared with
}

// gatekeeper reads the gates and a baseline that is a file, before the work. Where the baseline has record keys, those of the assessment are
// computed, too.
func (f *assessFlags) gatekeeper(ctx context.Context, t terminal, options *engine.AssessOptions) (*gatekeeper, error) {
	rules, err := f.gates.rules(configured(ctx).settings.Gates)
	if err != nil {
		return nil, err
	}
	for _, name := range f.gates.idle(rules) {
		t.warn("--%s has no effect, since no gate compares: --fail-on regression, --fail-on new-not-met and --baseline do", name)
	}
	keeper := &gatekeeper{rules: rules, now: options.Now, claims: &f.claims}
	if keeper.now.IsZero() && rules.MaxAge > 0 {
		keeper.now = time.Now()
	}
	if !rules.Compares() {
		return keeper, nil
	}
	if err := f.gates.reaches(ctx, rules.Baseline); err != nil {
		return nil, err
	}
	if keeper.store, err = f.store.find(ctx, f.decisions.path); err != nil {
		return nil, err
	}
	switch _, missing := os.Stat(rules.Baseline); {
	case rules.Baseline == "":
	case isStore(rules.Baseline):
		keeper.store = rules.Baseline
	case errors.Is(missing, fs.ErrNotExist):
		keeper.missing = "its file is not there; 'posture assess PATH --format json -o FILE' makes one"
	default:
		if keeper.baseline, err = t.savedAssessment(rules.Baseline); err == nil && keeper.baseline == nil {
			err = fmt.Errorf("--baseline %s is no assessment and no store: 'posture assess PATH --format json -o FILE' makes one", rules.Baseline)
		}
		if err != nil {
			return nil, err
		}
	}
	if options.Verdicts == nil && keeper.baseline == nil && keeper.missing == "" && hasKeys(ctx, keeper.store) {
		options.Verdicts = new(engine.Verdicts)
	}
	return keeper, nil
}

// fewTenants is for how many tenants a store is asked whether it keeps record keys: of which one the evidence is, is not known yet.
const fewTenants = 20

// hasKeys reports whether the store keeps record keys. A store that can't be read is reported later.
func hasKeys(ctx context.Context, url string) bool {
	store, err := history.OpenExisting(ctx, url)
	if err != nil {
		return false
	}
	defer func() { _ = store.Close() }() // it was only read
	tenants, err := store.Tenants(ctx)
	if err != nil {
		return false
	}
	for _, tenant := range tenants[:min(len(tenants), fewTenants)] {
		for entry, err := range store.Entries(ctx, history.Filter{Tenant: tenant.ID, Newest: true, Limit: 1}) {
			if err == nil && entry.Digests.Records != "" {
				return true
			}
		}
	}
	return false
}

// judge returns the verdicts on an assessment; nil without gates.
func (g *gatekeeper) judge(ctx context.Context, a *engine.Assessment, verdicts *engine.Verdicts) ([]gate.Verdict, error) {
	if g.rules.Empty() {
		return nil, nil
	}
	in := gate.Input{Assessment: a, Now: g.now, NoBaseline: g.missing}
	if g.claims.undated {
		in.Undated = "nothing says when the evidence was collected (--collected-at does)"
	}
	if g.rules.Compares() && g.missing == "" {
		if err := g.compare(ctx, &in, history.Recorded{Assessment: a, Verdicts: verdicts}); err != nil {
			return nil, err
		}
	}
	if in.Baseline != nil && in.Baseline.Unfit() == "" { // what can't be compared is shown as if there were no baseline
		g.since = in.Baseline.Attribution
	}
	return gate.Judge(g.rules, in), nil
}

// compare finds the baseline and the assessments between, and compares with them.
func (g *gatekeeper) compare(ctx context.Context, in *gate.Input, after history.Recorded) error {
	before := history.Recorded{Assessment: g.baseline}
	var between []history.Recorded
	if g.baseline == nil || g.rules.InARow() > 1 {
		past, err := g.past(ctx, after.Assessment)
		switch {
		case g.baseline == nil && err == nil && len(past.entries) == 0 && past.self != nil:
			in.NoBaseline = "this is the first assessment of the tenant in the history, which the next one is compared with; --warn-only lets the first one pass"
			return nil
		case g.baseline == nil && (errors.Is(err, history.ErrNone) || err == nil && len(past.entries) == 0):
			in.NoBaseline = "the history has no assessment of the tenant before this one; 'posture assess PATH --record' adds them"
			return nil
		case errors.Is(err, history.ErrNone):
			in.NoEarlier = "there is no history; --record begins one"
		case err != nil:
			return err
		case g.rules.InARow() > 1 && past.self == nil:
			in.NoEarlier = "the history does not have this assessment; --record adds it"
		}
		if err == nil {
			if past.self != nil && after.Verdicts == nil {
				after.Verdicts = past.self.Verdicts
			}
			before, between = past.split(before, g.rules.InARow())
		}
	}
	var err error
	if in.Baseline, err = compareWith(before, after); err != nil {
		return err
	}
	for _, earlier := range between {
		c, err := compareWith(before, earlier)
		if err != nil {
			return err
		}
		in.Earlier = append(in.Earlier, *c)
	}
	return nil
}

func compareWith(before, after history.Recorded) (*gate.Comparison, error) {
	why, err := history.Compare(before, after)
	if err != nil {
		return nil, err
	}
	return &gate.Comparison{Before: before.Assessment, After: after.Assessment, Attribution: why}, nil
}

// past is what a store has of the time before an assessment.
type past struct {
	self    *history.Recorded // the assessment itself, if the store has it
	entries []history.Recorded
}

// past reads the last assessments of the tenant up to the time of one, the latest first, as many as the gates look at.
func (g *gatekeeper) past(ctx context.Context, a *engine.Assessment) (found past, err error) {
	store, err := history.OpenExisting(ctx, g.store)
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	own, err := history.EntryOf(0, a)
	if err != nil {
		return found, err
	}
	entries, err := g.entries(ctx, store, own)
	if err != nil {
		return found, err
	}
	for _, entry := range entries {
		recorded := history.Recorded{}
		if recorded.Assessment, err = store.Assessment(ctx, entry.Tenant.ID, entry.ID); err != nil {
			return found, err
		}
		if recorded.Verdicts, err = store.Verdicts(ctx, entry.Tenant.ID, entry.ID); err != nil {
			return found, err
		}
		if entry.Content == own.Content {
			found.self = &recorded
			continue
		}
		found.entries = append(found.entries, recorded)
	}
	return found, nil
}

// entries returns the last entries before one, as many as the gates look at, and the one itself, the latest first.
func (g *gatekeeper) entries(ctx context.Context, store *history.Store, own history.Entry) ([]history.Entry, error) {
	filter := history.Filter{Tenant: own.Tenant.ID, To: own.EvaluatedAt.Add(time.Microsecond), Newest: true}
	var entries []history.Entry
	others := 0
	for entry, err := range store.Entries(ctx, filter) {
		if err != nil {
			return nil, err
		}
		full := others == g.rules.InARow()
		if full && entry.EvaluatedAt.Before(own.EvaluatedAt) {
			break // the assessment itself can't come any more
		}
		self := entry.Content == own.Content
		if entry.Pruned || !self && full {
			continue
		}
		if !self {
			others++
		}
		entries = append(entries, entry)
	}
	return entries, nil
}

// split returns the baseline and the assessments after it, the latest first: of a file, or the entry that so many in a row can be counted from.
func (p past) split(baseline history.Recorded, inARow int) (before history.Recorded, between []history.Recorded) {
	last := min(inARow, len(p.entries)) - 1
	if baseline.Assessment == nil {
		return p.entries[last], p.entries[:last]
	}
	for _, entry := range p.entries {
		if len(between) == inARow-1 || !entry.Assessment.EvaluatedAt.After(baseline.Assessment.EvaluatedAt) {
			break
		}
		between = append(between, entry)
	}
	return baseline, between
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
