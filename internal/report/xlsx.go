package report

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// writeXLSX writes sheets as a workbook. Numbers are numbers, days are days, and foreign text is text: its cells have the format of text,
// so that a spreadsheet does not take it for a formula even when somebody edits it.
func writeXLSX(w io.Writer, page interface{ sheets() []sheet }, _ Style) (err error) {
	file := excelize.NewFile()
	defer func() {
		if closed := file.Close(); err == nil {
			err = closed
		}
	}()
	book, err := newWorkbook(file)
	if err != nil {
		return err
	}
	for _, sheet := range page.sheets() {
		if err := book.add(sheet); err != nil {
			return fmt.Errorf("writing the sheet %q: %w", sheet.title, err)
		}
	}
	var text bytes.Buffer
	if err := file.Write(&text); err != nil {
		return err
	}
	return inOrder(w, text.Bytes())
}

// Properties of a workbook (ECMA-376, part 2, 11): who made it, and no times. The library writes its own without prefixes, which are
// optional in XML, and which exceljs needs.
const (
	propertiesName = "docProps/core.xml"
	properties     = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>posture</dc:creator><cp:lastModifiedBy>posture</cp:lastModifiedBy></cp:coreProperties>`
)

// inOrder writes a ZIP archive with its files sorted by name, since the library takes them out of a map, and with our properties.
func inOrder(w io.Writer, archive []byte) error {
	in, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return err
	}
	slices.SortFunc(in.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	out := zip.NewWriter(w)
	for _, file := range in.File {
		if file.Name != propertiesName {
			err = out.Copy(file)
		} else if part, created := out.Create(file.Name); created == nil {
			_, err = io.WriteString(part, properties)
		} else {
			err = created
		}
		if err != nil {
			return err
		}
	}
	return out.Close()
}

// Limits of a worksheet (Microsoft, "Excel specifications and limits"): its rows, and the units of UTF-16 in a cell.
const (
	maxSheetRows = 1_048_576
	maxCellText  = 32_767
)

// workbook is a file with the styles of its cells.
type workbook struct {
	file     *excelize.File
	names    []string // of its sheets
	ids      map[string]int
	mostRows int // of a sheet, with its head
}

// The formats of cells (ECMA-376, part 1, 18.8.30 and 18.8.31).
const (
	textFormat    = "@"
	dayFormat     = "yyyy-mm-dd"
	timeFormat    = "yyyy-mm-dd hh:mm"
	percentFormat = `0.00" %"`
	changeFormat  = `+0.00" %"`
	headFormat    = ""
)

func newWorkbook(file *excelize.File) (*workbook, error) {
	b := &workbook{file: file, ids: map[string]int{}, mostRows: maxSheetRows}
	for _, format := range []string{textFormat, dayFormat, timeFormat, percentFormat, changeFormat} {
		id, err := file.NewStyle(&excelize.Style{CustomNumFmt: &format, Alignment: &excelize.Alignment{Vertical: "top"}})
		if err != nil {
			return nil, err
		}
		b.ids[format] = id
	}
	id, err := file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	b.ids[headFormat] = id
	return b, err
}

// add appends a sheet: its head stays in sight, and its columns can be filtered. If it has more rows than there is room for, the last one
// says how many are left out.
func (b *workbook) add(s sheet) error {
	name := sheetName(s.title, b.names)
	b.names = append(b.names, name)
	if len(b.names) == 1 {
		if err := b.file.SetSheetName("Sheet1", name); err != nil {
			return err
		}
	} else if _, err := b.file.NewSheet(name); err != nil {
		return err
	}
	out, err := b.file.NewStreamWriter(name)
	if err != nil {
		return err
	}
	if err := b.layout(out, s); err != nil {
		return err
	}
	row := make([]any, len(s.heads))
	for i, head := range s.heads {
		row[i] = excelize.Cell{StyleID: b.ids[headFormat], Value: clean(head.name)}
	}
	if err := out.SetRow("A1", row); err != nil {
		return err
	}
	rows, left := s.rows, len(s.rows)+1-b.mostRows
	if left > 0 {
		left++ // for the row that says so
		rows = rows[:len(rows)-left]
	}
	for i, cells := range rows {
		for j, cell := range cells {
			row[j] = b.cell(s.heads[j], cell)
		}
		if err := out.SetRow("A"+strconv.Itoa(i+2), row[:len(cells)]); err != nil {
			return err
		}
	}
	if left > 0 {
		note := excelize.Cell{StyleID: b.ids[textFormat], Value: fmt.Sprintf("%d more rows: a worksheet has no room for them", left)}
		if err := out.SetRow("A"+strconv.Itoa(b.mostRows), []any{note}); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil || len(s.heads) == 0 {
		return err
	}
	last, err := excelize.CoordinatesToCellName(len(s.heads), len(rows)+1)
	if err != nil {
		return err
	}
	return b.file.AutoFilter(name, "A1:"+last, nil)
}

// Bounds of the width of a column, in characters.
const (
	leastWidth = 8
	mostWidth  = 60
)

// layout sets the widths of columns, and keeps the head in sight.
func (b *workbook) layout(out *excelize.StreamWriter, s sheet) error {
	for i, head := range s.heads {
		width := max(leastWidth, columns(clean(head.name))+2)
		for _, row := range s.rows {
			width = max(width, columns(clean(row[i]))+1)
		}
		if err := out.SetColWidth(i+1, i+1, float64(min(width, mostWidth))); err != nil {
			return err
		}
	}
	return out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

// cell returns the value of a cell in its type. What is not of the type that its column says is text.
func (b *workbook) cell(h head, text string) any {
	if text == "" {
		return nil
	}
	if h.date {
		if at, err := time.Parse(time.DateOnly, text); err == nil {
			return excelize.Cell{StyleID: b.ids[dayFormat], Value: at}
		}
		if at, err := time.Parse(time.RFC3339, text); err == nil {
			return excelize.Cell{StyleID: b.ids[timeFormat], Value: at.UTC()}
		}
	}
	if h.number {
		bare, percent := strings.CutSuffix(text, " %")
		if number, err := strconv.ParseFloat(bare, 64); err == nil && plainNumber(bare) {
			if percent && strings.HasPrefix(bare, "+") {
				return excelize.Cell{StyleID: b.ids[changeFormat], Value: number}
			}
			if percent {
				return excelize.Cell{StyleID: b.ids[percentFormat], Value: number}
			}
			return number
		}
	}
	return excelize.Cell{StyleID: b.ids[textFormat], Value: fitting(clean(text))}
}

// fitting returns a text that a cell has room for. What is left out is counted.
func fitting(text string) string {
	length := 0
	for _, r := range text {
		length += utf16.RuneLen(r)
	}
	if length <= maxCellText {
		return text
	}
	const note = "… (%d more characters: a cell has no room for them)"
	begin := units(text, maxCellText-len(note)-len("4294967295"))
	return begin + fmt.Sprintf(note, utf8.RuneCountInString(text)-utf8.RuneCountInString(begin))
}

// plainNumber reports whether a text has digits, a sign and a point alone: no exponent, and no word such as inf.
func plainNumber(text string) bool { return strings.Trim(text, "0123456789.+-") == "" }

// maxSheetName is the length of a sheet's name, in units of UTF-16.
const maxSheetName = 31

// sheetName returns the name of a sheet for a title: without the characters that names can't have, and unlike those before it.
func sheetName(title string, before []string) string {
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) {
			return ' '
		}
		return r
	}, clean(title))
	name = strings.Trim(strings.Join(strings.Fields(name), " "), "'")
	if name == "" {
		name = "Sheet"
	}
	for n := 1; ; n++ {
		mark := ""
		if n > 1 {
			mark = fmt.Sprintf(" (%d)", n)
		}
		candidate := strings.TrimRight(units(name, maxSheetName-len(mark)), " '") + mark
		if !hasName(before, candidate) {
			return candidate
		}
	}
}

func hasName(names []string, name string) bool {
	for _, other := range names {
		if strings.EqualFold(other, name) {
			return true
		}
	}
	return false
}

// units returns the beginning of a text, of so many units of UTF-16 at most.
func units(text string, most int) string {
	used := 0
	for i, r := range text {
		if used += utf16.RuneLen(r); used > most {
			return text[:i]
		}
	}
	return text
}
