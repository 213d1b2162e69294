// Package gcpace lets the garbage collector rest while a process holds little, and press on while it holds much.
//
// The heap may grow by the same number of bytes whatever is in use, within bounds: Go's own pace is a share of what is in use, which
// cleans a heap of a few megabytes again and again, and doubles what joins hold for a hundred thousand users.
//
// The pace is that of the whole process, so that only its main function may set it: package engine never does.
package gcpace
