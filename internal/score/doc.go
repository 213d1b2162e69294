// Package score is the arithmetic of points: what an action earns, and what a set of actions adds up to.
//
// It is pure: no evidence, no policy, no clock. Points are whole hundredths, so that sums are exact and categories always
// add up to the total. Every rounding that the project does is in this package.
package score
