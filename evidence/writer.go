package evidence

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/posture-score/posture/internal/records"
)

// Writer writes a bundle into a folder. The same input produces the same bytes. The manifest is written
// last, so a folder that is only half written is no bundle. It is not safe for concurrent use.
type Writer struct {
	dir      string
	root     *os.Root
	manifest Manifest
	datasets map[string]Dataset
	failed   map[string]error // by dataset; Close repeats them rather than leave one out

	truncated map[string][]Truncated // by dataset
	out       *bufio.Writer          // of the last file, to be used again
	made      bool                   // the folder was not there before
	closed    bool
}

// Create begins a bundle in a folder that does not exist or is empty. The manifest has no datasets yet.
func Create(dir string, m Manifest) (*Writer, error) {
	fail := func(summary, hint string, cause error) (*Writer, error) {
		return nil, &Error{Path: dir, Summary: summary, Hint: hint, cause: cause}
	}
	if m.SchemaVersion == "" {
		m.SchemaVersion = SchemaVersion
	}
	switch {
	case m.SchemaVersion != SchemaVersion:
		return fail("schema_version "+quote(m.SchemaVersion)+" cannot be written", "", nil)
	case m.CollectedAt.IsZero():
		return fail("the manifest needs the time of collection", "", nil)
	case len(m.Datasets) > 0:
		return fail("the manifest lists datasets already", "The writer lists those that it writes.", nil)
	}
	_, missing := os.Lstat(dir)
	// Evidence names people and their weaknesses: only its owner may read it.
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fail("cannot be created: "+withoutPath(err).Error(), "", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fail("cannot be opened: "+withoutPath(err).Error(), "", err)
	}
	if err := empty(root); err != nil {
		_ = root.Close()
		if errors.Is(err, os.ErrExist) {
			return fail("the folder is not empty", "Name a new folder, or empty this one: nothing is overwritten.", err)
		}
		return fail("cannot be read: "+withoutPath(err).Error(), "", err)
	}
	return &Writer{
		dir: dir, root: root, made: errors.Is(missing, fs.ErrNotExist), manifest: m,
		datasets: map[string]Dataset{}, failed: map[string]error{}, truncated: map[string][]Truncated{},
	}, nil
}

func empty(root *os.Root) error {
	f, err := root.Open(".")
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	if _, err := f.Readdirnames(1); err != io.EOF {
		return errors.Join(err, os.ErrExist)
	}
	return nil
}

// Records writes a dataset of records, one a line. A record is any value that encoding/json writes as
// an object. An error of seq is returned.
func (w *Writer) Records(name string, seq iter.Seq2[any, error]) error {
	return w.dataset(name, name+".ndjson", func(out io.Writer) (int64, error) {
		var n int64
		for v, err := range seq {
			if err != nil {
				return n, err
			}
			data, err := marshal(v)
			if err == nil && n == 0 {
				// The first value decides how the file is read.
				err = notPage(data)
			}
			if err != nil {
				return n, fmt.Errorf("record %d: %w", n+1, err)
			}
			if _, err := out.Write(data); err != nil {
				return n, err
			}
			n++
		}
		return n, nil
	})
}

// Document writes a dataset that is one object.
func (w *Writer) Document(name string, value any) error {
	return w.dataset(name, name+".json", func(out io.Writer) (int64, error) {
		data, err := marshal(value)
		if err == nil {
			err = notPage(data)
		}
		if err != nil {
			return 0, err
		}
		_, err = out.Write(data)
		return 1, err
	})
}

// Fail lists a dataset that could not be collected, also after an error of Records or Document. If the
// name is invalid or was used before, Close fails.
func (w *Writer) Fail(name, reason string) {
	err := w.checkName(name)
	if err == nil && reason == "" {
		err = errors.New("it failed without a reason")
	}
	if err != nil {
		w.failed[name] = w.error(name, err)
		return
	}
	delete(w.failed, name)
	w.datasets[name] = Dataset{Name: name, Status: Failed, Reason: reason}
}

// Date sets when a dataset that was written was collected, if it is not the time of the manifest.
func (w *Writer) Date(name string, at time.Time) {
	if d, ok := w.datasets[name]; ok {
		d.CollectedAt = at
		w.datasets[name] = d
	}
}

func (w *Writer) checkName(name string) error {
	switch {
	case w.closed:
		return errors.New("the bundle is complete")
	case !validName(name):
		return fmt.Errorf("the name is not valid. %s", nameHint)
	}
	if _, ok := w.datasets[name]; ok {
		return errors.New("it was written before")
	}
	return nil
}

func (w *Writer) error(name string, err error) error {
	return &Error{Path: w.dir, Summary: "dataset " + quote(name) + ": " + withoutPath(err).Error(), cause: err}
}

// notPage refuses an object that would be read as a page of Graph.
func notPage(data []byte) error {
	l, err := records.FindLayout(bytes.NewReader(data), 0, records.DefaultLimits())
	if err == nil && l == records.Page {
		return errors.New("would be read as a page of records")
	}
	return err
}

// dataset writes one file and lists it. After an error there is no file.
func (w *Writer) dataset(name, path string, fill func(io.Writer) (int64, error)) error {
	if err := w.checkName(name); err != nil {
		return w.error(name, err)
	}
	n, digest, err := w.file(path, fill)
	if err != nil {
		w.failed[name] = w.error(name, err)
		return w.failed[name]
	}
	delete(w.failed, name)
	w.datasets[name] = Dataset{Name: name, Status: Collected, Path: path, SHA256: digest, Records: n}
	return nil
}

func (w *Writer) file(path string, fill func(io.Writer) (int64, error)) (n int64, digest string, err error) {
	f, err := w.root.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, "", err
	}
	defer func() {
		if err != nil {
			_ = w.root.Remove(path)
		}
	}()
	h := sha256.New()
	out := w.out
	if w.out = nil; out == nil { // it is the first, or another one is being written
		out = bufio.NewWriterSize(nil, 64<<10)
	}
	out.Reset(io.MultiWriter(f, h))
	n, err = fill(out)
	if err == nil {
		err = out.Flush()
	}
	w.out = out
	if err = errors.Join(err, f.Close()); err != nil {
		return 0, "", err
	}
	return n, hex.EncodeToString(h.Sum(nil)), nil
}

// Copy copies a dataset of another bundle: its file as it is stored, and when it was collected.
func (w *Writer) Copy(ctx context.Context, from *Bundle, name string) error {
	d, ok := from.Dataset(name)
	switch {
	case !ok:
		return &Error{Path: from.name, Summary: "there is no dataset " + quote(name)}
	case d.Status == Failed:
		w.Fail(name, d.Reason)
		return nil
	}
	in, stored, err := from.openRaw(d.Path)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	err = w.dataset(name, name+suffix(d.Path), func(out io.Writer) (int64, error) {
		_, err := io.Copy(out, &limitedReader{ctx: ctx, r: in, stored: stored, limits: from.limits})
		return d.Records, err
	})
	if err != nil {
		return err
	}
	copied := w.datasets[name]
	if d.SHA256 != "" && copied.SHA256 != d.SHA256 {
		return from.wrongDigest(d.Path, copied.SHA256, d.SHA256)
	}
	copied.CollectedAt = d.CollectedAt
	w.datasets[name] = copied
	w.Truncated(name, d.Truncated...)
	return nil
}

// suffix returns the usual suffix of a file of the same format and compression.
func suffix(file string) string {
	file = strings.ToLower(file)
	packed := path.Ext(file)
	if packed != ".gz" && packed != ".zst" {
		packed = ""
	}
	form := path.Ext(strings.TrimSuffix(file, packed))
	if form != ".json" {
		form = ".ndjson"
	}
	return form + packed
}

// Close writes the manifest. If a dataset could not be written and is not listed as failed it returns
// an error, and the folder is left without a manifest.
func (w *Writer) Close() error {
	if w.closed {
		return nil
	}
	return w.close(w.writeManifest)
}

// close ends writing, and calls finish unless a dataset is missing.
func (w *Writer) close(finish func() error) error {
	w.closed = true
	var err error
	for _, name := range slices.Sorted(maps.Keys(w.failed)) {
		err = errors.Join(err, w.failed[name])
	}
	if err == nil && len(w.datasets) == 0 {
		err = &Error{Path: w.dir, Summary: "a bundle without datasets is none", Hint: "List what could not be collected as failed."}
	}
	if err == nil {
		err = finish()
	}
	return errors.Join(err, w.root.Close())
}

// Bundle closes the writer, and returns the bundle that it wrote without reading it again: there is no
// manifest.json, and Verify has nothing to do. The name stands for the bundle in errors, which name
// datasets instead of files. Closing the bundle calls release, which removes the temporary folder that
// it is in, and so does an error of Bundle; it may be nil.
func (w *Writer) Bundle(name string, limits Limits, release func() error) (*Bundle, error) {
	b := &Bundle{name: name, release: release, imported: true, written: true, limits: limits.withDefaults()}
	if w.closed {
		return nil, errors.Join(&Error{Path: name, Summary: "the bundle is complete"}, b.Close())
	}
	err := w.close(func() (err error) {
		if b.root, err = w.root.OpenRoot("."); err != nil {
			return &Error{Path: name, Summary: "cannot be opened: " + withoutPath(err).Error(), cause: err}
		}
		b.manifest, err = w.complete()
		if err == nil {
			err = b.checkSizes()
		}
		return err
	})
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

// complete returns the manifest with the datasets, as Open would read it.
func (w *Writer) complete() (Manifest, error) {
	m := w.manifest
	m.CollectedAt = m.CollectedAt.UTC()
	entries := make([]entry, 0, len(w.datasets))
	for _, name := range slices.Sorted(maps.Keys(w.datasets)) {
		d := w.datasets[name]
		if d.CollectedAt = d.CollectedAt.UTC(); d.CollectedAt.IsZero() {
			d.CollectedAt = m.CollectedAt
		}
		if d.Status == Collected {
			d.Truncated = firstPerField(w.truncated[name])
		}
		entries = append(entries, entry{Dataset: d, count: &d.Records})
	}
	if wrong := checkManifest(&m, entries); len(wrong) > 0 {
		return Manifest{}, &Error{Path: w.dir + "/" + manifestName, Summary: wrong[0].Error(), cause: wrong[0]}
	}
	for i := range entries {
		m.Datasets = append(m.Datasets, entries[i].Dataset)
	}
	return m, nil
}

// Abort removes what was written, unless Close or Bundle was called: it is for defer.
func (w *Writer) Abort() error {
	if w.closed {
		return nil
	}
	w.closed = true
	var all []error
	for _, name := range slices.Sorted(maps.Keys(w.datasets)) {
		if path := w.datasets[name].Path; path != "" {
			all = append(all, w.root.Remove(path))
		}
	}
	all = append(all, w.root.Close())
	if w.made {
		all = append(all, os.Remove(w.dir))
	}
	return errors.Join(all...)
}

func (w *Writer) writeManifest() error {
	// Maps: their keys are written sorted.
	datasets := make([]map[string]any, 0, len(w.datasets))
	for _, name := range slices.Sorted(maps.Keys(w.datasets)) {
		d := w.datasets[name]
		if d.Status == Failed {
			datasets = append(datasets, map[string]any{"name": name, "status": Failed, "reason": d.Reason})
			continue
		}
		entry := map[string]any{"name": name, "status": Collected, "path": d.Path, "sha256": d.SHA256, "records": d.Records}
		if !d.CollectedAt.IsZero() && !d.CollectedAt.Equal(w.manifest.CollectedAt) {
			entry["collected_at"] = d.CollectedAt.UTC()
		}
		if fields := firstPerField(w.truncated[name]); len(fields) > 0 {
			entry["truncated"] = fields
		}
		datasets = append(datasets, entry)
	}
	m := map[string]any{
		"schema_version": w.manifest.SchemaVersion,
		"tenant":         w.manifest.Tenant,
		"collected_at":   w.manifest.CollectedAt.UTC(),
		"datasets":       datasets,
	}
	if w.manifest.Collector != (Collector{}) {
		m["collector"] = w.manifest.Collector
	}
	_, _, err := w.file(manifestName, func(out io.Writer) (int64, error) {
		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return 0, enc.Encode(m)
	})
	if err != nil {
		return &Error{Path: w.dir + "/" + manifestName, Summary: "cannot be written: " + withoutPath(err).Error(), cause: err}
	}
	return nil
}
