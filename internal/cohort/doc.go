// Package cohort compares a score with those of similar organizations. A benchmark says of cohorts of tenants (all of them, a seat band,
// an industry, a group of one's own) how they score: the mean and the percentiles of the percentage, in total and for each category,
// and which share of them completed each action.
//
// [Builder] makes a benchmark of many tenants' assessments, so that it names no tenant and no tenant's numbers can be worked out: see
// disclosure.go for what is held. [Read] reads a benchmark, which is foreign text. [Benchmark.Compare] compares an assessment with it.
//
// It does not print, and knows neither settings nor stores.
package cohort
