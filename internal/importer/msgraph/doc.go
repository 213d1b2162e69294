// Package msgraph imports saved responses of Microsoft Graph.
//
// The files are stages: endpoint.go and filename.go say what is known of endpoints and of names, request.go parses
// contexts and addresses, read.go splits a file into pages, plan.go says which request a page answers, gather.go
// combines pages into whole answers, merge.go merges several answers to one request, records.go streams the records,
// roles.go and members.go combine endpoints, and import.go writes the datasets.
//
// What a page answers is known by the address of its request or of its next page, then by the name of a file that is
// named after the members of a group, then by its "@odata.context". File names are free otherwise, and one file may hold
// one response, an array of them, or the answer to a batch. Lists and objects without a response around them, as
// PowerShell saves them, are known by the name of the file: that of a cmdlet of Microsoft Graph PowerShell or of the
// dataset.
//
// A paged list is combined from all files of the same context, and is complete if exactly one of them has no
// "@odata.nextLink". Several answers to one request make one dataset if they agree, and otherwise it failed. Lists that an
// address, a count or a name shows to be a part failed, unless two parts are all of it.
//
// A file that cannot be read costs the dataset that it is named after and no other. A saved error makes a dataset failed
// if the file is named like that dataset (entra.users.json) or like the endpoint with its slashes as underscores
// (identity_conditionalAccess_policies.json); a file of any other name is skipped.
//
// Two datasets combine several endpoints: role assignments, by holder, role and scope; and the members of groups, with
// the list of groups of which all users are known. A group that is not in that list has unknown members.
//
// The package does not find out when responses were saved, nor whether the users of a folder are those of one tenant: the
// caller passes the time, and one folder is for one tenant and one collection. A filter in an answer of a single page, and
// a page in the middle that was not saved, do not show.
package msgraph
