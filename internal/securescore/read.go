package securescore

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/posture-score/posture/internal/importer/jsonfile"
	"github.com/posture-score/posture/internal/records"
)

// MaxBytes bounds a file, which is read into memory: 90 days of 500 controls have some 30 MiB.
const MaxBytes = 128 << 20

// Bounds of all files together.
const (
	maxEntries  = 200_000
	maxEnvelope = 8 // how deep pages may lie in other objects
	maxProblems = 100
)

// Problem is what could not be read, or does not agree, and where.
type Problem struct {
	File string
	Line int // from 1; 0 if the file as a whole is meant
	Text string
}

// String returns the problem with its place.
func (p Problem) String() string {
	if p.Line > 0 {
		return fmt.Sprintf("%s line %d: %s", p.File, p.Line, p.Text)
	}
	return p.File + ": " + p.Text
}

// Answers are the entries of files. An entry that can't be read costs no other one.
type Answers struct {
	Problems []Problem // at most 100, in the order of the files
	More     bool      // a page of profiles names a next one
	Damaged  bool      // a file gave nothing, or something of it could not be read

	days     map[string]*Day                // by tenant and day
	profiles map[string]map[string]*Profile // by tenant and id
	entries  int
}

// Days returns the days, by tenant and date. Of a day that comes several times the one with the most details is taken.
func (a *Answers) Days() []*Day {
	days := make([]*Day, 0, len(a.days))
	for _, d := range a.days {
		days = append(days, d)
	}
	sortDays(days)
	return days
}

// Profiles returns the profiles of a tenant: its own, and those that say no tenant.
func (a *Answers) Profiles(tenant string) Profiles {
	found := Profiles{}
	for _, of := range []string{"", strings.ToLower(tenant)} {
		for id, p := range a.profiles[of] {
			found[id] = p
		}
	}
	return found
}

// Tenants returns the ids of tenants that have profiles, "" for those that name none.
func (a *Answers) Tenants() []string { return sortedKeys(a.profiles) }

// Add reads a file: a page of Graph, a list, one entry, one entry a line, or an object with pages in it. The error is one of reading;
// what is wrong with the content is a problem.
func (a *Answers) Add(ctx context.Context, file string, r io.Reader) error {
	text, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return fmt.Errorf("reading %s: %w", file, err)
	}
	if len(text) <= MaxBytes {
		text, err = io.ReadAll(io.LimitReader(jsonfile.Text(bytes.NewReader(text)), MaxBytes+1))
	}
	if err != nil {
		return fmt.Errorf("reading %s: %w", file, err)
	}
	if len(text) > MaxBytes {
		a.problem(file, 0, "it has more than %d MiB: it was not read", MaxBytes>>20)
		return nil
	}
	if a.days == nil {
		a.days, a.profiles = map[string]*Day{}, map[string]map[string]*Profile{}
	}
	f := &reading{answers: a, ctx: ctx, file: file, text: text}
	return f.all()
}

// problem tells what could not be read.
func (a *Answers) problem(file string, line int, format string, args ...any) {
	a.Damaged = true
	a.tell(file, line, format, args...)
}

func (a *Answers) tell(file string, line int, format string, args ...any) {
	if len(a.Problems) < maxProblems {
		a.Problems = append(a.Problems, Problem{File: file, Line: line, Text: fmt.Sprintf(format, args...)})
	}
}

// reading is the reading of one file.
type reading struct {
	answers *Answers
	ctx     context.Context //nolint:containedctx // it lives as long as one call of Add
	file    string
	text    []byte
	base    int64 // where the decoder began
	decoder *jsontext.Decoder
	found   int // entries
	pages   int
	told    bool // a problem
}

// all reads every value of the file. After a line that is not JSON the next line is read.
func (f *reading) all() error {
	for rest := int64(0); ; {
		f.base, f.decoder = rest, jsontext.NewDecoder(bytes.NewReader(f.text[rest:]), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
		start, err := f.values()
		switch {
		case f.ctx.Err() != nil:
			return f.ctx.Err()
		case errors.Is(err, io.EOF):
			switch {
			case len(bytes.TrimSpace(f.text)) == 0:
				f.problem(0, "it is empty")
			case f.found == 0 && f.pages > 0 && !f.told:
				f.problem(0, "its page has no entries")
			case f.found == 0 && f.pages == 0:
				f.problem(0, "it has no entry of secureScores or secureScoreControlProfiles")
			}
			return nil
		}
		at := f.base + f.decoder.InputOffset()
		var syntax *jsontext.SyntacticError
		if errors.As(err, &syntax) {
			at = f.base + syntax.ByteOffset
		}
		at = min(at, int64(len(f.text)))
		f.problem(at, "%s", jsonfile.Explain(plain(err)))
		next := bytes.IndexByte(f.text[at:], '\n')
		if next < 0 || bytes.IndexByte(f.text[start:at], '\n') >= 0 {
			return nil // a value of several lines: what follows is the rest of it
		}
		rest = at + int64(next) + 1
	}
}

// plain returns an error without the place, which the problem has.
func plain(err error) error {
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) && syntax.Err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("not well-formed JSON: %w", syntax.Err)
	}
	return err
}

// values reads values one after the other, and returns where the one began at which it ended.
func (f *reading) values() (int64, error) {
	for {
		start := f.base + f.decoder.InputOffset()
		start += int64(len(f.text[start:]) - len(bytes.TrimLeft(f.text[start:], " \t\r\n")))
		if err := f.value(0); err != nil {
			return start, err
		}
	}
}

func (f *reading) problem(at int64, format string, args ...any) {
	f.told = true
	f.answers.problem(f.file, f.line(at), format, args...)
}

// line returns the line of a place; 0 is the file as a whole.
func (f *reading) line(at int64) int {
	if at > 0 || len(f.text) > 0 && f.found > 0 {
		return 1 + bytes.Count(f.text[:at], []byte{'\n'})
	}
	return 0
}

// here is the place of the decoder.
func (f *reading) here() int64 { return f.base + f.decoder.InputOffset() }

// value reads a value: an entry, or what has entries in it.
func (f *reading) value(depth int) error {
	if err := f.ctx.Err(); err != nil {
		return err
	}
	switch kind := f.decoder.PeekKind(); {
	case kind == '[' && depth < maxEnvelope:
		return f.list(depth)
	case kind == '{' && depth < maxEnvelope:
		return f.object(depth)
	}
	at := f.here()
	if err := f.decoder.SkipValue(); err != nil {
		return err
	}
	f.problem(at, "an object was expected, and something else is here")
	return nil
}

func (f *reading) list(depth int) error {
	if _, err := f.decoder.ReadToken(); err != nil {
		return err
	}
	for f.decoder.PeekKind() != ']' {
		if err := f.value(depth + 1); err != nil {
			return err
		}
	}
	_, err := f.decoder.ReadToken()
	return err
}

// envelopes are the members in which entries are saved, folded. An entry has none of these names.
func envelope(name string) bool {
	switch fold(name) {
	case "value", "securescore", "securescores", "profiles", "securescorecontrolprofiles", "controlprofiles", "responses", "body":
		return true
	}
	return false
}

// Bounds of one entry: its bytes, and its members, of which Graph's have some twenty.
const (
	maxEntryBytes = 32 << 20
	maxMembers    = 500
)

// object reads an entry, or an object with entries in it, whose members come in any order.
func (f *reading) object(depth int) error {
	if _, err := f.decoder.ReadToken(); err != nil {
		return err
	}
	begin := f.here()
	members, nested, size, more := map[string]any{}, false, 0, false
	for f.decoder.PeekKind() != '}' {
		token, err := f.decoder.ReadToken()
		if err != nil {
			return err
		}
		name := token.String()
		if kind := f.decoder.PeekKind(); envelope(name) && (kind == '[' || kind == '{') {
			if err := f.value(depth + 1); err != nil {
				return err
			}
			nested = true
			continue
		}
		raw, err := f.decoder.ReadValue()
		if err != nil {
			return err
		}
		if size += len(name) + len(raw); size > maxEntryBytes || len(members) == maxMembers {
			continue
		}
		value, err := records.Decode(raw, records.Limits{RecordBytes: maxEntryBytes, Depth: 20})
		switch {
		case err != nil && raw.Kind() == '0':
			value = json.Number(raw) // out of range: whoever asks for it says so
		case err != nil:
			f.problem(begin, "its %s was left out: %v", oneLine(name, 60), err)
			continue
		}
		more = more || name == "@odata.nextLink"
		members[name] = value
	}
	if _, err := f.decoder.ReadToken(); err != nil {
		return err
	}
	if nested {
		f.answers.More = f.answers.More || more
		f.pages++
		return nil
	}
	if size > maxEntryBytes {
		f.problem(begin, "an entry of more than %d MiB was left out", maxEntryBytes>>20)
		return nil
	}
	f.entry(begin, newObject(members))
	return nil
}

// entry takes an entry for what its members say it is.
func (f *reading) entry(at int64, o object) {
	if f.answers.entries++; f.answers.entries > maxEntries {
		if f.answers.entries == maxEntries+1 {
			f.problem(at, "at most %d entries are read: the rest was left out", maxEntries)
		}
		return
	}
	switch {
	case o.has("controlscores") || o.has("currentscore") && o.has("createddatetime"):
		f.found++
		d, err := newDay(o)
		if err != nil {
			f.problem(at, "a day of secureScores was left out: %v", err)
			return
		}
		d.File = f.file
		f.day(at, d)
	case o.has("controlstateupdates") || o.has("maxscore") && o.has("controlcategory", "service", "title"):
		f.found++
		p, err := newProfile(o)
		if err != nil {
			f.problem(at, "a profile was left out: %v", err)
			return
		}
		tenant := strings.ToLower(p.Tenant)
		if f.answers.profiles[tenant] == nil {
			f.answers.profiles[tenant] = map[string]*Profile{}
		}
		f.answers.profiles[tenant][p.ID] = p
	case o.has("error"):
		f.found++
		inner, _ := o["error"].(map[string]any)
		of := newObject(inner)
		f.problem(at, "it is an error of Graph, and no answer: %s: %s", of.line("code", 80), of.line("message", 200))
	default:
		f.problem(at, "an object that is no entry of secureScores or secureScoreControlProfiles was left out")
	}
}

// day keeps a day, or the better one of two.
func (f *reading) day(at int64, d *Day) {
	for _, note := range d.Notes {
		f.problem(at, "%s: %s", d.day(), note)
	}
	for _, name := range sumNames() {
		if _, ok := d.Unusable[name]; ok {
			f.problem(at, "%s: %s", d.day(), d.noSum(name))
		}
	}
	key := strings.ToLower(d.Tenant) + " " + d.day()
	other := f.answers.days[key]
	if other != nil && other.Current != nil && d.Current != nil && other.Current.Cmp(d.Current) != 0 {
		f.answers.tell(f.file, f.line(at), "%s is said to be %s points here, and %s in %s: the one with more details is taken, or else the first",
			d.day(), written(d.Current), written(other.Current), other.File)
	}
	if other == nil || d.richness() > other.richness() || d.richness() == other.richness() && len(d.Controls) > len(other.Controls) {
		f.answers.days[key] = d
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
