// Package scaffold writes a new control for its author to change: the HCL, the Rego and the tests, with comments that teach
// what each part is for. What it writes loads, passes the check and its own tests as it stands.
//
// It neither reads nor changes what a catalog holds already, and never overwrites a file.
package scaffold
