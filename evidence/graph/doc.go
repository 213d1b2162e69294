// Package graph reads saved responses of Microsoft Graph and writes the
// datasets that they make.
//
// What a file answers is read from the "@odata.context" in it: file names are
// free, and one file may hold one response or an array of them. A list that
// came in pages is put together from all files of the same context, and is
// complete if exactly one of them has no "@odata.nextLink"; a list whose last
// page is missing is marked as failed. A saved error counts as the failed
// attempt at a dataset if the file is named like that dataset
// (entra.users.json) or like the endpoint with its slashes as underscores
// (identity_conditionalAccess_policies.json); in a file of any other name it is
// skipped. Members of a group are known by the context or, as Graph gives no
// better there, by the name groups_<id>_transitiveMembers.json. The one answer
// that is a bare array, of the Office 365 Management APIs, is known by the name
// of its dataset (purview.activity_subscriptions.json).
//
// Responses do not say when they were asked for, and the list of a tenant's
// users looks like the list of another's: the caller gives the time, and one
// folder is for one tenant and one collection.
//
// Two things do not show in a response, and are the collector's duty: a page
// in the middle that was not saved, unless the request asked for $count, and a
// $filter. Files that are not understood are reported, never dropped in
// silence. Which files there are is found out by package folder.
package graph
