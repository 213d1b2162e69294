package register

import (
	"errors"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/diag"
)

// Facts is what [Lint] has to know besides a register.
type Facts struct {
	Now time.Time            // at which days are over
	Of  func(id string) Fact // what is known of an action
}

// Fact is what is known of an action.
type Fact struct {
	Absent     bool                  // no action has this id
	Unknown    string                // of one that is absent: a sentence that begins with a space and says which was probably meant, or ""
	Retired    string                // why it is evaluated no more, in a phrase; "" if it is evaluated
	Exceptions bool                  // exceptions in the evidence decide its status
	Uncounted  bool                  // it counts no records
	Unmet      func(key string) bool // reports whether no record in scope has the key of an exclusion; nil if there is no evidence
}

// Lint returns all that is wrong with the text of a register: what [Read] refuses, or else decisions that have no effect or contradict themselves,
// and warnings about those that are over, or hold for ever. It is nil if nothing is.
func Lint(filename string, src []byte, facts Facts) (*diag.Problems, error) {
	r, err := Read(filename, src)
	if err != nil {
		return nil, err
	}
	body, diags := parse(filename, src)
	l := linter{facts: facts, diags: diags}
	if body != nil {
		for _, block := range body.Blocks {
			l.action(block, r.decisions[block.Labels[0]])
		}
	}
	return diag.New(l.diags, map[string]*hcl.File{filename: {Bytes: src}}), nil
}

type linter struct {
	facts Facts
	diags hcl.Diagnostics
}

func (l *linter) errorf(at hcl.Range, summary, format string, args ...any) {
	l.diags = append(l.diags, problem(at, summary, format, args...))
}

func (l *linter) warnf(at hcl.Range, summary, format string, args ...any) {
	d := problem(at, summary, format, args...)
	d.Severity = hcl.DiagWarning
	l.diags = append(l.diags, d)
}

func (l *linter) action(block *hclsyntax.Block, d engine.Decision) {
	id, fact := block.Labels[0], l.facts.Of(block.Labels[0])
	switch {
	case fact.Absent:
		l.errorf(block.LabelRanges[0], "Unknown action", "No action of the catalog is called %.60q: what is decided about it has no effect.%s", id, fact.Unknown)
		return
	case fact.Retired != "":
		l.warnf(block.LabelRanges[0], "Retired action", "What is decided about %s has no effect: %s. Remove it with 'posture action unset %s --all'.", id, fact.Retired, id)
		return
	case fact.Exceptions && d.Status != engine.ToAddress:
		l.errorf(placeOf(block, "status"), "No status by hand", "Exceptions in the evidence decide the status of %s: this one has no effect. Remove it.", id)
	}
	l.status(block, d)
	l.days(block, d)
	seen := map[string]*hclsyntax.Block{}
	for _, inner := range block.Body.Blocks {
		if inner.Type != "exclude" {
			continue
		}
		if first := seen[foldKey(inner.Labels[0])]; first != nil {
			l.errorf(inner.LabelRanges[0], "Duplicate exclusion", "The case of keys does not matter: this record is excluded in line %d already. Remove one of the two.", first.DefRange().Start.Line)
		}
		seen[foldKey(inner.Labels[0])] = inner
		l.exclusion(inner, d, fact)
	}
	if d.ChangedAt != nil && d.ChangedAt.After(l.facts.Now.Add(24*time.Hour)) {
		l.warnf(placeOf(block, "changed_at"), "Changed in the future", "The decision was changed on %s, which is yet to come.", moment(d.ChangedAt))
	}
}

// status checks what goes with a status.
func (l *linter) status(block *hclsyntax.Block, d engine.Decision) {
	status := statusWords(d.Status)
	switch d.Status {
	case engine.RiskAccepted, engine.ThirdParty, engine.AlternateMitigation:
		if d.Expires == nil {
			l.warnf(placeOf(block, "status"), "No end", "The status %s holds for ever. Say with expires when it is to be looked at again.", status)
		}
		if d.Due != nil {
			l.warnf(placeOf(block, "due"), "Nothing is due", "Only a planned action is due, and this one is %s. Remove the date, or give it the status planned.", status)
		}
	case engine.Planned:
		if d.Due == nil {
			l.warnf(placeOf(block, "status"), "No due date", "Nobody is reminded of a planned action that has no date. Say with due by when it is to be done.")
		}
	default:
		l.undecided(block, d)
	}
}

// undecided checks an action that is to address.
func (l *linter) undecided(block *hclsyntax.Block, d engine.Decision) {
	for _, name := range []string{"reason", "approved_by"} {
		if block.Body.Attributes[name] != nil {
			l.warnf(placeOf(block, name), "No decision", "An action that is to address needs no %s: nothing is decided about it. Give it a status, or remove the attribute.", name)
		}
	}
	if d.Due != nil {
		l.warnf(placeOf(block, "due"), "Nothing is due", "Only a planned action is due, and this one is to address. Remove the date, or give it the status planned.")
	}
}

// days checks the days of a status.
func (l *linter) days(block *hclsyntax.Block, d engine.Decision) {
	now := l.facts.Now
	over := d.Expires != nil && !d.Expires.After(now)
	if over {
		l.warnf(placeOf(block, "expires"), "Expired", "The status %s ended on %s: the action is to address again. Decide anew, or remove it.", statusWords(d.Status), moment(d.Expires))
	}
	if d.Status != engine.Planned || d.Due == nil {
		return
	}
	if d.Due.Before(now) && !over {
		l.warnf(placeOf(block, "due"), "Overdue", "The action was to be done by %s.", moment(d.Due))
	}
	if d.Expires != nil && !d.Expires.After(*d.Due) {
		l.errorf(placeOf(block, "due"), "Ends before it is due", "The status planned ends on %s, and the action may be done until %s: the plan is void before it is due.", moment(d.Expires), moment(d.Due))
	}
}

func (l *linter) exclusion(block *hclsyntax.Block, d engine.Decision, fact Fact) {
	key := block.Labels[0]
	for _, x := range d.Exclude {
		if x.Key != key {
			continue
		}
		where := block.LabelRanges[0]
		switch {
		case fact.Uncounted:
			l.errorf(where, "Nothing to exclude", "The action counts no records: there is nothing to exclude from it. Remove the exclusion.")
		case x.Expires != nil && !x.Expires.After(l.facts.Now):
			l.warnf(placeOf(block, "expires"), "Expired", "The exclusion ended on %s: the record is in scope again. Decide anew, or remove it.", moment(x.Expires))
		case fact.Unmet != nil && fact.Unmet(key):
			l.warnf(where, "Unknown record", "No record in scope has the key %.60q: the exclusion has no effect. 'posture action show' lists keys of failing records, in parentheses.", key)
		case x.Expires == nil:
			l.warnf(where, "No end", "The exclusion holds for ever. Say with expires when it is to be looked at again.")
		}
	}
}

// placeOf returns where an attribute of a block stands, or where the block begins.
func placeOf(block *hclsyntax.Block, name string) hcl.Range {
	if attribute, ok := block.Body.Attributes[name]; ok {
		return attribute.Range()
	}
	return block.DefRange()
}

// foldKey returns the key of a record in a form that ignores case, as the evidence compares it.
func foldKey(key string) string { return strings.ToLower(strings.ToUpper(key)) }

// LintFile is [Lint] of a file. What [Read] refuses is among the problems.
func LintFile(path string, facts Facts) (*diag.Problems, error) {
	text, err := file(path).Load()
	if err != nil {
		return nil, err
	}
	problems, err := Lint(path, text, facts)
	if errors.As(err, &problems) {
		return problems, nil
	}
	return problems, err
}
