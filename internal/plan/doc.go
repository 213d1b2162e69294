// Package plan finds the cheapest set of actions that lifts a score to a target.
//
// Cheapest means the least effort in all, with the weights of [score.Effort]. The answer is exact, not a guess by rank, and the
// same for the same assessment: among sets of the same effort the one with most points is taken, then the one with fewest
// actions, then the one whose ids come first. Actions that wait for others bring them along; what the tenant's licenses don't
// allow, and risks that were accepted, are left alone unless [Options] say otherwise.
//
// The package reads nothing and decides nothing about an action: it takes an assessment as it is.
package plan
