package report

import (
	"encoding/csv"
	"io"
	"strings"
)

// sheet is a table of texts in full length, for programs and documents.
type sheet struct {
	title string
	heads []head
	rows  [][]string
}

// head is the head of a column.
type head struct {
	name   string
	number bool // it stands to the right, and is ours: no foreign text
	date   bool // days or times in UTC, as 2026-01-31 or RFC 3339
}

// writeCSV writes a sheet as CSV. Text that a spreadsheet would take for a formula is made text.
func writeCSV(w io.Writer, page interface{ sheet() sheet }, _ Style) error {
	out, sheet := csv.NewWriter(w), page.sheet()
	row := make([]string, len(sheet.heads))
	for i, head := range sheet.heads {
		row[i] = head.name
	}
	if err := out.Write(row); err != nil {
		return err
	}
	for _, cells := range sheet.rows {
		for i, cell := range cells {
			if row[i] = clean(cell); !sheet.heads[i].number {
				row[i] = inert(row[i])
			}
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// inert keeps a spreadsheet from running text as a formula, by an apostrophe in front of it (OWASP, "CSV Injection").
func inert(text string) string {
	if first := strings.TrimLeft(text, " '\u00a0"); first != "" && strings.ContainsAny(first[:1], "=+-@") {
		return "'" + text
	}
	for _, wide := range []string{"＝", "＋", "－", "＠"} {
		if strings.HasPrefix(strings.TrimLeft(text, " "), wide) {
			return "'" + text
		}
	}
	return text
}

// Cell returns foreign text as a cell of CSV has it: without what steers a terminal, and no formula.
func Cell(text string) string { return inert(clean(text)) }
