package history

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/posture-score/posture/engine"
)

// Row is the result of one action in one entry.
type Row struct {
	Entry    int64 // its number
	Action   string
	Category string
	Product  string
	Outcome  engine.Outcome
	Status   engine.Status
	Preview  bool
	Achieved engine.Points
	Max      engine.Points
	Coverage *engine.Coverage // nil if no records were counted
}

// Counts reports whether the action is part of the score.
func (r Row) Counts() bool { return r.Outcome != engine.NotApplicable && !r.Preview }

func (r Row) named() named { return named{r.Action, r.Category, r.Product} }

// counts returns the numbers of records as arguments of a statement.
func (r Row) counts() []any {
	if r.Coverage == nil {
		return []any{nil, nil, nil}
	}
	return []any{r.Coverage.Compliant, r.Coverage.InScope, r.Coverage.Records}
}

// number returns how a truth is stored.
func number(truth bool) int16 {
	if truth {
		return 1
	}
	return 0
}

// outcomes returns the words for outcomes; the place of a word, from 1, is what is stored. New ones go to the end.
func outcomes() []engine.Outcome {
	return []engine.Outcome{engine.Complete, engine.Partial, engine.NotMet, engine.NotApplicable, engine.NoEvidence, engine.Errored}
}

// statuses returns the words for statuses, as outcomes does.
func statuses() []engine.Status {
	return []engine.Status{engine.ToAddress, engine.Planned, engine.RiskAccepted, engine.ThirdParty, engine.AlternateMitigation, engine.Completed}
}

// code16 returns what is stored of a word; 0 if it is unknown.
func code16[W comparable](words []W, word W) int16 { return int16(slices.Index(words, word) + 1) }

// word returns the word that is stored.
func word[W ~string](words []W, stored int16) (W, error) {
	if stored < 1 || int(stored) > len(words) {
		return "", fmt.Errorf("a result has the unknown word %d: somebody changed it", stored)
	}
	return words[stored-1], nil
}

// rowsOf returns the results of an assessment, sorted by the ids of actions.
func rowsOf(a *engine.Assessment) ([]Row, error) {
	rows := make([]Row, len(a.Actions))
	for i := range a.Actions {
		action := &a.Actions[i]
		row := Row{
			Action: action.ID, Category: action.Category, Product: action.Product, Outcome: action.Outcome, Status: action.Status,
			Preview: action.Stage == engine.Preview, Achieved: action.Points.Achieved, Max: action.Points.Max, Coverage: action.Coverage,
		}
		switch {
		case i > 0 && a.Actions[i-1].ID >= action.ID:
			return nil, fmt.Errorf("the actions of the assessment are not in order at %q", clip(action.ID))
		case action.ID == "" || !plain(action.ID) || !plain(action.Category) || !plain(action.Product):
			return nil, fmt.Errorf("the action %q can't be stored: its id, category or product has control characters, or more than %d bytes", clip(action.ID), maxName)
		case code16(outcomes(), row.Outcome) == 0:
			return nil, fmt.Errorf("the action %q has the unknown outcome %q", clip(action.ID), clip(string(row.Outcome)))
		case code16(statuses(), row.Status) == 0:
			return nil, fmt.Errorf("the action %q has the unknown status %q", clip(action.ID), clip(string(row.Status)))
		}
		rows[i] = row
	}
	return rows, nil
}

// Sum is what the actions of one category, product and status that count sum up to in one entry.
type Sum struct {
	Entry    int64 // its number
	Category string
	Product  string
	Status   engine.Status
	Actions  int
	Achieved engine.Points
	Total    engine.Points
}

// Left returns what the actions can still earn.
func (s Sum) Left() engine.Points { return s.Total - s.Achieved }

// sumsOf returns the sums of results, sorted by category, product and the place of the status.
func sumsOf(rows []Row) []Sum {
	var sums []Sum
	place := map[Sum]int{}
	for _, r := range rows {
		if !r.Counts() {
			continue
		}
		group := Sum{Entry: r.Entry, Category: r.Category, Product: r.Product, Status: r.Status}
		at, ok := place[group]
		if !ok {
			at = len(sums)
			place[group] = at
			sums = append(sums, group)
		}
		sums[at].Actions++
		sums[at].Achieved += r.Achieved
		sums[at].Total += r.Max
	}
	slices.SortFunc(sums, func(a, b Sum) int {
		return cmp.Or(cmp.Compare(a.Category, b.Category), cmp.Compare(a.Product, b.Product), cmp.Compare(code16(statuses(), a.Status), code16(statuses(), b.Status)))
	})
	return sums
}
