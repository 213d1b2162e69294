// Package snapshot holds everything that is shown of one tenant at one moment: its latest assessment, what changed since the one before,
// its history and trends, whom it compares itself with, and what was decided.
//
// A snapshot is made whole and never changed. Who answers from one never mixes two.
//
// It shows nothing, and knows no server.
package snapshot
