// Package explain shows why a rule has the value that it has: the expressions that failed, with the values of what they name, and
// the steps of the evaluation.
//
// It evaluates with OPA's topdown alone, without the index of rules, so that every body of a rule is tried. It decides nothing:
// outcomes and the results of tests come from elsewhere.
package explain
