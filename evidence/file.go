package evidence

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/posture-score/posture/internal/archive"
	"github.com/posture-score/posture/internal/inputfile"
	"github.com/posture-score/posture/internal/records"
)

// byteOrderMark may precede text in UTF-8.
const byteOrderMark = "\xef\xbb\xbf"

// stat checks that a file exists, is regular, and is within the limits. It comes before opening, which
// would block on a named pipe.
func (b *Bundle) stat(name string) (fs.FileInfo, error) {
	info, err := b.root.Stat(filepath.FromSlash(name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, b.errorAt(name, err, "there is no such file", "")
	case errors.Is(err, fs.ErrClosed):
		return nil, b.errorAt(name, err, "the bundle has been closed", "")
	case err != nil && b.throughLink(name):
		return nil, b.errorAt(name, err, "a symbolic link leads out of the bundle", "Put the file itself into the folder.")
	case err != nil:
		return nil, b.errorAt(name, err, "cannot be read: "+withoutPath(err).Error(), "")
	case !info.Mode().IsRegular():
		return nil, b.errorAt(name, nil, "is not a regular file", "")
	case info.Size() > b.limits.FileBytes:
		return nil, b.errorAt(name, nil, "is larger than "+records.FormatBytes(b.limits.FileBytes), "")
	}
	return info, nil
}

// throughLink reports whether a symbolic link is on the path of a file.
func (b *Bundle) throughLink(name string) bool {
	for at := name; at != "."; at = path.Dir(at) {
		if info, err := b.root.Lstat(filepath.FromSlash(at)); err == nil && info.Mode()&fs.ModeSymlink != 0 {
			return true
		}
	}
	return false
}

func (b *Bundle) errorAt(name string, cause error, summary, hint string) *Error {
	file := b.name + "/" + name
	if i := slices.IndexFunc(b.manifest.Datasets, func(d Dataset) bool { return d.Path == name }); b.imported && i >= 0 {
		file = b.name + " (" + b.manifest.Datasets[i].Name + ")"
	}
	return &Error{Path: file, Summary: summary, Hint: hint, cause: cause}
}

// openRaw opens a file as it is stored, and returns its size.
func (b *Bundle) openRaw(name string) (*os.File, int64, error) {
	if _, err := b.stat(name); err != nil {
		return nil, 0, err
	}
	f, err := inputfile.In(b.root, name)
	if err != nil {
		return nil, 0, b.errorAt(name, err, "cannot be read: "+withoutPath(err).Error(), "")
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return nil, 0, b.errorAt(name, err, "cannot be read: "+withoutPath(err).Error(), "")
	}
	return f, info.Size(), nil
}

// open opens a file for reading its content: unpacked, bounded, and behind its byte-order mark. Errors
// of the input are a [*records.SyntaxError] or those of the context. What is read is verified by the digest,
// unless that is empty.
func (b *Bundle) open(ctx context.Context, name, digest string) (*records.Input, error) {
	raw, stored, err := b.openRaw(name)
	if err != nil {
		return nil, err
	}
	hashed := newHashedReader(raw, stored, digest)
	verify := func() error { return b.verify(ctx, name, digest, hashed) }
	in := bufio.NewReaderSize(hashed, buffer(stored))
	unpacked, stop, err := archive.Decompress(in)
	if err != nil {
		defer func() { _ = raw.Close() }()
		if changed := verify(); changed != nil {
			return nil, changed
		}
		return nil, b.errorAt(name, err, "the compressed data is damaged: "+withoutPath(err).Error(), "")
	}
	f := &records.Input{Size: stored, Close: func() { _ = raw.Close(); stop() }, Verify: verify}
	if unpacked != in {
		f.Size = -1
	}
	text := bufio.NewReaderSize(&limitedReader{ctx: ctx, r: unpacked, stored: stored, limits: b.limits, packed: unpacked != in}, buffer(f.Size))
	head, err := text.Peek(4)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	if foreign := foreignEncoding(head); err == nil && foreign != nil {
		err = foreign
	}
	if err != nil {
		defer f.Close()
		if changed := verify(); changed != nil {
			return nil, changed
		}
		return nil, b.explain(ctx, name, err)
	}
	if strings.HasPrefix(string(head), byteOrderMark) {
		_, _ = text.Discard(len(byteOrderMark))
		f.Base = int64(len(byteOrderMark))
	}
	f.Reader = text
	return f, nil
}

// buffer returns the size of the buffer for a file of that size: a bundle has many small files.
func buffer(size int64) int {
	const most = 64 << 10
	if size < 0 {
		return most
	}
	return int(min(size+1, most)) // the end of the file shows beyond its last byte
}

// Decompress returns the content of a file that is compressed with gzip or zstd, within the limits, and
// any other file as it is. stored is the size of the file in bytes.
func Decompress(ctx context.Context, r io.Reader, stored int64, limits Limits) (io.ReadCloser, error) {
	in := bufio.NewReaderSize(r, buffer(stored))
	data, stop, err := archive.Decompress(in)
	if err != nil {
		return nil, &records.SyntaxError{Summary: "the compressed data is damaged: " + err.Error(), Cause: err}
	}
	g := &limitedReader{ctx: ctx, r: data, stored: stored, packed: data != io.Reader(in), limits: limits.withDefaults()}
	return decompressed{g, stop}, nil
}

// decompressed is what Decompress returns.
type decompressed struct {
	io.Reader
	stop func()
}

// Close releases the decoder.
func (d decompressed) Close() error {
	d.stop()
	return nil
}

// foreignEncoding recognises UTF-16, the default of Windows PowerShell.
func foreignEncoding(head []byte) *records.SyntaxError {
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		return &records.SyntaxError{Offset: -1, Summary: "the text is UTF-16", Hint: "Save it as UTF-8; in PowerShell: Out-File -Encoding utf8."}
	}
	return nil
}
