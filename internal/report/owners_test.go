package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/decisions"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/schemas"
)

// owned is a page of decisions in all states, by owners some of whom want to be more than names.
func owned(t *testing.T) Owners {
	t.Helper()
	a := house(t)
	now := time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)
	on := func(days int) *time.Time {
		at := now.Truncate(24*time.Hour).AddDate(0, 0, days)
		return &at
	}
	all := []engine.Decision{
		{Status: engine.Planned, Owner: "ada@contoso.example", Due: on(-3), Ticket: "SEC-1", Tags: []string{"q2"}},
		{Status: engine.Planned, Owner: "Ada@contoso.example", Due: on(3)},
		{Status: engine.RiskAccepted, Owner: "=HYPERLINK(\"http://evil.example\")", Reason: "+1", Expires: on(10), ApprovedBy: "@ciso"},
		{Status: engine.Planned},
		{Status: engine.ThirdParty, Owner: "\x1b[2Jmallory\u202e", Expires: on(-1), Reason: strings.Repeat("so long ", 70)},
		{Status: engine.Planned, Owner: "ada@contoso.example", Due: on(90)},
	}
	decided := map[string]engine.Decision{"Gone": {Status: engine.Planned, Owner: "ada@contoso.example"}}
	for i, d := range all {
		decided[a.Actions[i].ID] = d
	}
	return Owners{Assessment: a, Now: now, Owners: decisions.ByOwner(decisions.List(a, decided, now))}
}

func TestOwners(t *testing.T) {
	plainly(t, "owners", "table", Style{}, owned(t))
	plainly(t, "owners-narrow", "table", Style{Width: 60}, owned(t))
	plainly(t, "owners-csv", "csv", Style{}, owned(t))
	plainly(t, "owners-markdown", "markdown", Style{}, owned(t))
	text := golden(t, "owners-json", "json", Style{}, owned(t))
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var document any
	must.Do(t, decoder.Decode(&document))
	expect.Equal(t, nil, schemas.Validate("owners", document))
	plainly(t, "owners-none", "table", Style{}, Owners{Assessment: house(t), Owners: []decisions.Owner{}})
}

// workbookOf writes a page as a workbook and reads it.
func workbookOf(t *testing.T, page Page) *excelize.File {
	t.Helper()
	var text bytes.Buffer
	must.Do(t, Write(&text, page, "xlsx", Style{}))
	for range 8 {
		var again bytes.Buffer
		must.Do(t, Write(&again, page, "xlsx", Style{}))
		if !bytes.Equal(text.Bytes(), again.Bytes()) {
			t.Fatal("written again it differs")
		}
	}
	file := must.Get(excelize.OpenReader(&text))(t)
	t.Cleanup(func() { must.Do(t, file.Close()) })
	return file
}

// TestWorkbook holds the types of cells: numbers and days can be computed with, and no text is a formula.
func TestWorkbook(t *testing.T) {
	file := workbookOf(t, owned(t))
	expect.Equal(t, []string{"Owners", "Decisions"}, file.GetSheetList())
	rows := must.Get(file.GetRows("Decisions", excelize.Options{RawCellValue: true}))(t)
	if len(rows) != 8 {
		t.Fatalf("there are %d rows", len(rows))
	}
	hostile := 0
	for i, row := range rows[1:] {
		for j, text := range row {
			cell := must.Get(excelize.CoordinatesToCellName(j+1, i+2))(t)
			kind := must.Get(file.GetCellType("Decisions", cell))(t)
			if formula := must.Get(file.GetCellFormula("Decisions", cell))(t); formula != "" {
				t.Errorf("%s is the formula %s", cell, formula)
			}
			style := must.Get(file.GetStyle(must.Get(file.GetCellStyle("Decisions", cell))(t)))(t)
			switch head := rows[0][j]; {
			case text == "":
			case head == "Points left" || head == "Effort" || strings.HasPrefix(head, "Days"):
				if kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
					t.Errorf("%s, %s: %q has the type %d", cell, head, text, kind)
				}
			case head == "Due" || head == "Expires":
				if style.CustomNumFmt == nil || *style.CustomNumFmt != dayFormat || len(text) != len("46188") {
					t.Errorf("%s, %s: %q is no day", cell, head, text)
				}
			default:
				if kind != excelize.CellTypeInlineString && kind != excelize.CellTypeSharedString || style.NumFmt != 49 && (style.CustomNumFmt == nil || *style.CustomNumFmt != textFormat) {
					t.Errorf("%s, %s: %q has the type %d and the format %d", cell, head, text, kind, style.NumFmt)
				}
				if strings.HasPrefix(text, "=HYPERLINK(") {
					hostile++
				}
			}
		}
	}
	expect.Equal(t, 2, hostile) // an owner, and a title
}

// TestWorkbookOfActions holds that a workbook has the columns of the portal, with percentages and times as numbers.
func TestWorkbookOfActions(t *testing.T) {
	file := workbookOf(t, listed(house(t), "rank", "status", "rank", "impact", "points", "due"))
	for _, name := range file.GetSheetList() {
		if len(name) > maxSheetName || strings.ContainsAny(name, `:\/?*[]`) {
			t.Errorf("a sheet is called %q", name)
		}
	}
	rows := must.Get(file.GetRows(file.GetSheetList()[0]))(t)
	expect.Equal(t, []string{"Rank", "Score impact", "Points achieved", "Due"}, rows[0])
	if !strings.HasPrefix(rows[1][1], "+") || !strings.HasSuffix(rows[1][1], " %") {
		t.Errorf("the impact is shown as %q", rows[1][1])
	}
	raw := must.Get(file.GetRows(file.GetSheetList()[0], excelize.Options{RawCellValue: true}))(t)
	if strings.ContainsAny(raw[1][1], "+% ") {
		t.Errorf("the impact is the text %q", raw[1][1])
	}
}

func TestSheetName(t *testing.T) {
	long := strings.Repeat("long ", 20)
	var names []string
	for _, title := range []string{"Owners", "owners", "", "a:b/c\\d?e*f[g]", "'quoted'", long, long, strings.Repeat("😀", 40), "\x00\x1b"} {
		names = append(names, sheetName(title, names))
	}
	expect.Equal(t, []string{
		"Owners", "owners (2)", "Sheet", "a b c d e f g", "quoted", "long long long long long long l", "long long long long long lo (2)",
		strings.Repeat("😀", 15), "Sheet (2)",
	}, names)
}
