package report

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/must"
)

// table returns a sheet as it is stored: its head, and its rows by the texts of their cells.
func table(t *testing.T, file *excelize.File, sheet string) (head []string, rows [][]string) {
	t.Helper()
	all := must.Get(file.GetRows(sheet, excelize.Options{RawCellValue: true}))(t)
	return all[0], all[1:]
}

// TestWorkbookOfAssessment has the summary, all actions, each failing record that is named, and the history.
func TestWorkbookOfAssessment(t *testing.T) {
	page := pages(t)["ordinary"]
	page.History = []history.Entry{{ID: 2, EvaluatedAt: time.Date(2026, 3, 1, 6, 0, 0, 0, time.UTC), Origin: history.Posture, Hash: "ab"}, {ID: 1, EvaluatedAt: time.Date(2026, 2, 1, 6, 0, 0, 0, time.UTC), Origin: history.Microsoft}}
	file := workbookOf(t, page)
	expect.Equal(t, []string{"Summary", "Actions", "Failing records", "History"}, file.GetSheetList())
	_, rows := table(t, file, "Summary")
	figures := map[string][]string{}
	for _, row := range rows {
		figures[row[0]] = row[1:]
	}
	expect.Equal(t, []string{page.Score.Achieved.String(), page.Score.Total.String(), fmt.Sprint(page.Score.Percent.Float())}, figures["Secure score"])
	head, rows := table(t, file, "Actions")
	expect.Equal(t, len(page.Actions), len(rows))
	named := 0
	for i := range page.Actions {
		if page.Actions[i].Failing != nil {
			named += len(page.Actions[i].Failing.Shown)
		}
	}
	for _, column := range []string{"Points achieved", "Points possible", "Failing records", "Reasons"} {
		if !strings.Contains(strings.Join(head, "|"), column) {
			t.Errorf("the actions lack %s", column)
		}
	}
	expect.Equal(t, "posture", must.Get(file.GetDocProps())(t).Creator)
	_, rows = table(t, file, "Failing records")
	expect.Equal(t, named, len(rows))
	_, rows = table(t, file, "History")
	expect.Equal(t, []string{"2", "1"}, []string{rows[0][0], rows[1][0]})
	expect.Equal(t, []string{"Summary", "Actions", "Failing records"}, workbookOf(t, pages(t)["empty"]).GetSheetList())
}

// TestWorkbookHostile has no formula in any cell, and no control character, whatever the evidence says.
func TestWorkbookHostile(t *testing.T) {
	for name, page := range pages(t) {
		for i, text := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "|x", "=HYPERLINK(\"http://x\")"} {
			page.Actions = append(page.Actions, action(text, text, 0, 5, engine.NotMet))
			page.Actions[len(page.Actions)-1].Failing = &engine.Failing{Total: 1, Shown: []engine.Record{{Key: text, Label: fmt.Sprint(text, i)}}}
		}
		file := workbookOf(t, page)
		for _, sheet := range file.GetSheetList() {
			head, rows := table(t, file, sheet)
			for i, row := range rows {
				for j, text := range row {
					cell := must.Get(excelize.CoordinatesToCellName(j+1, i+2))(t)
					if formula := must.Get(file.GetCellFormula(sheet, cell))(t); formula != "" {
						t.Errorf("%s, %s %s: the formula %q", name, sheet, cell, formula)
					}
					kind := must.Get(file.GetCellType(sheet, cell))(t)
					if text != "" && strings.ContainsAny(text[:1], "=+-@|") && head[j] != "Score impact" && kind != excelize.CellTypeInlineString && kind != excelize.CellTypeSharedString {
						t.Errorf("%s, %s %s: %q has the type %d", name, sheet, cell, text, kind)
					}
					if strings.ContainsAny(text, "\x00\x1b\u202e\r\n") {
						t.Errorf("%s, %s %s: %q", name, sheet, cell, text)
					}
				}
			}
		}
	}
}

// TestWorkbookLimits says in the last row what a worksheet has no room for, and in a cell what it has none for.
func TestWorkbookLimits(t *testing.T) {
	for count, want := range map[int][]string{3: {"0", "1", "2"}, 4: {"0", "1", "2 more rows: a worksheet has no room for them"}, 9: {"0", "1", "7 more rows: a worksheet has no room for them"}} {
		file := excelize.NewFile()
		book := must.Get(newWorkbook(file))(t)
		book.mostRows = 4
		s := sheet{title: "Records", heads: []head{{name: "Number", number: true}}}
		for i := range count {
			s.rows = append(s.rows, []string{fmt.Sprint(i)})
		}
		must.Do(t, book.add(s))
		_, rows := table(t, file, "Records")
		var got []string
		for _, row := range rows {
			got = append(got, row[0])
		}
		expect.Equalf(t, want, got, "%d rows", count)
		must.Do(t, file.Close())
	}
	for _, text := range []string{strings.Repeat("x", 64<<10), strings.Repeat("😀", 40_000), strings.Repeat("x", maxCellText+1)} {
		got := fitting(text)
		if n := len(utf16.Encode([]rune(got))); n > maxCellText || n < maxCellText-100 || !strings.HasSuffix(got, " more characters: a cell has no room for them)") {
			t.Errorf("%d units, which end in %q", n, got[len(got)-80:])
		}
	}
	exact := strings.Repeat("x", maxCellText)
	expect.Equal(t, exact, fitting(exact))
}
