package browser

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/chromedp/cdproto/page"
)

// PDF prints the page on A4, as its style sheets for print say, and returns the text of each page, without the spaces between words: where
// glyphs stand apart is all that a printed page says of those.
func (p *Page) PDF() []string {
	p.t.Helper()
	document := command(p, page.PrintToPDF, page.PrintToPDFParams{PaperWidth: 8.27, PaperHeight: 11.69, PreferCSSPageSize: new(true), PrintBackground: new(true)}).Data
	return pdfText(p.t, document)
}

// Printed returns a text as [Page.PDF] has it: without ligatures, too.
func Printed(text string) string {
	return strings.NewReplacer("ﬀ", "ff", "ﬁ", "fi", "ﬂ", "fl", "ﬃ", "ffi", "ﬄ", "ffl").Replace(strings.Join(strings.Fields(text), ""))
}

// The parts of a PDF as Skia, the library that Chromium prints with, writes them: one object after another, none of them nested.
var (
	object    = regexp.MustCompile(`(?s)(?:^|\n)(\d+) 0 obj\n(.*?)\nendobj`)
	leaf      = regexp.MustCompile(`/Type /Page\b`)
	contents  = regexp.MustCompile(`/Contents (\d+) 0 R`)
	fonts     = regexp.MustCompile(`/Font <<([^>]*)>>`)
	forms     = regexp.MustCompile(`/XObject <<([^>]*)>>`)
	resource  = regexp.MustCompile(`/(\w+) (\d+) 0 R`)
	toUnicode = regexp.MustCompile(`/ToUnicode (\d+) 0 R`)
	operation = regexp.MustCompile(`/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]+)>|/(\w+) Do`)
	charRange = regexp.MustCompile(`(?m)^<([0-9A-F]+)>(?: <([0-9A-F]+)>)? <([0-9A-F]+)>$`)
)

// pdf is the objects of a document by their numbers.
type pdf struct {
	t       testing.TB
	objects map[string]string
}

func pdfText(t testing.TB, document []byte) []string {
	t.Helper()
	d := pdf{t, map[string]string{}}
	var numbers []string
	for _, match := range object.FindAllStringSubmatch(string(document), -1) {
		d.objects[match[1]] = match[2]
		numbers = append(numbers, match[1])
	}
	var pages []string
	for _, number := range numbers {
		if dictionary := d.objects[number]; leaf.MatchString(dictionary) {
			content := contents.FindStringSubmatch(dictionary)
			pages = append(pages, d.text(dictionary, d.stream(content[1])))
		}
	}
	return pages
}

// stream returns the content of an object.
func (d pdf) stream(number string) string {
	d.t.Helper()
	dictionary, packed, ok := strings.Cut(d.objects[number], "stream\n")
	if !ok {
		d.t.Fatalf("object %s of the PDF has no stream", number)
	}
	if !strings.Contains(dictionary, "/FlateDecode") {
		return packed
	}
	r, err := zlib.NewReader(bytes.NewReader([]byte(packed)))
	if err != nil {
		d.t.Fatalf("object %s of the PDF: %v", number, err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		d.t.Fatalf("object %s of the PDF: %v", number, err)
	}
	return string(text)
}

// text returns the text of a page, or of a form on it, from its dictionary and its operations.
func (d pdf) text(dictionary, operations string) string {
	d.t.Helper()
	named := func(kind *regexp.Regexp) map[string]string {
		numbers := map[string]string{}
		if list := kind.FindStringSubmatch(dictionary); list != nil {
			for _, match := range resource.FindAllStringSubmatch(list[1], -1) {
				numbers[match[1]] = match[2]
			}
		}
		return numbers
	}
	fontNumbers, formNumbers := named(fonts), named(forms)
	characters := map[string]map[string]string{}
	var text strings.Builder
	var font string
	for _, match := range operation.FindAllStringSubmatch(operations, -1) {
		switch {
		case match[1] != "":
			font = match[1]
			if characters[font] == nil {
				characters[font] = d.characters(fontNumbers[font])
			}
		case match[2] != "":
			text.WriteString(spell(characters[font], match[2]))
		default:
			if number := formNumbers[match[3]]; strings.Contains(d.objects[number], "/Subtype /Form") {
				form, _, _ := strings.Cut(d.objects[number], "stream\n")
				text.WriteString(d.text(form, d.stream(number)))
			}
		}
	}
	return Printed(text.String())
}

// characters returns the text of each glyph of a font: hexadecimal, as operations name it.
func (d pdf) characters(font string) map[string]string {
	d.t.Helper()
	found := map[string]string{}
	number := toUnicode.FindStringSubmatch(d.objects[font])
	if number == nil {
		return found
	}
	_, ranges, _ := strings.Cut(d.stream(number[1]), "endcodespacerange")
	for _, match := range charRange.FindAllStringSubmatch(ranges, -1) {
		first, last := match[1], match[2]
		if last == "" {
			last = first
		}
		from, err := strconv.ParseUint(first, 16, 32)
		if err != nil {
			d.t.Fatal(err)
		}
		to, err := strconv.ParseUint(last, 16, 32)
		if err != nil {
			d.t.Fatal(err)
		}
		for glyph := from; glyph <= to; glyph++ {
			found[fmt.Sprintf("%0*X", len(first), glyph)] = d.unicode(match[3], glyph-from)
		}
	}
	return found
}

// unicode returns the text of a code in UTF-16, so many characters further.
func (d pdf) unicode(code string, further uint64) string {
	d.t.Helper()
	raw, err := hex.DecodeString(code)
	if err != nil {
		d.t.Fatal(err)
	}
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
	}
	if len(units) > 0 {
		units[len(units)-1] += uint16(further)
	}
	return string(utf16.Decode(units))
}

// spell returns the text of glyphs.
func spell(characters map[string]string, glyphs string) string {
	width := 4
	for glyph := range characters {
		width = len(glyph)
		break
	}
	var text strings.Builder
	for ; len(glyphs) >= width; glyphs = glyphs[width:] {
		text.WriteString(characters[strings.ToUpper(glyphs[:width])])
	}
	return text.String()
}
