package archive

import (
	"bufio"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// The first bytes of compressed data.
const (
	gzipMagic = "\x1f\x8b"
	zstdMagic = "\x28\xb5\x2f\xfd"
)

// HeadBytes is how many bytes of a file [Is] needs: the length of a tar header.
const HeadBytes = 512

// Is reports from the first bytes of a file whether it may be an archive: a zip or tar file, or anything compressed with gzip or
// zstd.
func Is(head []byte) bool {
	text := string(head)
	return IsZip(text) || strings.HasPrefix(text, gzipMagic) || strings.HasPrefix(text, zstdMagic) || IsTar(head)
}

// IsZip reports whether a file with these first bytes is a zip file.
func IsZip(head string) bool {
	return strings.HasPrefix(head, "PK\x03\x04") || strings.HasPrefix(head, "PK\x05\x06")
}

// IsTar reports whether a block is the header of a tar entry, by its checksum (the oldest archives have no magic number), or the
// end of an archive.
func IsTar(block []byte) bool {
	if len(block) < HeadBytes {
		return false
	}
	block = block[:HeadBytes]
	field := block[148:156]
	sum := int64(len(field)) * ' '
	zero := true
	for i, c := range block {
		zero = zero && c == 0
		if i < 148 || i >= 156 {
			sum += int64(c)
		}
	}
	if zero {
		return true
	}
	want, err := strconv.ParseInt(strings.Trim(string(field), " \x00"), 8, 64)
	return err == nil && want == sum
}

// zstdWindow bounds the memory of decompressing zstd: `zstd --ultra -22` needs this much.
const zstdWindow = 128 << 20

// Decompress returns the content of data that is compressed with gzip or zstd, and any other data as it is. stop releases the
// decoder.
func Decompress(in *bufio.Reader) (content io.Reader, stop func(), err error) {
	head, _ := in.Peek(4)
	switch {
	case strings.HasPrefix(string(head), gzipMagic):
		z, err := gzip.NewReader(in)
		return z, func() {}, err
	case string(head) == zstdMagic:
		// No goroutine of its own, which would outlive a reader that is dropped.
		z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(zstdWindow))
		if err != nil {
			return nil, nil, err
		}
		return z, z.Close, nil
	}
	return in, func() {}, nil
}

// Tar is a stream that holds a tar archive. A tar.Reader that reads it stops at the two blocks of zeros that end the archive, or
// where the stream ends: then [Tar.End] tells whether that was the end of both.
type Tar struct {
	r     io.Reader
	zeros int64 // how many bytes that were read last are zero
}

// NewTar returns a stream of which nothing was read yet.
func NewTar(r io.Reader) *Tar { return &Tar{r: r} }

// Read implements [io.Reader].
func (t *Tar) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	last := n
	for last > 0 && p[last-1] == 0 {
		last--
	}
	if last > 0 {
		t.zeros = 0
	}
	t.zeros += int64(n - last)
	return n, err
}

// The errors of End, besides those of the stream: a checksum may be wrong that stands at its end.
var (
	ErrCutOff  = errors.New("the archive ends without the blocks of zeros that end one: it was cut off")
	ErrFollows = errors.New("something follows the end of the archive")
)

// End reads what is left of the stream, once a tar.Reader has returned io.EOF.
func (t *Tar) End() error {
	buf := make([]byte, 32<<10)
	for {
		n, err := t.Read(buf)
		if int64(n) > t.zeros {
			return ErrFollows
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
	}
	if t.zeros < HeadBytes {
		return ErrCutOff
	}
	return nil
}

// ZipEnd compares where a zip archive with that comment ends with the size of its file.
func ZipEnd(r io.ReaderAt, size int64, comment string) error {
	record := make([]byte, 22) // the end of the central directory, before the comment
	_, err := r.ReadAt(record, size-int64(len(record)+len(comment)))
	if err == nil && !strings.HasPrefix(string(record), "PK\x05\x06") {
		err = ErrFollows
	}
	return err
}
