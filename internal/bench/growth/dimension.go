package growth

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/posture-score/posture/evidence"
)

// Dimension is something of which an input can have more or less.
type Dimension struct {
	Name  string // such as "controls, each with a rule"
	Least int    // the smallest of the sizes that are measured
	Exit  int    // what the command ends with

	prepare string // arguments of a command that comes before, if any
	command string // the arguments of the command; % is the folder of the input
	write   func(f *folder, n int)
}

// Args are the arguments of the program that reads the input in a folder.
func (d Dimension) Args(dir string) []string { return arguments(d.command, dir) }

// Preparation are the arguments with which the program makes a part of the input, if any.
func (d Dimension) Preparation(dir string) []string { return arguments(d.prepare, dir) }

// Made is the folder that the program writes into, which must not exist before.
func Made(dir string) string { return filepath.Join(dir, made) }

const made = "made"

func arguments(command, dir string) []string {
	args := strings.Fields(command)
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "%", dir)
	}
	return args
}

// Write writes an input of size n into a folder that does not exist.
func (d Dimension) Write(dir string, n int) error {
	f := &folder{dir: dir}
	d.write(f, n)
	if f.err != nil {
		return fmt.Errorf("writing an input of %d %s: %w", n, d.Name, f.err)
	}
	return nil
}

// All are all dimensions, in the order of the table.
func All() []Dimension {
	return concat(evidenceDimensions(), accessDimensions(), catalogDimensions(), textDimensions(), importDimensions())
}

func concat(groups ...[]Dimension) []Dimension {
	var all []Dimension
	for _, group := range groups {
		all = append(all, group...)
	}
	return all
}

// folder writes files, and keeps the first error.
type folder struct {
	dir string
	err error
}

func (f *folder) path(name string) string { return filepath.Join(f.dir, filepath.FromSlash(name)) }

// file writes a file by parts. Errors of out are left to its Flush.
func (f *folder) file(name string, fill func(out *bufio.Writer)) {
	if f.err != nil {
		return
	}
	if f.err = os.MkdirAll(filepath.Dir(f.path(name)), 0o755); f.err != nil {
		return
	}
	file, err := os.Create(f.path(name))
	if err != nil {
		f.err = err
		return
	}
	out := bufio.NewWriter(file)
	fill(out)
	f.err = errors.Join(f.err, out.Flush(), file.Close())
}

// text writes a file of a few lines.
func (f *folder) text(name, text string) {
	f.file(name, func(out *bufio.Writer) { _, _ = out.WriteString(text) })
}

// list writes parts between an opening and an end, with separators between them.
func list(out *bufio.Writer, opening, separator, end string, n int, part func(i int) string) {
	_, _ = out.WriteString(opening)
	for i := range n {
		if i > 0 {
			_, _ = out.WriteString(separator)
		}
		_, _ = out.WriteString(part(i))
	}
	_, _ = out.WriteString(end)
}

// records are those of one dataset, as JSON.
type records struct {
	dataset string
	count   int
	record  func(i int) string
}

// bundle writes a bundle of evidence into the folder "evidence".
func (f *folder) bundle(datasets ...records) {
	if f.err != nil {
		return
	}
	w, err := evidence.Create(f.path("evidence"), evidence.Manifest{
		Tenant:      evidence.Tenant{ID: guid(0, 0), Name: "Growth"},
		Collector:   evidence.Collector{Name: "posture bench", Version: "1"},
		CollectedAt: time.Date(2026, time.October, 1, 0, 0, 0, 0, time.UTC),
	})
	if err != nil {
		f.err = err
		return
	}
	defer func() { _ = w.Abort() }()
	for _, d := range datasets {
		if f.err = w.Records(d.dataset, d.all()); f.err != nil {
			return
		}
	}
	f.err = w.Close()
}

func (r records) all() iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		for i := range r.count {
			if !yield(json.RawMessage(r.record(i)), nil) {
				return
			}
		}
	}
}

// guid is the i-th id of a kind. Ids that follow one another have nothing in common.
func guid(kind, i int) string {
	x := (uint64(i) + 1) * 0x9e3779b97f4a7c15
	x ^= x >> 29
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 32
	return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%08x%04x", uint32(x), uint16(x>>32), kind, uint16(x>>48)>>4, uint32(i), kind)
}
