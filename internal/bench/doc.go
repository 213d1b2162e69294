// Command bench measures posture against other programs that evaluate Rego: whole processes, over
// the same evidence, with the same rules; and the built-in catalog against what it takes to read
// its evidence. `make bench` runs it; bench help explains its
// commands.
//
// The evidence comes from internal/bench/synthetic, the rules from internal/bench/rules, and
// internal/bench/measure counts what processes cost. Those of posture are this program itself, as
// another command; the peers, opa and conftest, are built from the Go module proxy. This package
// decides who runs over what and which ratios matter. It is a tool for developers: no part of
// posture imports it.
package main
