package evidence

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/posture-score/posture/internal/records"
)

// SchemaVersion is the version of the manifest that this package reads and writes.
const SchemaVersion = "1"

// manifestName is the file that makes a folder a bundle.
const manifestName = "manifest.json"

// The statuses of a dataset.
const (
	Collected = "collected"
	Failed    = "failed"
)

// Manifest is the table of contents of a bundle.
type Manifest struct {
	SchemaVersion string    `json:"schema_version"`
	Tenant        Tenant    `json:"tenant"`
	Collector     Collector `json:"collector,omitzero"`
	CollectedAt   time.Time `json:"collected_at"`
	Datasets      []Dataset `json:"datasets"`
}

// Tenant is the organization that the evidence is about. Its id is empty if it is unknown.
type Tenant struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
}

// Collector is the program that gathered the evidence.
type Collector struct {
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
}

// Dataset is one part of the evidence, or the note that it could not be collected.
type Dataset struct {
	Name        string    `json:"name"`
	Status      string    `json:"status"`                 // Collected or Failed
	Reason      string    `json:"reason,omitempty"`       // why it failed
	Path        string    `json:"path,omitempty"`         // of its file in the bundle, with slashes
	SHA256      string    `json:"sha256,omitempty"`       // of the file as stored, in hexadecimal
	Records     int64     `json:"records"`                // 1 for a document
	CollectedAt time.Time `json:"collected_at,omitempty"` // default: that of the manifest

	Truncated []Truncated `json:"truncated,omitempty"` // each field once
}

// entry is a dataset as it is written in a manifest: a missing count differs from a count of 0, and
// errors have the offset of the entry.
type entry struct {
	Dataset
	count  *int64
	offset int64
}

// UnmarshalJSONFrom records the offset of the entry.
func (e *entry) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	dec.PeekKind()
	e.offset = dec.InputOffset()
	var wire struct {
		Name        string    `json:"name"`
		Status      string    `json:"status"`
		Reason      string    `json:"reason"`
		Path        string    `json:"path"`
		SHA256      string    `json:"sha256"`
		Records     *int64    `json:"records"`
		CollectedAt time.Time `json:"collected_at"`

		Truncated []Truncated `json:"truncated"`
	}
	if err := json.UnmarshalDecode(dec, &wire); err != nil {
		return err
	}
	e.Dataset = Dataset{
		Name: wire.Name, Status: wire.Status, Reason: wire.Reason,
		Path: wire.Path, SHA256: wire.SHA256, CollectedAt: wire.CollectedAt, Truncated: wire.Truncated,
	}
	e.count = wire.Records
	if e.count != nil {
		e.Records = *e.count
	}
	return nil
}

// replacing is an object that replaces an earlier one of the same name; the decoder alone would merge the two.
type replacing[T any] struct{ value T }

// UnmarshalJSONFrom decodes into a zero value.
func (l *replacing[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	var value T
	err := json.UnmarshalDecode(dec, &value)
	l.value = value
	return err
}

// mostMistakes is how many mistakes of a manifest are told at once.
const mostMistakes = 20

// parseManifest parses a manifest, checks it without the files, and sorts its datasets by name. The error joins all mistakes that were found.
func parseManifest(data []byte) (Manifest, error) {
	if f := foreignEncoding(data); f != nil {
		return Manifest{}, f
	}
	bom := 0
	if bytes.HasPrefix(data, []byte(byteOrderMark)) {
		bom = len(byteOrderMark)
		data = data[bom:]
	}
	m, entries, wrong := decodeManifest(data)
	if wrong == nil || isUnknown(wrong[0]) { // otherwise what is missing may stand behind the mistake
		wrong = append(wrong, checkManifest(&m, entries)...)
	}
	if wrong != nil {
		errs := make([]error, 0, mostMistakes)
		for _, f := range wrong[:min(len(wrong), mostMistakes)] {
			if f.Offset >= 0 {
				f.Offset += int64(bom)
			}
			errs = append(errs, f)
		}
		return Manifest{}, errors.Join(errs...)
	}
	for _, e := range entries {
		if e.CollectedAt.IsZero() {
			e.CollectedAt = m.CollectedAt
		}
		m.Datasets = append(m.Datasets, e.Dataset)
	}
	slices.SortFunc(m.Datasets, func(a, b Dataset) int { return strings.Compare(a.Name, b.Name) })
	return m, nil
}

// decodeManifest returns what can be decoded, in spite of fields that are not known.
func decodeManifest(data []byte) (Manifest, []entry, []*records.SyntaxError) {
	// The version comes first: a newer manifest may have other fields.
	var version struct {
		SchemaVersion *string `json:"schema_version"`
	}
	duplicates := jsontext.AllowDuplicateNames(true)
	if err := json.Unmarshal(data, &version, duplicates); err != nil {
		return Manifest{}, nil, []*records.SyntaxError{manifestError(data, err)}
	}
	switch v := version.SchemaVersion; {
	case v == nil:
		return Manifest{}, nil, []*records.SyntaxError{{Offset: -1, Summary: `schema_version is missing`, Hint: `This version of posture reads schema_version "1".`}}
	case *v != SchemaVersion:
		return Manifest{}, nil, []*records.SyntaxError{{
			Offset: -1, Summary: "schema_version " + quote(*v) + " is unknown",
			Hint: `This version of posture reads schema_version "1"; a newer one may read this bundle.`,
		}}
	}
	type document struct {
		SchemaVersion string               `json:"schema_version"`
		Tenant        replacing[Tenant]    `json:"tenant"`
		Collector     replacing[Collector] `json:"collector"`
		CollectedAt   time.Time            `json:"collected_at"`
		Datasets      []entry              `json:"datasets"`
	}
	var (
		wire  document
		wrong []*records.SyntaxError
	)
	if err := json.Unmarshal(data, &wire, duplicates, json.RejectUnknownMembers(true)); err != nil {
		wrong = []*records.SyntaxError{manifestError(data, err)}
		if !isUnknown(wrong[0]) {
			return Manifest{}, nil, wrong
		}
		wire = document{}
		if err := json.Unmarshal(data, &wire, duplicates); err != nil {
			return Manifest{}, nil, append(wrong, manifestError(data, err))
		}
	}
	for i := range wire.Datasets {
		// The offset before a value is that after the preceding token.
		e := &wire.Datasets[i]
		rest := bytes.TrimLeft(data[e.offset:], " \t\r\n,")
		e.offset = int64(len(data) - len(rest))
	}
	m := Manifest{SchemaVersion: wire.SchemaVersion, Tenant: wire.Tenant.value, Collector: wire.Collector.value, CollectedAt: wire.CollectedAt}
	return m, wire.Datasets, wrong
}

// isUnknown reports whether a mistake is a field that is not known, which keeps nothing else from being read.
func isUnknown(f *records.SyntaxError) bool { return errors.Is(f, json.ErrUnknownName) }

// manifestError converts an error of the decoder.
func manifestError(data []byte, err error) *records.SyntaxError {
	if e := records.NewSyntaxError(err, data); e != nil {
		return e
	}
	var semantic *json.SemanticError
	if !errors.As(err, &semantic) {
		return &records.SyntaxError{Offset: -1, Summary: "cannot be understood: " + err.Error(), Cause: err}
	}
	field := strings.ReplaceAll(strings.TrimPrefix(string(semantic.JSONPointer), "/"), "/", ".")
	f := &records.SyntaxError{Offset: semantic.ByteOffset, Cause: err}
	switch {
	case errors.Is(semantic.Err, json.ErrUnknownName):
		f.Summary, f.Hint = "field "+quote(field)+" is unknown", "Check its spelling, or remove it."
	case field == "":
		f.Summary, f.Hint = "a manifest is an object", ""
	case semantic.GoType == reflect.TypeFor[time.Time]():
		f.Summary, f.Hint = "field "+quote(field)+" is not a time", "Write it in RFC 3339, like 2026-03-01T06:00:00Z."
	case semantic.JSONKind == '0' && len(semantic.JSONValue) > 0:
		f.Summary = fmt.Sprintf("field %s cannot be %.40s", quote(field), semantic.JSONValue)
	default:
		f.Summary = "field " + quote(field) + " cannot be " + kindName(semantic.JSONKind)
	}
	return f
}

func kindName(k jsontext.Kind) string {
	switch k {
	case 'n':
		return "null"
	case 't', 'f':
		return "a boolean"
	case '"':
		return "a string"
	case '0':
		return "a number"
	case '{':
		return "an object"
	default:
		return "an array"
	}
}

// validName reports whether a name has the form "area.dataset".
func validName(name string) bool {
	area, dataset, _ := strings.Cut(name, ".")
	for _, part := range []string{area, dataset} {
		for i, c := range []byte(part) {
			letter := c >= 'a' && c <= 'z'
			if !letter && (i == 0 || c != '_' && (c < '0' || c > '9')) {
				return false
			}
		}
	}
	return area != "" && dataset != ""
}

const nameHint = `Names are like "entra.users": lower-case letters, digits and underscores around one dot.`

// checkManifest returns all that is wrong with a manifest beyond its types.
func checkManifest(m *Manifest, entries []entry) []*records.SyntaxError {
	var wrong []*records.SyntaxError
	found := func(offset int64, summary, hint string) {
		wrong = append(wrong, &records.SyntaxError{Offset: offset, Summary: summary, Hint: hint})
	}
	if m.Collector != (Collector{}) && m.Collector.Name == "" {
		found(-1, "collector.name is missing", "")
	}
	switch at := m.CollectedAt.UTC(); {
	case m.CollectedAt.IsZero():
		found(-1, "collected_at is missing", "Give the time when the collection ended, in RFC 3339.")
	case at.Year() < 1 || at.Year() > 9999:
		found(-1, "collected_at is out of range", "In UTC it has to be in a year from 1 to 9999.")
	}
	if len(entries) == 0 {
		found(-1, "the bundle is empty: no dataset is listed", `A dataset that could not be collected is listed with status "failed" and a reason.`)
	}
	names, paths := make(map[string]bool, len(entries)), make(map[string]string, len(entries))
	for i := range entries {
		e := &entries[i]
		f := checkEntry(e) // which cleans the path
		other, shared := paths[e.Path]
		switch {
		case f != nil:
			f.Offset = e.offset
			wrong = append(wrong, f)
		case names[e.Name]:
			found(e.offset, "dataset "+quote(e.Name)+" is listed twice", "Each dataset has one file; merge the two.")
		case shared:
			found(e.offset, fmt.Sprintf("datasets %s and %s share the file %s", quote(other), quote(e.Name), quote(e.Path)), "Each dataset has a file of its own.")
		}
		if names[e.Name] = true; e.Path != "" {
			paths[e.Path] = e.Name
		}
	}
	return wrong
}

// checkEntry checks a dataset and cleans its path.
func checkEntry(e *entry) *records.SyntaxError {
	if !validName(e.Name) {
		return &records.SyntaxError{Summary: "dataset name " + quote(e.Name) + " is not valid", Hint: nameHint}
	}
	is := func(format string, args ...any) *records.SyntaxError {
		return &records.SyntaxError{Summary: "dataset " + quote(e.Name) + " " + fmt.Sprintf(format, args...)}
	}
	switch e.Status {
	case Collected:
	case Failed:
		switch {
		case e.Reason == "":
			return is("failed without a reason")
		case e.Path != "" || e.SHA256 != "" || e.Records != 0:
			return is("failed and yet has a file")
		case len(e.Truncated) > 0:
			return is("failed and yet has truncated fields")
		}
		return nil
	case "":
		return is("has no status")
	default:
		return is("has the unknown status %s", quote(e.Status))
	}
	switch digest, err := hex.DecodeString(e.SHA256); {
	case e.Path == "":
		return is("has no path")
	case e.Reason != "":
		return is("was collected and yet has a reason")
	case e.count == nil:
		return is("has no count of records")
	case e.Records < 0:
		return is("has a negative count of records: %d", e.Records)
	case e.SHA256 != "" && (err != nil || len(digest) != 32 || strings.ToLower(e.SHA256) != e.SHA256):
		return is("has a sha256 that is not 64 lower-case hexadecimal digits")
	}
	if why := checkTruncated(e.Truncated); why != "" {
		return is("%s", why)
	}
	if why := unsafePath(e.Path); why != "" {
		return is("has the path %s, which %s", quote(e.Path), why)
	}
	e.Path = path.Clean(e.Path)
	if e.Path == manifestName || e.Path == "." {
		return is("has the path %s, which is no file of evidence", quote(e.Path))
	}
	return nil
}

// unsafePath returns why a path in a bundle is refused, as the end of a sentence; "" if it is not.
func unsafePath(p string) string {
	drive := len(p) >= 2 && p[1] == ':' && (p[0]|0x20 >= 'a' && p[0]|0x20 <= 'z')
	switch {
	case p == "":
		return "is empty"
	case len(p) > 1024:
		return "is too long"
	case strings.Count(p, "/") > 16:
		return "is too deep"
	case !utf8.ValidString(p) || strings.ContainsFunc(p, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return "has characters that no file name should have"
	case strings.Contains(p, `\`):
		return "has a backslash; paths are written with slashes"
	case strings.HasPrefix(p, "/"):
		return "is absolute"
	case drive:
		return "names a drive"
	case slices.Contains(strings.Split(p, "/"), ".."):
		return "leads out of the bundle"
	}
	return ""
}
