package evidence

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/posture-score/posture/internal/archive"
	"github.com/posture-score/posture/internal/leftover"
	"github.com/posture-score/posture/internal/records"
)

// OpenReader opens the archive in a stream. The name stands for the stream in errors.
func OpenReader(ctx context.Context, r io.Reader, name string, limits Limits) (*Bundle, error) {
	limits = limits.withDefaults()
	dir, remove, err := leftover.Folder()
	if err != nil {
		return nil, noRoom(name, err)
	}
	defer func() { _ = remove() }()
	temp, err := os.OpenFile(filepath.Join(dir, "archive"), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, noRoom(name, err)
	}
	defer func() { _ = temp.Close() }()
	// A stream that is no archive is refused before it is stored.
	in := bufio.NewReaderSize(&streamReader{ctx: ctx, r: r, max: limits.TotalBytes}, 64<<10)
	head, err := in.Peek(archive.HeadBytes)
	if (err == nil || errors.Is(err, io.EOF)) && !archive.Is(head) {
		return nil, notArchive(name)
	}
	stored, err := io.Copy(temp, in)
	if err != nil {
		return nil, archiveError(ctx, name, err)
	}
	return openArchive(ctx, temp, stored, name, limits)
}

func noRoom(name string, err error) *Error {
	return &Error{Path: name, Summary: "no room to unpack it: " + withoutPath(err).Error(), cause: err}
}

func notArchive(name string) *Error {
	return &Error{
		Path: name, Summary: "is no bundle: neither a folder nor a .zip, .tar, .tar.gz or .tar.zst archive",
		Hint: "What counts is the content of the file, not its name.", cause: ErrNotBundle,
	}
}

// openArchive unpacks an archive into a temporary folder, and opens the bundle in it.
func openArchive(ctx context.Context, f *os.File, stored int64, name string, limits Limits) (*Bundle, error) {
	if stored > limits.TotalBytes {
		return nil, &Error{Path: name, Summary: "is larger than " + records.FormatBytes(limits.TotalBytes)}
	}
	dir, remove, err := leftover.Folder()
	if err != nil {
		return nil, noRoom(name, err)
	}
	b := &Bundle{name: name, limits: limits, release: remove}
	if b.root, err = os.OpenRoot(dir); err != nil {
		return nil, errors.Join(noRoom(name, err), b.Close())
	}
	u := &unpacker{root: b.root, stored: stored, limits: limits, files: map[string]bool{}}
	if err = u.all(ctx, f); err == nil {
		err = b.enterFolder(u.folder())
	}
	if err != nil {
		return nil, errors.Join(archiveError(ctx, name, err), b.Close())
	}
	return start(ctx, b)
}

// Unpack unpacks an archive into an empty folder, whatever it contains. It returns the path of the
// folder in it that is a bundle: "." if that is dir, "" if there is none. The name stands for the
// archive in errors.
func Unpack(ctx context.Context, f *os.File, name, dir string, limits Limits) (bundle string, err error) {
	limits = limits.withDefaults()
	info, err := f.Stat()
	if err != nil {
		return "", archiveError(ctx, name, err)
	}
	if info.Size() > limits.TotalBytes {
		return "", &Error{Path: name, Summary: "is larger than " + records.FormatBytes(limits.TotalBytes)}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return "", archiveError(ctx, name, err)
	}
	defer func() { _ = root.Close() }()
	u := &unpacker{root: root, stored: info.Size(), limits: limits, files: map[string]bool{}, windows: true}
	if err := u.all(ctx, f); err != nil {
		return "", archiveError(ctx, name, err)
	}
	if folder := u.folder(); u.files[path.Join(folder, manifestName)] {
		return folder, nil
	}
	return "", nil
}

// enterFolder moves the root of the bundle to a folder of the archive.
func (b *Bundle) enterFolder(folder string) error {
	if folder == "." {
		return nil
	}
	root, err := b.root.OpenRoot(folder)
	if err != nil {
		return err
	}
	err = b.root.Close()
	b.root, b.name = root, b.name+"/"+folder
	return err
}

// archiveError returns an error of unpacking as an *Error that names the archive, and an error of the
// context wrapped.
func archiveError(ctx context.Context, name string, err error) error {
	if cause := ctx.Err(); cause != nil && errors.Is(err, cause) {
		return fmt.Errorf("reading %s: %w", name, cause)
	}
	var f *records.SyntaxError
	switch {
	case errors.Is(err, errNotArchive):
		return notArchive(name)
	case errors.As(err, &f):
		return &Error{Path: name, Summary: f.Summary, Hint: f.Hint, cause: f.Cause}
	case errors.Is(err, archive.ErrCutOff), errors.Is(err, archive.ErrFollows):
		return &Error{Path: name, Summary: err.Error(), Hint: "Pack or copy it again.", cause: err}
	case errors.Is(err, zip.ErrFormat), errors.Is(err, zip.ErrChecksum), errors.Is(err, tar.ErrHeader), errors.Is(err, io.ErrUnexpectedEOF):
		return &Error{Path: name, Summary: "the archive is damaged: " + err.Error(), cause: err}
	}
	return &Error{Path: name, Summary: "cannot be unpacked: " + withoutPath(err).Error(), cause: err}
}

var errNotArchive = errors.New("not an archive")

// unpacker writes the files of an archive into a folder.
type unpacker struct {
	root    *os.Root
	stored  int64 // bytes of the archive
	limits  Limits
	entries int
	total   int64
	files   map[string]bool
	windows bool // a backslash is a slash, as older versions of Windows PowerShell write it
}

// all unpacks an archive, which must not be empty.
func (u *unpacker) all(ctx context.Context, f *os.File) error {
	err := u.archive(ctx, f)
	if err == nil && u.entries == 0 {
		err = &records.SyntaxError{Summary: "the archive is empty", Cause: ErrNotBundle}
	}
	return err
}

func (u *unpacker) archive(ctx context.Context, f *os.File) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	in := bufio.NewReaderSize(f, 64<<10)
	head, err := in.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if archive.IsZip(string(head)) {
		return u.zip(ctx, f)
	}
	data, stop, err := archive.Decompress(in)
	if err != nil {
		return &records.SyntaxError{Summary: "the compressed data is damaged: " + err.Error(), Cause: err}
	}
	defer stop()
	// Headers add to the bytes of the files; some are long, and many are skipped.
	limits := u.limits
	limits.FileBytes = limits.TotalBytes + int64(limits.Files)*(4*archive.HeadBytes) + (1 << 20)
	blocks := bufio.NewReaderSize(&limitedReader{ctx: ctx, r: data, stored: u.stored, packed: data != in, limits: limits}, 64<<10)
	block, err := blocks.Peek(archive.HeadBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if !archive.IsTar(block) {
		return errNotArchive
	}
	whole := archive.NewTar(blocks)
	if err := u.tar(ctx, tar.NewReader(whole)); err != nil {
		return err
	}
	return whole.End()
}

func (u *unpacker) tar(ctx context.Context, r *tar.Reader) error {
	for {
		h, err := r.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		var kind string
		switch h.Typeflag {
		case tar.TypeReg, tar.TypeGNUSparse:
		case tar.TypeDir:
			kind = "folder"
		case tar.TypeXGlobalHeader:
			if err := u.count(); err != nil {
				return err
			}
			continue
		case tar.TypeSymlink:
			kind = "a symbolic link"
		case tar.TypeLink:
			kind = "a hard link"
		default:
			kind = "a device or another special file"
		}
		if err := u.entry(ctx, h.Name, kind, r); err != nil {
			return err
		}
	}
}

func (u *unpacker) zip(ctx context.Context, f *os.File) error {
	// The reader holds the whole directory of the archive in memory.
	directory := &limitedReaderAt{r: f, left: int64(u.limits.Files)<<10 + 1<<20}
	r, err := zip.NewReader(directory, u.stored)
	if directory.spent {
		return u.tooMany()
	}
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return err
	}
	directory.lifted = true
	if err := archive.ZipEnd(f, u.stored, r.Comment); err != nil {
		return err
	}
	for _, e := range r.File {
		var kind string
		switch mode := e.Mode(); {
		case mode&fs.ModeSymlink != 0:
			kind = "a symbolic link"
		case mode.IsDir():
			kind = "folder"
		case !mode.IsRegular():
			kind = "a device or another special file"
		case e.Flags&1 != 0:
			kind = "encrypted"
		}
		if err := u.zipEntry(ctx, e, kind); err != nil {
			return err
		}
	}
	return nil
}

func (u *unpacker) zipEntry(ctx context.Context, e *zip.File, kind string) error {
	if kind != "" {
		return u.entry(ctx, e.Name, kind, nil)
	}
	r, err := e.Open()
	if errors.Is(err, zip.ErrAlgorithm) {
		return &records.SyntaxError{Summary: quote(e.Name) + " is compressed by a method that is not known", Hint: "Use deflate."}
	}
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	return u.entry(ctx, e.Name, kind, r)
}

// count counts an entry.
func (u *unpacker) count() error {
	if u.entries++; u.entries > u.limits.Files {
		return u.tooMany()
	}
	return nil
}

func (u *unpacker) tooMany() error {
	return &records.SyntaxError{Summary: fmt.Sprintf("the archive holds more than %d files", u.limits.Files), Hint: "A bundle has one for each dataset."}
}

// entry unpacks a file. A kind is that of any other entry: folders are skipped, the rest is refused.
func (u *unpacker) entry(ctx context.Context, name, kind string, r io.Reader) error {
	if err := u.count(); err != nil {
		return err
	}
	if u.windows {
		name = strings.ReplaceAll(name, `\`, "/")
	}
	if why := unsafePath(name); why != "" {
		return &records.SyntaxError{Summary: "the archive holds " + quote(name) + ", which " + why, Hint: "A bundle needs no such path: do not unpack this by other means."}
	}
	switch kind {
	case "":
	case "folder":
		return nil
	default:
		return &records.SyntaxError{Summary: "the archive holds " + quote(name) + ", which is " + kind, Hint: "A bundle has plain files only."}
	}
	clean := path.Clean(name)
	if u.files[clean] {
		return &records.SyntaxError{Summary: "the archive holds " + quote(clean) + " twice"}
	}
	u.files[clean] = true
	if err := u.root.MkdirAll(path.Dir(clean), 0o700); err != nil {
		return &records.SyntaxError{Summary: quote(clean) + " cannot be unpacked: " + withoutPath(err).Error(), Cause: err}
	}
	out, err := u.root.OpenFile(clean, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return &records.SyntaxError{Summary: quote(clean) + " cannot be unpacked: " + withoutPath(err).Error(), Cause: err}
	}
	return errors.Join(u.copy(ctx, out, r, clean), out.Close())
}

// copy writes a file within the limits.
func (u *unpacker) copy(ctx context.Context, out io.Writer, r io.Reader, name string) error {
	buf := make([]byte, 64<<10)
	for written := int64(0); ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := r.Read(buf)
		written += int64(n)
		u.total += int64(n)
		switch {
		case written > u.limits.FileBytes:
			return &records.SyntaxError{Summary: quote(name) + " is larger than " + records.FormatBytes(u.limits.FileBytes) + " when unpacked"}
		case u.total > u.limits.TotalBytes:
			return &records.SyntaxError{Summary: "the archive unpacks to more than " + records.FormatBytes(u.limits.TotalBytes)}
		case u.total > ratioGrace && u.total/u.limits.Ratio > u.stored:
			return bomb(u.limits.Ratio)
		}
		if _, err := out.Write(buf[:n]); err != nil {
			return err
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", quote(name), err)
		}
	}
}

// folder returns the folder with the manifest: the top, or the only folder in it that has one, since
// archives are often made of a folder rather than of its content.
func (u *unpacker) folder() string {
	found := "."
	if u.files[manifestName] {
		return found
	}
	for name := range u.files {
		dir, base := path.Split(name)
		if base != manifestName || strings.Count(dir, "/") != 1 {
			continue
		}
		if found != "." {
			return "."
		}
		found = strings.TrimSuffix(dir, "/")
	}
	return found
}
