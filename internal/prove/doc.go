// Package prove looks for damage to evidence that earns points.
//
// It takes evidence that rules were written for (what the tests of a catalog give to them, and sample tenants), damages it one way after
// another, and assesses both. A score is never higher than the evidence shows, so no control may earn more over damaged evidence. Each
// control that does is a [Finding], with the record and the rule.
//
// It finds counterexamples. That it finds none is no proof that there are none: it tries one mutation at a time, of what the samples hold.
package prove
