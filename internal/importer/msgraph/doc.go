// Package graph reads saved responses of Microsoft Graph and writes the
// datasets that they make.
//
// What a page answers is read from the address of its request or of its next
// page, then from the name of a file that is named after the members of a
// group, then from its "@odata.context". File names are free otherwise, and one
// file may hold one response, an array of them, or the answer to a batch. Lists
// and objects without a response around them, as PowerShell saves them, are
// known by the name of the file: that of a cmdlet of Microsoft Graph PowerShell
// or of the dataset.
//
// A list that came in pages is put together from all files of the same context,
// and is complete if exactly one of them has no "@odata.nextLink". Several
// answers to one request have to agree: then they make one dataset, and
// otherwise it is failed. Lists that an address, a count or a name shows to be a
// part are failed, unless two parts are all of it.
//
// One file that can't be read costs the dataset that it is named after and no
// other. A saved error counts as the failed attempt at a dataset if the file is
// named like that dataset (entra.users.json) or like the endpoint with its
// slashes as underscores (identity_conditionalAccess_policies.json); in a file
// of any other name it is skipped. Files that are not understood are reported,
// never dropped in silence.
//
// Two datasets are put together of several endpoints: role assignments, by
// holder, role and scope; and the members of groups, with the list of groups of
// which all users are known. A group that is not in that list has members that
// nobody knows.
//
// Responses do not say when they were asked for, and the list of a tenant's
// users looks like the list of another's: the caller gives the time, and one
// folder is for one tenant and one collection. A filter in an answer of a
// single page, and a page in the middle that was not saved, do not show, and
// are the collector's duty. Which files there are is found out by package folder.
package msgraph
