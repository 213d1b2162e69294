// Package settings reads posture.hcl: what an organization says of itself once, for every command. The file is found upward from the
// working directory, and everything that is wrong with it is told with its place.
//
// It holds who the organization is (for comparisons), where its history is kept and for how long, its zones, its goal, and whom it
// compares itself with. It does not open what the file names, and flags of a command come before it.
package settings
