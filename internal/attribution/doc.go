// Package attribution says why a score changed: it compares two assessments, and gives every hundredth of a point and of a percent
// to one cause.
//
// # Method
//
// The causes are applied one after the other, in the order of [Causes]. After each of them the points of an action follow from the
// arithmetic of internal/score, so that the parts of an action add up to its change, those of all actions to the change of the
// score, and nothing is left over. What is left all the same, since an assessment does not add up by itself, is the residual.
//
// With s points of m before and t of n after, the percentage changes by (t-s)/n, which is what points changed, and s(1/n - 1/m),
// which is what the total changed. Both are linear in the changes of points and total, so each part has its own share of the
// percentage, whatever the order. Shares are rounded to hundredths so that they add up to the change that is shown.
//
// [Compare] knows the two assessments alone. What they do not tell apart it calls by one name ([Coverage], [Incomparable]), and
// never guesses. [Trace] knows the assessments in between: the new catalog over the old evidence, and so on.
//
// The package reads assessments and nothing else. It prints nothing.
package attribution
