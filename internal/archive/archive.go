package archive

import (
	"bufio"
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
