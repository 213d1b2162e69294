// Package diff tells what differs between two catalogs, control by control, for those who have to know why a score moved.
//
// Controls are compared by id, and everything that is declared of them is: their points, what they read, their rules and the shared
// Rego below them, parameters, prerequisites, texts. What changed is named and, where it is short, given with its old and its new
// value. A rule counts as changed if it says something else; one that was only written differently is told apart.
//
// The package reads nothing and prints nothing: it takes catalogs as they were loaded. It doesn't tell what a change does to the score
// of a tenant: assess with both catalogs for that.
package compare
