// Package report writes pages in formats: for people as text, and for programs as JSON, CSV, Markdown, SARIF and JUnit XML.
//
// A command builds a [Page] and calls [Write]. The formats of a page follow from its methods; see docs/formats.md.
//
// It decides nothing: everything it shows is in the page. The same page gives the same bytes; color is used only if the [Style]
// asks for it. Foreign text can't control a terminal.
package report
