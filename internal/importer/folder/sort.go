package folder

import (
	"bufio"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/posture-score/posture/internal/importer/msgraph"
	"github.com/posture-score/posture/internal/importer/powershell"
	"github.com/posture-score/posture/internal/importer/psobject"
	"github.com/posture-score/posture/schemas"
)

// sorted are the files of a folder by what they are.
type sorted struct {
	exports   []string // answers of cmdlets
	responses []string // of Graph, as far as that can be told
	scubagear []string
	devices   []string // records of Defender
	bundles   []string // folders and archives that are bundles of their own
	unrelated []string // JSON that is nothing of this
	others    int      // files of other kinds, which are left alone
	skipped   []Skipped
}

// evidence says how many files may hold some.
func (s *sorted) evidence() int {
	return len(s.exports) + len(s.scubagear) + len(s.devices) + len(s.responses) - len(s.unrelated)
}

func (s *sorted) skip(name, reason string) {
	s.skipped = append(s.skipped, Skipped{Path: name, Reason: reason})
}

// sorter tells the files of a tree apart.
type sorter struct {
	*tree
	table    *powershell.Table
	registry *schemas.Registry
	packed   bool // the folder holds what was in an archive
	sorted
}

// sort sorts the files. One that was asked for alone may have any ending.
func (s *sorter) sort(ctx context.Context) error {
	s.skipped = slices.Clone(s.broken)
	s.findBundles(ctx)
	names := slices.DeleteFunc(slices.Clone(s.names), s.inBundle)
	names = s.unique(names)
	for _, name := range names {
		if s.isJSON(name) {
			s.json(ctx, name)
		} else {
			s.other(name)
		}
	}
	s.reports()
	return ctx.Err()
}

// findBundles finds the folders that hold a manifest.
func (s *sorter) findBundles(ctx context.Context) {
	for _, name := range s.names {
		if path.Base(name) != "manifest.json" || s.alone || s.inBundle(name) {
			continue
		}
		if form := s.recognise(ctx, name); form == Manifest {
			s.bundles = append(s.bundles, path.Dir(name))
			s.skip(path.Dir(name), "it is a bundle of its own: name it to assess it")
		}
	}
}

func (s *sorter) inBundle(name string) bool {
	return slices.ContainsFunc(s.bundles, func(dir string) bool { return dir == "." || strings.HasPrefix(name, dir+"/") })
}

// unique leaves out files that hold the same as another one of the same name, as
// an archive beside the files that it was made of has them.
func (s *sorter) unique(names []string) []string {
	type twin struct {
		base  string
		group string // whose members it holds, which folders may say
		size  int64
	}
	twins := map[twin][]string{}
	for _, name := range names {
		if !s.isJSON(name) {
			continue
		}
		t := twin{strings.ToLower(path.Base(name)), msgraph.Group(name), s.size(name)}
		twins[t] = append(twins[t], name)
	}
	same := map[string]bool{}
	for _, alike := range twins {
		seen := map[[sha256.Size]byte]string{}
		// The files of the folder itself come before those of its archives.
		slices.SortStableFunc(alike, func(a, b string) int { return strings.Compare(s.archive(a), s.archive(b)) })
		for _, name := range alike {
			if len(alike) == 1 {
				break
			}
			digest, err := s.digest(name)
			if err != nil {
				continue
			}
			if first, ok := seen[digest]; ok {
				same[name] = true
				s.skip(name, "it is the same as "+first)
				continue
			}
			seen[digest] = name
		}
	}
	return slices.DeleteFunc(names, func(name string) bool { return same[name] })
}

func (s *sorter) digest(name string) (sum [sha256.Size]byte, err error) {
	f, err := s.open(name)
	if err != nil {
		return sum, err
	}
	defer func() { _ = f.Close() }()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return sum, err
	}
	return [sha256.Size]byte(h.Sum(nil)), nil
}

// isJSON tells by its ending whether a file should hold JSON.
func (s *sorter) isJSON(name string) bool {
	return s.alone || slices.Contains([]string{".json", ".ndjson", ".jsonl"}, ending(name))
}

// ending is what a file's name ends with, but for the mark of compression.
func ending(name string) string {
	name = strings.ToLower(name)
	for _, packed := range []string{".gz", ".zst"} {
		name = strings.TrimSuffix(name, packed)
	}
	return path.Ext(name)
}

// json sorts a file that should hold JSON.
func (s *sorter) json(ctx context.Context, name string) {
	if s.table.Knows(name) && !msgraph.Knows(name) {
		s.exports = append(s.exports, name)
		return
	}
	form := s.recognise(ctx, name)
	command, named := powershell.Named(name)
	switch {
	case form == ScubaGear:
		s.scubagear = append(s.scubagear, name)
	case form == Devices:
		s.devices = append(s.devices, name)
	case named && !msgraph.Knows(name) && !msgraph.IsResponse(ctx, s, name):
		s.skip(name, "no dataset is made of what "+command+" answers")
	default:
		s.responses = append(s.responses, name)
		other := form == Unknown || form == Other
		if other && !s.namesDataset(name) && !msgraph.Knows(name) && !msgraph.IsResponse(ctx, s, name) {
			s.unrelated = append(s.unrelated, name)
		}
	}
}

// namesDataset reports whether a file is named after a dataset.
func (s *sorter) namesDataset(name string) bool {
	base := strings.ToLower(path.Base(name))
	return slices.ContainsFunc(s.registry.Names(), func(dataset string) bool { return strings.HasPrefix(base, dataset) })
}

// recognise says what a file holds; Unknown if it can't be read.
func (s *sorter) recognise(ctx context.Context, name string) Form {
	f, err := s.Open(name)
	if err != nil {
		return Unknown
	}
	defer func() { _ = f.Close() }()
	form, _ := Recognise(ctx, f)
	return form
}

// other sorts a file that is not named like JSON: it matters if it is named
// after a cmdlet.
func (s *sorter) other(name string) {
	command, _ := powershell.Named(name)
	switch {
	case ending(name) == ".zip" || ending(name) == ".tar" || ending(name) == ".tgz":
		s.skip(name, "it is an archive within an archive, or none")
	case command == "" || !s.table.Knows(name) && !msgraph.Knows(name):
		s.others++
	case s.startsJSON(name) && msgraph.Knows(name):
		s.responses = append(s.responses, name)
	case s.startsJSON(name):
		s.exports = append(s.exports, name)
	default:
		s.skip(name, fmt.Sprintf("it is %s: save what %s | ConvertTo-Json -Depth 10 makes", kind(name), command))
	}
}

// kind says by its ending what a file holds in the place of JSON.
func kind(name string) string {
	switch ending(name) {
	case ".csv", ".tsv":
		return "CSV, which keeps neither lists nor types"
	case ".xml", ".clixml":
		return "CliXml, which PowerShell alone reads"
	}
	return "no JSON"
}

// startsJSON tells by its first letter whether a file holds JSON after all.
func (s *sorter) startsJSON(name string) bool {
	f, err := s.Open(name)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	text := bufio.NewReader(psobject.Text(f))
	for range 64 {
		switch c, err := text.ReadByte(); {
		case err != nil:
			return false
		case c == ' ', c == '\t', c == '\r', c == '\n':
		default:
			return c == '[' || c == '{'
		}
	}
	return false
}

// reports takes out the files that ScubaGear writes beside its export.
func (s *sorter) reports() {
	beside := func(name string) bool {
		return slices.ContainsFunc(s.scubagear, func(export string) bool {
			dir := path.Dir(export)
			return dir == "." || strings.HasPrefix(name, dir+"/")
		})
	}
	parts := map[string]bool{}
	for _, name := range s.unrelated {
		if beside(name) && isReport(name) {
			parts[name] = true
			s.skip(name, "it is a part of ScubaGear's report")
		}
	}
	drop := func(name string) bool { return parts[name] }
	s.unrelated = slices.DeleteFunc(s.unrelated, drop)
	s.responses = slices.DeleteFunc(s.responses, drop)
}

// isReport tells by its name whether a file is one of those that ScubaGear
// writes beside its export.
func isReport(name string) bool {
	return path.Base(name) == "TestResults.json" || path.Base(path.Dir(name)) == "IndividualReports" || strings.HasSuffix(name, "Report.json")
}
