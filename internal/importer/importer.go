package importer

import (
	"context"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/schemas"
)

// An Importer reads the files that one tool or service writes, and writes the datasets that they make.
type Importer interface {
	// Info returns the importer's name and what users read about it.
	Info() Info
	// Detect reports whether a file is one of the importer's. It is called with the path alone, then with each member
	// of the file that is read, until an importer returns Yes. If none does, it is called once more with files, from
	// which it may open the file for a closer look; before, files is nil.
	Detect(ctx context.Context, head Head, files fs.FS) Match
	// Import reads files that Detect accepted. What is wrong with one file belongs into the report: as a skipped file,
	// or as a dataset that Write lists as failed. An error ends the import of the whole folder, except that of an
	// importer with Info.PerFile, which costs that file if there are others.
	Import(ctx context.Context, in Input) (*Report, error)
}

// Info describes an importer.
type Info struct {
	Name    string   // in lower case
	Accepts string   // what it reads, for the message about a file that no importer knows; "" leaves it out
	PerFile bool     // each file is an export of its own: Import is called for one file at a time, and the newest export counts
	Command *Command // nil if there is no command: the files are found in folders
}

// Command describes "posture evidence import NAME".
type Command struct {
	Args    string // what follows the name: "FILE" reads one file, whatever Detect says; "DIR" reads a folder by all importers
	Flags   string // the flags to show in the usage line
	Short   string
	Long    string
	Example string // the line to type
}

// Head is what is known of a file so far.
type Head struct {
	Path    string        // within the folder, with slashes
	Members []string      // names of the members read so far of the object that the file holds, or of its first element; nil before the file is read
	Kind    jsontext.Kind // of the value of the last member
	Context string        // the value of the last member if it is "@odata.context" and a string
	Whole   bool          // no member follows
}

// Last returns the name of the last member; "" before the file is read.
func (h Head) Last() string {
	if len(h.Members) == 0 {
		return ""
	}
	return h.Members[len(h.Members)-1]
}

// Match says whether a file is an importer's.
type Match int

// The answers of [Importer.Detect].
const (
	No    Match = iota
	Maybe       // if no other importer accepts the file, this one reports what the file lacks
	Name        // the path is that of such a file, but the content decides if it is another importer's
	Yes
)

// Input is what an importer reads.
type Input struct {
	Files       fs.FS    // a compressed file opens as its content; a file of an archive has the path of the archive as its folder
	Names       []string // of the files to read, sorted
	Registry    *schemas.Registry
	Limits      evidence.Limits
	CollectedAt time.Time // when the files were saved if they do not say so; may be zero
}

// Report is what files hold.
type Report struct {
	Collector   evidence.Collector
	CollectedAt time.Time         // zero if the files do not say so
	Tenant      evidence.Tenant   // zero if the files do not say so
	TenantFile  string            // the file that names the tenant
	Files       map[string]string // by dataset, including those that fail: a file that it is made of
	Skipped     []Skipped

	// Write writes or fails those datasets of Files that are wanted. It may be called again for others.
	Write func(ctx context.Context, w *evidence.Writer, wanted func(dataset string) bool) error
}

// Skipped is a file, or a part of one, that makes no evidence.
type Skipped struct {
	Path   string // within the folder
	Reason string
}

// A Companion is an importer whose tool writes other files next to an export.
type Companion interface {
	// Companion returns why a file next to an export is no evidence; "" if the tool does not write such a file.
	Companion(path string) string
}

// A Subject is an importer for which the path of a file says what its content is about.
type Subject interface {
	// Subject returns what the path names, such as a group. Two files of the same bytes and different subjects are no duplicates.
	Subject(path string) string
}

var cmdletFile = regexp.MustCompile(`(?i)^(get-[a-z][a-z0-9]*)([^a-z0-9].*)?$`)

// Cmdlet returns the PowerShell cmdlet that a file is named after, as the file spells it. What follows it after a
// space, a dash or the like is free.
func Cmdlet(file string) (string, bool) {
	base := path.Base(file)
	found := cmdletFile.FindStringSubmatch(strings.TrimSuffix(base, path.Ext(base)))
	if found == nil {
		return "", false
	}
	return found[1], true
}
