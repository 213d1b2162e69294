package report

import (
	"errors"
	"io"
	"slices"

	"github.com/posture-score/posture/internal/suggest"
)

// Page is what one command shows. Its formats follow from the models that it has:
//
//	document() any         the value of its JSON; every page has one
//	table(*printer)        text for people, as "table"
//	text(*printer)         text for people, as "text"
//	sheet() sheet          one table of texts, for csv
//	sheets() []sheet       several, for markdown and xlsx
//	html(io.Writer) error  a file for a browser
//	comment() *comment     a comment of a pull request, for markdown
//	results() []Result     what checks and tests found, for sarif, junit, github and gitlab
//	assessed() Assessment  an assessment, for ndjson, oscal, ocsf, openmetrics and intoto
//	graph(io.Writer) error answers of Microsoft Graph, which render themselves
//	template(io.Writer) error  what a user's template makes of it
type Page interface{ document() any }

// Renderer writes pages in one format.
type Renderer struct {
	Format  string
	Renders func(Page) bool // whether the page has the model that the format is written from
	Render  func(io.Writer, Page, Style) error
}

// renderers returns the renderer of every format, in the order in which help pages name them.
func renderers() []Renderer {
	return []Renderer{
		renderer("table", func(w io.Writer, page interface{ table(*printer) }, style Style) error {
			return write(w, style, page.table)
		}),
		renderer("text", func(w io.Writer, page interface{ text(*printer) }, style Style) error {
			return write(w, style, page.text)
		}),
		renderer("json", writeJSON),
		renderer("ndjson", writeNDJSON),
		renderer("csv", writeCSV),
		renderer("xlsx", writeXLSX),
		renderer("markdown", writeComment),
		renderer("markdown", writeMarkdown),
		renderer("html", writeHTML),
		renderer("sarif", writeSARIF),
		renderer("junit", writeJUnit),
		renderer("github", writeGitHub),
		renderer("gitlab", writeGitLab),
		renderer("oscal", writeOSCAL),
		renderer("ocsf", writeOCSF),
		renderer("openmetrics", writeOpenMetrics),
		renderer("intoto", writeInToto),
		renderer("graph", writeGraph),
		renderer("template", writeTemplate),
	}
}

// renderer returns the renderer of a format that is written from the model M.
func renderer[M any](format string, write func(io.Writer, M, Style) error) Renderer {
	return Renderer{
		Format:  format,
		Renders: func(page Page) bool { _, ok := page.(M); return ok },
		Render:  func(w io.Writer, page Page, style Style) error { return write(w, page.(M), style) },
	}
}

// Formats returns the formats of a page, the usual one first.
func Formats(page Page) []string {
	var formats []string
	for _, r := range renderers() {
		if r.Renders(page) && !slices.Contains(formats, r.Format) {
			formats = append(formats, r.Format)
		}
	}
	return formats
}

// Binary reports whether a format is for programs alone, so that a terminal can't show it.
func Binary(format string) bool { return format == "xlsx" }

// Write writes a page in one of its [Formats]. Only text for people has a style.
func Write(w io.Writer, page Page, format string, style Style) error {
	for _, r := range renderers() {
		if r.Format == format && r.Renders(page) {
			return r.Render(w, page, style)
		}
	}
	return errors.New(suggest.OneOf("the format", format, Formats(page)))
}

// Explaining returns the formats that say where controls are declared, or how to comply with them: those that use the catalog of a page.
func Explaining() []string { return []string{"sarif", "junit", "github", "gitlab", "ocsf"} }
