package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/gate"
	"github.com/posture-score/posture/internal/gate/rule"
	"github.com/posture-score/posture/internal/history"
)

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
