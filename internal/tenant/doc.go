// Package tenant invents Microsoft 365 tenants and writes them as evidence bundles.
//
// A tenant is a pure function of a [Spec]: a profile, a size and a seed. A profile is data, in
// data/good, data/mixed and data/bad: "good" describes every dataset of a tenant as recommended,
// and "mixed" and "bad" hold their differences from it. What grows with the tenant (people, groups,
// mailboxes, devices) is computed: each record follows from the seed and its own index, so nothing
// is held in memory and a million people stream as easily as sixty. Shares are exact, never
// sampled: a profile that says 42 in 100 gets them, in every size.
//
// All names, addresses and identifiers are invented, apart from those that are the same in every
// tenant and that policies compare: the template ids of directory roles and directory settings, and
// the ids of built-in authentication strengths.
//
// The package is for tests, benchmarks and demonstrations. It knows datasets and their shapes; it
// does not know any control.
package tenant
