package folder

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/evidence/cmdlet"
	"github.com/posture-score/posture/evidence/graph"
	"github.com/posture-score/posture/schemas"
)

// maxFiles bounds a folder: a page has some hundred records.
const maxFiles = 100_000

// Options say what exports don't.
type Options struct {
	CollectedAt time.Time       // when the exports were saved
	Tenant      evidence.Tenant // whose they are, if none of them says so
	Limits      evidence.Limits
}

// Skipped is a file, or a part of one, that made no evidence.
type Skipped = graph.Skipped

// Import reads the files of a folder and of those below it, or one file, and
// writes the bundle that they make into dir. It also tells what made no
// evidence.
func Import(ctx context.Context, source, dir string, options Options) (*evidence.Bundle, []Skipped, error) {
	bundle, skipped, err := importInto(ctx, source, dir, options)
	if err != nil {
		return nil, skipped, fmt.Errorf("importing saved exports: %w", err)
	}
	return bundle, skipped, nil
}

func importInto(ctx context.Context, source, dir string, options Options) (*evidence.Bundle, []Skipped, error) {
	registry, err := schemas.Builtin()
	if err != nil {
		return nil, nil, err
	}
	root, names, alone, err := list(source)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = root.Close() }()
	table := cmdlet.NewTable(registry)
	found, err := sort(ctx, root.FS(), names, alone, table)
	if err != nil {
		return nil, found.skipped, err
	}
	i := importer{options: options, skipped: found.skipped}
	if i.exports, err = cmdlet.Read(ctx, root.FS(), found.exports, table, options.Limits); err != nil {
		return nil, i.skipped, err
	}
	if i.responses, err = graph.Read(ctx, root.FS(), found.responses, registry, options.Limits); err != nil {
		return nil, i.skipped, err
	}
	for name, file := range i.exports.Datasets() {
		i.responses.Yield(name, file)
	}
	i.skipped = append(i.skipped, i.responses.Skipped()...)
	slices.SortStableFunc(i.skipped, func(a, b Skipped) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Reason, b.Reason))
	})
	if err := i.write(ctx, dir); err != nil {
		return nil, i.skipped, err
	}
	bundle, err := evidence.Open(ctx, dir, options.Limits)
	return bundle, i.skipped, err
}

// IsExport reports whether a file that bears a name would be read as the answer
// of a cmdlet.
func IsExport(name string) bool {
	registry, err := schemas.Builtin()
	return err == nil && cmdlet.NewTable(registry).Knows(name)
}

// list opens a folder and names the files in it, sorted; or the one file that
// was asked for alone. Nothing outside of it
// is read, whatever its links say.
func list(source string) (root *os.Root, names []string, alone bool, err error) {
	info, err := os.Stat(source)
	if err != nil {
		return nil, nil, false, err
	}
	folder, only := source, ""
	if !info.IsDir() {
		folder, only = filepath.Split(source)
	}
	root, err = os.OpenRoot(filepath.Clean(folder))
	if err != nil {
		return nil, nil, false, err
	}
	if only != "" {
		return root, []string{only}, true, nil
	}
	err = fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		if names = append(names, name); len(names) > maxFiles {
			return fmt.Errorf("it has more than %d files", maxFiles)
		}
		return nil
	})
	if err != nil {
		return nil, nil, false, errors.Join(err, root.Close())
	}
	return root, names, false, nil
}

// sorted are the files of a folder by what they are.
type sorted struct {
	exports, responses []string
	skipped            []Skipped
}

// sort tells the files apart. One that was asked for alone may have any ending.
func sort(ctx context.Context, files fs.FS, names []string, alone bool, table *cmdlet.Table) (sorted, error) {
	var s sorted
	for _, name := range names {
		json, known := alone || strings.EqualFold(path.Ext(name), ".json"), table.Knows(name)
		command, named := cmdlet.Named(name)
		switch {
		case json && known:
			s.exports = append(s.exports, name)
		case json && named && !graph.IsResponse(ctx, files, name):
			s.skipped = append(s.skipped, Skipped{Path: name, Reason: "no dataset is made of what " + command + " answers"})
		case json:
			s.responses = append(s.responses, name)
		case known:
			s.skipped = append(s.skipped, Skipped{Path: name, Reason: "it is no .json file, as " + command + " | ConvertTo-Json -Depth 10 would make"})
		}
	}
	if len(s.exports)+len(s.responses)+len(s.skipped) == 0 {
		return s, &evidence.Error{
			Summary: "the folder has no .json file",
			Hint: `Save the answers of Graph there as they come, with their "@odata.context", ` +
				"and those of cmdlets in files that are named after them, such as Get-SafeLinksPolicy.json.",
		}
	}
	return s, ctx.Err()
}

// importer writes what was read. It lives as long as one call.
type importer struct {
	responses *graph.Responses
	exports   *cmdlet.Exports
	options   Options
	skipped   []Skipped
}

func (i *importer) write(ctx context.Context, dir string) error {
	if err := i.check(); err != nil {
		return err
	}
	manifest, err := i.manifest(ctx)
	if err != nil {
		return err
	}
	w, err := evidence.Create(dir, manifest)
	if err != nil {
		return err
	}
	defer func() { _ = w.Abort() }()
	if err := i.responses.Write(ctx, w); err != nil {
		return err
	}
	if err := i.exports.Write(ctx, w); err != nil {
		return err
	}
	return w.Close()
}

// check makes sure that there is something, and all of it once.
func (i *importer) check() error {
	responses, exports := i.responses.Datasets(), i.exports.Datasets()
	if len(responses)+len(exports) == 0 {
		return &evidence.Error{
			Summary: "no file holds what a dataset is made of",
			Hint:    `Responses of Graph are told by their "@odata.context", exports of PowerShell by the name of the cmdlet; ` + i.example(),
		}
	}
	for _, name := range slices.Sorted(maps.Keys(exports)) {
		if file, ok := responses[name]; ok {
			return &evidence.Error{
				Path: exports[name], Summary: fmt.Sprintf("%s was saved twice: %s is the answer of Graph to the same", name, file),
				Hint: "Keep one of them.",
			}
		}
	}
	return nil
}

// example names what was skipped first, if anything was.
func (i *importer) example() string {
	if len(i.skipped) == 0 {
		return "there was none"
	}
	first := i.skipped[0]
	return fmt.Sprintf("%s was skipped because %s", first.Path, first.Reason)
}

func (i *importer) manifest(ctx context.Context) (evidence.Manifest, error) {
	if i.options.CollectedAt.IsZero() {
		return evidence.Manifest{}, &evidence.Error{
			Summary: "the files do not say when they were saved",
			Hint:    "Give the time with --collected-at TIME.",
		}
	}
	tenant, err := i.tenant(ctx)
	if err != nil {
		return evidence.Manifest{}, err
	}
	return evidence.Manifest{
		SchemaVersion: evidence.SchemaVersion,
		Tenant:        tenant,
		Collector:     evidence.Collector{Name: i.collector()},
		CollectedAt:   i.options.CollectedAt,
	}, nil
}

func (i *importer) collector() string {
	switch {
	case len(i.exports.Datasets()) == 0:
		return "Microsoft Graph"
	case len(i.responses.Datasets()) == 0:
		return "PowerShell"
	}
	return "Microsoft Graph and PowerShell"
}

// tenant finds out whose the exports are. All that say so have to agree.
func (i *importer) tenant(ctx context.Context) (evidence.Tenant, error) {
	tenant, told, err := i.responses.Tenant(ctx)
	if err != nil {
		return evidence.Tenant{}, err
	}
	other, file := i.exports.Tenant()
	switch {
	case tenant.ID == "":
		tenant, told = other, file
	case other.ID != "" && !strings.EqualFold(tenant.ID, other.ID):
		return evidence.Tenant{}, &evidence.Error{
			Path: file, Summary: fmt.Sprintf("the export is of tenant %s, and %s of %s", other.ID, told, tenant.ID),
			Hint: "One folder is for one tenant.",
		}
	}
	given := i.options.Tenant
	switch {
	case tenant.ID == "":
		tenant = given
	case given.ID != "" && !strings.EqualFold(tenant.ID, given.ID):
		return evidence.Tenant{}, &evidence.Error{Path: told, Summary: fmt.Sprintf("the export is of tenant %s, not of %s", tenant.ID, given.ID)}
	}
	return tenant, nil
}
