// Package decide writes what people decide in front of a page or by a program: statuses with their reasons, owners and ends, notes, tags, plans,
// zones, a goal, a comparison, and that the last change is taken back.
//
// It holds the rules of who writes from a page: values that a register or settings would refuse are refused with a sentence for each field; an
// action that is completed, or whose status exceptions in the evidence decide, takes none by hand; an end that has passed is none; and whoever
// has not seen the latest state writes nothing. The files are those of internal/register and internal/settings, and stay valid.
//
// It knows no HTTP and no pages, and trusts nobody: who may write is for the caller to know.
package decide
