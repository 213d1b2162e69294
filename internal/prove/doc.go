// Package prove looks for damage to evidence that earns points.
//
// It reads evidence that rules were written for (the inputs of a catalog's tests, and sample
// tenants), damages it one way after another, and assesses both. A score is never higher than the
// evidence shows, so no control may earn more over damaged evidence. Each control that does is a
// [Finding], with the record and the rule.
//
// It searches for counterexamples. Finding none proves nothing: it tries one mutation at a time, of
// what the samples hold.
package prove
