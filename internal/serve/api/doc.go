// Package api answers programs: everything that the page shows as JSON, as the command line prints it, and the two answers of Microsoft Graph
// about Secure Score. openapi.json describes it.
//
// It renders no pages, loads nothing and signs nobody in: it takes snapshots of a source, and whom a request is from of its context.
// What is asked for is foreign text: a parameter that is unknown or beyond its bounds is refused, and never passed over.
package api
