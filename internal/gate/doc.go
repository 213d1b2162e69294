// Package gate judges an assessment by what an organization requires of it: a least score, no regressions since a baseline, fresh
// evidence, and so on. It takes assessments and comparisons and returns verdicts. It reads no files and prints nothing.
//
// # What can't be judged is no pass
//
// A gate that needs something that is not there (a baseline, evidence, a comparison with another tenant) is [Incomparable], which fails
// as [NotMet] does and says what is needed. So less evidence never turns a gate that fails into one that is met: each gate asks not only for
// what it forbids, but also whether there was enough to see it.
//
// # Regressions
//
// Whether an action regressed follows from package attribution: a part of its change has the cause configuration and costs points, or
// records that were there both times stopped being compliant. What a grown population, another catalog, a license, a decision or time
// costs is no regression. Where two assessments do not tell (population and settings changed at once), the action is incomparable; with
// record keys they do.
package gate
