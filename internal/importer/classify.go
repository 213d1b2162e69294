package importer

import (
	"bufio"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer/jsonfile"
	"github.com/posture-score/posture/schemas"
)

// classifier assigns the files of a tree to importers.
type classifier struct {
	*tree
	options  Options
	registry *schemas.Registry

	files     map[Importer][]string // to be read
	bundles   []string              // folders and archives that are bundles of their own
	unrelated []string              // those of files that look like no export at all
	others    int                   // files of other kinds, which are left alone
	skipped   []Skipped
}

func (c *classifier) skip(name, reason string) {
	c.skipped = append(c.skipped, Skipped{Path: name, Reason: reason})
}

func (c *classifier) add(i Importer, name string) { c.files[i] = append(c.files[i], name) }

// classify assigns the files. A file that was asked for alone may have any ending.
func (c *classifier) classify(ctx context.Context) error {
	c.files, c.skipped = map[Importer][]string{}, slices.Clone(c.unreadable)
	c.findBundles(ctx)
	names := slices.DeleteFunc(slices.Clone(c.names), c.inBundle)
	for _, name := range c.withoutDuplicates(names) {
		if c.isJSON(name) {
			c.json(ctx, name)
		} else {
			c.other(ctx, name)
		}
	}
	c.dropCompanions()
	return ctx.Err()
}

// findBundles lists the folders that have a manifest.
func (c *classifier) findBundles(ctx context.Context) {
	for _, name := range c.names {
		if path.Base(name) != "manifest.json" || c.alone || c.inBundle(name) {
			continue
		}
		if c.detect(ctx, name).form == manifest {
			c.bundles = append(c.bundles, path.Dir(name))
			c.skip(path.Dir(name), "it is a bundle of its own: name it to assess it")
		}
	}
}

func (c *classifier) inBundle(name string) bool {
	return slices.ContainsFunc(c.bundles, func(dir string) bool { return dir == "." || strings.HasPrefix(name, dir+"/") })
}

// detect opens and detects a file.
func (c *classifier) detect(ctx context.Context, name string) detected {
	f, err := c.Open(name)
	if err != nil {
		return detected{head: Head{Path: name}}
	}
	defer func() { _ = f.Close() }()
	return c.options.detect(ctx, name, f)
}

// withoutDuplicates leaves out files with the same name and content as another one, such as those of an archive next
// to the files that it was made of.
func (c *classifier) withoutDuplicates(names []string) []string {
	type kind struct {
		base    string
		subject string
		size    int64
	}
	alike := map[kind][]string{}
	for _, name := range names {
		if c.isJSON(name) {
			k := kind{strings.ToLower(path.Base(name)), c.subject(name), c.size(name)}
			alike[k] = append(alike[k], name)
		}
	}
	duplicate := map[string]bool{}
	for _, files := range alike {
		if len(files) == 1 {
			continue
		}
		// Files of the folder come before those of its archives.
		slices.SortStableFunc(files, func(a, b string) int { return strings.Compare(c.archive(a), c.archive(b)) })
		seen := map[[sha256.Size]byte]string{}
		for _, name := range files {
			digest, err := c.digest(name)
			if err != nil {
				continue
			}
			if first, ok := seen[digest]; ok {
				duplicate[name] = true
				c.skip(name, "it is the same as "+first)
				continue
			}
			seen[digest] = name
		}
	}
	return slices.DeleteFunc(names, func(name string) bool { return duplicate[name] })
}

func (c *classifier) subject(name string) string {
	for _, i := range c.options.Importers {
		if i, ok := i.(Subject); ok {
			if subject := i.Subject(name); subject != "" {
				return subject
			}
		}
	}
	return ""
}

func (c *classifier) digest(name string) (sum [sha256.Size]byte, err error) {
	f, err := c.open(name)
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

// isJSON reports whether the ending of a file is that of JSON.
func (c *classifier) isJSON(name string) bool {
	return c.alone || slices.Contains([]string{".json", ".ndjson", ".jsonl"}, ending(name))
}

// ending returns the extension of a file in lower case, without that of compression.
func ending(name string) string {
	name = strings.ToLower(name)
	for _, packed := range []string{".gz", ".zst"} {
		name = strings.TrimSuffix(name, packed)
	}
	return path.Ext(name)
}

// json assigns a file that should hold JSON: by a name that leaves no doubt, by the content, by the name, or after a
// closer look.
func (c *classifier) json(ctx context.Context, name string) {
	named, match := c.options.match(ctx, Head{Path: name}, nil)
	if match == Yes {
		c.add(named, name)
		return
	}
	found := c.detect(ctx, name)
	switch {
	case found.by != nil:
		c.add(found.by, name)
		return
	case match == Name:
		c.add(named, name)
		return
	}
	by, match := c.options.match(ctx, found.head, c)
	cmdlet, isCmdlet := Cmdlet(name)
	switch {
	case match == Yes:
		c.add(by, name)
	case isCmdlet:
		c.skip(name, "no dataset is made of what "+cmdlet+" answers")
	case by == nil:
		c.skip(name, "no importer reads it: "+found.what)
	default:
		c.add(by, name)
		if (found.form == unknown || found.form == other) && !c.namesDataset(name) {
			c.unrelated = append(c.unrelated, name)
		}
	}
}

// namesDataset reports whether a file is named after a dataset.
func (c *classifier) namesDataset(name string) bool {
	base := strings.ToLower(path.Base(name))
	return slices.ContainsFunc(c.registry.Names(), func(dataset string) bool { return strings.HasPrefix(base, dataset) })
}

// other assigns a file without an ending of JSON: it matters if it is named after a cmdlet.
func (c *classifier) other(ctx context.Context, name string) {
	cmdlet, _ := Cmdlet(name)
	by, match := c.options.match(ctx, Head{Path: name}, nil)
	switch {
	case ending(name) == ".zip" || ending(name) == ".tar" || ending(name) == ".tgz":
		c.skip(name, "it is an archive within an archive, or none")
	case cmdlet == "" || match != Name && match != Yes:
		c.others++
	case c.startsJSON(name):
		c.add(by, name)
	default:
		c.skip(name, fmt.Sprintf("it is %s: save what %s | ConvertTo-Json -Depth 10 makes", notJSON(name), cmdlet))
	}
}

// notJSON returns what a file holds instead of JSON, by its ending.
func notJSON(name string) string {
	switch ending(name) {
	case ".csv", ".tsv":
		return "CSV, which keeps neither lists nor types"
	case ".xml", ".clixml":
		return "CliXml, which PowerShell alone reads"
	}
	return "no JSON"
}

// startsJSON reports whether the first letter of a file is that of a JSON list or object.
func (c *classifier) startsJSON(name string) bool {
	f, err := c.Open(name)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	text := bufio.NewReader(jsonfile.Text(f))
	for range 64 {
		switch b, err := text.ReadByte(); {
		case err != nil:
			return false
		case b == ' ', b == '\t', b == '\r', b == '\n':
		default:
			return b == '[' || b == '{'
		}
	}
	return false
}

// dropCompanions takes out unrelated files that a tool writes next to its export, and below.
func (c *classifier) dropCompanions() {
	dropped := map[string]bool{}
	for i, exports := range c.files {
		companion, ok := i.(Companion)
		if !ok {
			continue
		}
		for _, name := range c.unrelated {
			next := slices.ContainsFunc(exports, func(export string) bool {
				dir := path.Dir(export)
				return dir == "." || strings.HasPrefix(name, dir+"/")
			})
			if why := companion.Companion(name); next && why != "" && !dropped[name] {
				dropped[name] = true
				c.skip(name, why)
			}
		}
	}
	drop := func(name string) bool { return dropped[name] }
	c.unrelated = slices.DeleteFunc(c.unrelated, drop)
	for i, names := range c.files {
		c.files[i] = slices.DeleteFunc(names, drop)
	}
}

// hasCompanions reports whether an export was found whose tool writes other files next to it.
func (c *classifier) hasCompanions() bool {
	for i, names := range c.files {
		if _, ok := i.(Companion); ok && len(names) > 0 {
			return true
		}
	}
	return false
}

const (
	// maxUnrelated is how many unrelated files of JSON a folder may have, whatever else is there.
	maxUnrelated = 4
	// maxOthers is how many files of other kinds it may have, and maxOthersTimes how many times the number of exports:
	// reports lie next to these.
	maxOthers, maxOthersTimes = 50, 10
)

// refuse returns why a folder is not one of exports: it holds nothing, or mostly something else. Its score would be 0
// for want of evidence.
func (c *classifier) refuse(name string) error {
	found, others := -len(c.unrelated), len(c.unrelated)
	for _, names := range c.files {
		found += len(names)
	}
	switch {
	case len(c.bundles) > 0 && path.Clean(c.bundles[0]) == ".":
		return &evidence.Error{Summary: "it is a bundle already", Hint: "Assess it as it is."}
	case found == 0 && len(c.bundles) > 0:
		return &evidence.Error{Summary: "it holds no exports", Hint: c.nameBundles(name)}
	case found+others+len(c.skipped) == 0:
		return &evidence.Error{
			Summary: "the folder has no .json file",
			Hint: `Save the answers of Graph there as they come, with their "@odata.context", ` +
				"and those of cmdlets in files that are named after them, such as Get-SafeLinksPolicy.json.",
		}
	case others > maxUnrelated && others > 2*found, c.others > maxOthers && c.others > maxOthersTimes*found && !c.hasCompanions():
		hint := "Name the folder that the exports are in."
		if len(c.bundles) > 0 {
			hint = c.nameBundles(name)
		}
		return &evidence.Error{
			Summary: fmt.Sprintf("it holds mostly other files than evidence: %d of %d", others+c.others, others+c.others+found),
			Hint:    hint,
		}
	}
	return nil
}

// nameBundles lists the bundles below a folder, with what to do.
func (c *classifier) nameBundles(name string) string {
	const most = 3
	var names []string
	then := "name"
	for _, dir := range c.bundles {
		if c.options.packed || c.archive(dir) != "" {
			then = "unpack and name"
		}
		names = append(names, filepath.ToSlash(filepath.Join(name, filepath.FromSlash(dir))))
	}
	switch more := len(names) - most; {
	case len(names) == 1:
		return fmt.Sprintf("%s is a bundle; %s it.", names[0], then)
	case more > 0:
		return fmt.Sprintf("%s and %d more are bundles; %s one of them.", strings.Join(names[:most], ", "), more, then)
	}
	last := len(names) - 1
	return fmt.Sprintf("%s and %s are bundles; %s one of them.", strings.Join(names[:last], ", "), names[last], then)
}
