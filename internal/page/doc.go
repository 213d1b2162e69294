// Package page renders the page: every tab for the server, and all of them as one file. Both are made of the same view models and
// templates, and both are complete without JavaScript.
//
// A tab is a file of Go with its view model, and a template of the same name. Templates contain no logic beyond conditions and loops, and
// all text goes through html/template: what comes from evidence, catalogs, registers and URLs is never trusted.
//
// The same snapshot and request give the same bytes. The package reads nothing and writes to an io.Writer alone.
package page
