package jsonfile_test

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding/unicode"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/importer/jsonfile"
	"github.com/posture-score/posture/internal/must"
)

func TestText(t *testing.T) {
	const text = `{"name":"Zürich 😀"}`
	utf16 := func(order unicode.Endianness, mark unicode.BOMPolicy) string {
		return must.Get(unicode.UTF16(order, mark).NewEncoder().String(text))(t)
	}
	tests := map[string]string{
		"no mark":                             text,
		"UTF-8 with a mark":                   "\ufeff" + text,
		"UTF-16 little-endian":                utf16(unicode.LittleEndian, unicode.UseBOM),
		"UTF-16 big-endian":                   utf16(unicode.BigEndian, unicode.UseBOM),
		"UTF-16 little-endian without a mark": utf16(unicode.LittleEndian, unicode.IgnoreBOM),
		"UTF-16 big-endian without a mark":    utf16(unicode.BigEndian, unicode.IgnoreBOM),
	}
	for name, saved := range tests {
		t.Run(name, func(t *testing.T) {
			got := must.Get(io.ReadAll(jsonfile.Text(strings.NewReader(saved))))(t)
			if string(got) != text {
				t.Errorf("Text read %q, want %q", got, text)
			}
		})
	}
	for _, short := range []string{"", "{", "[]"} {
		if got, err := io.ReadAll(jsonfile.Text(strings.NewReader(short))); err != nil || string(got) != short {
			t.Errorf("Text read %q, %v; want %q", got, err, short)
		}
	}
}

func TestTextReadsANSI(t *testing.T) {
	long := strings.Repeat("a", 5000)
	tests := map[string]string{
		"{\"name\":\"Z\xfcrich \x80 \x93\"}": `{"name":"Zürich € “"}`,
		"\xfc":                               "ü",
		long + "\xe4\xf6":                    long + "äö",
		"ü \xfc":                             "ü ü",
	}
	for saved, want := range tests {
		for _, r := range []io.Reader{strings.NewReader(saved), iotest.OneByteReader(strings.NewReader(saved))} {
			got, err := io.ReadAll(jsonfile.Text(r))
			if err != nil || string(got) != want {
				t.Errorf("Text read %q, %v; want %q", got, err, want)
			}
		}
	}
}

func TestForeign(t *testing.T) {
	const (
		csv, html, clixml = "CSV, as Export-Csv writes it, and no JSON", "a page of HTML, such as one to sign in or one that tells an error, and no JSON", "CliXml, as Export-Clixml writes it, and no JSON"
	)
	tests := map[string]string{
		"#TYPE System.Object\n\"Name\"":               csv,
		"\"Name\",\"State\"\r\n\"a\",\"b\"":           csv,
		"Name;State\r\na;b":                           csv,
		"\ufeff<Objs Version=\"1.1.0.1\" xmlns=\"\">": clixml,
		" <!DOCTYPE html><html>":                      html,
		"<HTML>":                                      html,
		"<?xml version=\"1.0\"?><a/>":                 "XML and no JSON",
		"[{\"Name\":\"a\"},{\"Name\":\"b\"}]":         "",
		"{\"a\",\"b\"":                                "",
		"\"a, b\"":                                    "",
		"Name  State\n----  -----":                    "",
		"":                                            "",
	}
	for text, want := range tests {
		expect.Equalf(t, want, jsonfile.Foreign(strings.NewReader(text)), "Foreign(%q)", text)
	}
}
