// Package memory lets the garbage collector rest while a process holds little.
//
// Most runs are over before a heap of a few megabytes is worth cleaning, and cleaning it again and again is a tenth of their time. A
// run that holds more is cleaned as often as any Go program: the peak of large assessments does not rise.
package memory
