// Package gcpace lets the garbage collector rest while a process holds little, and press on while it holds much.
//
// Most runs are over before a heap of a few megabytes is worth cleaning, and cleaning it again and again is a tenth of their time. A
// run that holds more is cleaned as often as any Go program, and one that holds much more often: what joins hold for a hundred
// thousand users would be doubled by garbage otherwise.
package gcpace
