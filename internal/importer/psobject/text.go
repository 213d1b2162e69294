package psobject

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Text reads a file as UTF-8, without a byte-order mark, whichever encoding
// PowerShell saved it in: UTF-8; UTF-16, which Windows PowerShell uses unless
// told otherwise, with a mark or without; and Windows-1252, in which a byte that
// UTF-8 does not allow is read. No file says so, but the text of all
// exports begins in ASCII, and a letter beyond ASCII is no UTF-8 by chance.
func Text(r io.Reader) io.Reader {
	first, in := begin(r)
	if order, ok := unmarked(first); ok {
		return transform.NewReader(in, unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder())
	}
	return transform.NewReader(in, unicode.BOMOverride(ansi{}))
}

// begin reads the first two bytes of a file, or fewer if it ends before, and gives them back with a reader of all of it.
func begin(r io.Reader) ([]byte, io.Reader) {
	first := make([]byte, 2)
	n, err := io.ReadFull(r, first)
	first = first[:n]
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		r = broken{err}
	}
	return first, io.MultiReader(bytes.NewReader(first), r)
}

// broken is a file that cannot be read on.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

// unmarked tells the order of bytes in UTF-16 without a mark: one byte of its first character is zero.
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

// ansi passes UTF-8 on and reads each byte that is none as Windows-1252.
type ansi struct{ transform.NopResetter }

// Transform is part of [transform.Transformer].
func (ansi) Transform(dst, src []byte, atEOF bool) (int, int, error) {
	written, read := 0, 0
	for read < len(src) {
		if src[read] < utf8.RuneSelf {
			if written == len(dst) {
				return written, read, transform.ErrShortDst
			}
			dst[written] = src[read]
			written++
			read++
			continue
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
