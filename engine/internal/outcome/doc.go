// Package outcome turns what was loaded and counted, and what the organization decided, into the
// outcome, points, status and rank of each control.
//
// In the order of its files: the result of a control (result.go), fractions that rules grade (grade.go),
// evidence with unknown values (partial.go), what a rule decides whatever these are (explore.go),
// tenant-wide controls (tenant.go), attested ones (attested.go), coverage controls (coverage.go),
// statuses and decisions (decision.go), exceptions in the evidence (exception.go), prerequisites
// (prerequisite.go), ranking and the score (rank.go), and all of these in their order (decide.go).
//
// The arithmetic of points is in package score. The package reads no evidence, and knows no JSON.
package outcome
