package jsonfile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Text returns a reader of a file as UTF-8 without byte-order mark. It knows the encodings that PowerShell saves in:
// UTF-8, UTF-16 with a mark or without (the default of Windows PowerShell), and Windows-1252, as which it reads a byte
// that is not valid UTF-8. UTF-16 without a mark shows by its first character, which is ASCII in every export.
func Text(r io.Reader) io.Reader {
	first, in := begin(r)
	if order, ok := unmarked(first); ok {
		return transform.NewReader(in, unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder())
	}
	return transform.NewReader(in, unicode.BOMOverride(ansi{}))
}

// begin returns the first two bytes of a file, or fewer if it is shorter, and a reader of the whole file.
func begin(r io.Reader) ([]byte, io.Reader) {
	first := make([]byte, 2)
	n, err := io.ReadFull(r, first)
	first = first[:n]
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		r = broken{err}
	}
	return first, io.MultiReader(bytes.NewReader(first), r)
}

// broken is a reader that fails.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

// unmarked returns the byte order of UTF-16 without a mark: one byte of its first character is zero.
func unmarked(first []byte) (unicode.Endianness, bool) {
	switch {
	case len(first) < 2:
	case first[0] != 0 && first[1] == 0:
		return unicode.LittleEndian, true
	case first[0] == 0 && first[1] != 0:
		return unicode.BigEndian, true
	}
	return unicode.LittleEndian, false
}

// ansi passes UTF-8 through and decodes every other byte as Windows-1252.
type ansi struct{ transform.NopResetter }

// Transform is part of [transform.Transformer].
func (ansi) Transform(dst, src []byte, atEOF bool) (int, int, error) {
	written, read := 0, 0
	for read < len(src) {
		if n := copy(dst[written:], ascii(src[read:])); n > 0 {
			written += n
			read += n
			continue
		}
		if written == len(dst) {
			return written, read, transform.ErrShortDst
		}
		if !atEOF && !utf8.FullRune(src[read:]) {
			return written, read, transform.ErrShortSrc
		}
		letter, size := utf8.DecodeRune(src[read:])
		if letter == utf8.RuneError && size == 1 {
			letter = charmap.Windows1252.DecodeByte(src[read])
		}
		if written+utf8.RuneLen(letter) > len(dst) {
			return written, read, transform.ErrShortDst
		}
		written += utf8.EncodeRune(dst[written:], letter)
		read += size
	}
	return written, read, nil
}

// ascii returns the longest prefix of ASCII.
func ascii(text []byte) []byte {
	n := 0
	for len(text)-n >= 8 && binary.NativeEndian.Uint64(text[n:])&0x8080808080808080 == 0 {
		n += 8
	}
	for n < len(text) && text[n] < utf8.RuneSelf {
		n++
	}
	return text[:n]
}

// Foreign returns what a file is by its beginning if it is a format other than JSON that PowerShell or a service
// saves; "" if it may be JSON.
func Foreign(r io.Reader) string {
	head := make([]byte, 1024)
	n, _ := io.ReadFull(Text(r), head)
	text := strings.TrimSpace(string(head[:n]))
	first, _, _ := strings.Cut(text, "\n")
	first = strings.TrimSpace(first)
	lower := strings.ToLower(text)
	switch {
	case strings.HasPrefix(lower, "<objs "), strings.HasPrefix(lower, "<?xml") && strings.Contains(lower, "<objs "):
		return "CliXml, as Export-Clixml writes it, and no JSON"
	case strings.HasPrefix(lower, "<!doctype html"), strings.HasPrefix(lower, "<html"):
		return "a page of HTML, such as one to sign in or one that tells an error, and no JSON"
	case strings.HasPrefix(text, "<"):
		return "XML and no JSON"
	case strings.HasPrefix(text, "#TYPE "), isHeader(first, ","), isHeader(first, ";"), isHeader(first, "\t"):
		return "CSV, as Export-Csv writes it, and no JSON"
	}
	return ""
}

// isHeader reports whether a line lists names of columns.
func isHeader(line, separator string) bool {
	columns := strings.Split(line, separator)
	if len(columns) < 2 {
		return false
	}
	for _, column := range columns {
		name, quoted := strings.CutPrefix(column, `"`)
		if quoted && !strings.HasSuffix(name, `"`) {
			return false
		}
		name = strings.TrimSuffix(name, `"`)
		if name == "" || strings.ContainsAny(name, `"{}[]:,;`) {
			return false
		}
	}
	return true
}
