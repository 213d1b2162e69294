// Package hcledit edits files of HCL that people write: it changes what it is asked to, and comments, order and formatting stay.
//
// [Document] is a text with the places of everything in it, and its methods change attributes and blocks. [File] is such a text in a file that
// is locked while it is edited, replaced as a whole or not at all, never made invalid, and can be brought back by one step.
//
// The package does not know what a file says: internal/register and internal/settings do.
package hcledit
