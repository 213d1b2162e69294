package settings

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"time"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/posture-score/posture/internal/hcledit"
	"github.com/posture-score/posture/internal/textlimit"
)

// Author is who changes the settings, and when.
type Author = hcledit.Author

// The blocks that can be edited.
const (
	BlockZones      = "zones"
	BlockGoal       = "goal"
	BlockComparison = "comparison"
)

// Editor edits the text of settings. Its methods change nothing but what they are asked to. They do not check what they write: [Read] does,
// before a file is replaced.
type Editor struct {
	*hcledit.Document
	settings *Settings // as they were in the beginning
	author   Author
}

// NewEditor begins to edit the text of settings, which have to be valid.
func NewEditor(path string, text []byte) (*Editor, error) {
	s, err := Read(path, text)
	if err != nil {
		return nil, err
	}
	document, err := hcledit.NewDocument(path, text, hcledit.Bounded)
	return &Editor{Document: document, settings: s}, err
}

// By says who makes the changes that follow: it is recorded in each block that they change.
func (d *Editor) By(author Author) { d.author = author }

// Settings returns what the file said before any edit.
func (d *Editor) Settings() *Settings { return d.settings }

// SetZones sets the zones, or removes them if they are nil.
func (d *Editor) SetZones(z *Zones) error {
	if z == nil {
		return d.remove(BlockZones)
	}
	return d.set(BlockZones, zonesFields(), attributesOf(zonesFields(), []*string{number(z.Good), number(z.Okay)}))
}

// SetGoal sets the goal, or removes it if it is nil.
func (d *Editor) SetGoal(g *Goal) error {
	if g == nil {
		return d.remove(BlockGoal)
	}
	return d.set(BlockGoal, goalFields(), attributesOf(goalFields(), []*string{number(g.Percent), day(g.By)}))
}

// ComparisonFields are the attributes of a comparison to set: nil leaves one as it is, and an empty text removes it. A benchmark is a path
// from the folder of the file, or [Microsoft].
type ComparisonFields struct {
	Name, Benchmark, Cohort *string
}

// SetComparison sets attributes of the comparison, or removes it if they are nil.
func (d *Editor) SetComparison(f *ComparisonFields) error {
	if f == nil {
		return d.remove(BlockComparison)
	}
	return d.set(BlockComparison, comparisonFields(), attributesOf(comparisonFields(), []*string{quoted(f.Name), quoted(f.Benchmark), quoted(f.Cohort)}))
}

func zonesFields() []string      { return []string{"good", "okay"} }
func goalFields() []string       { return []string{"percent", "by"} }
func comparisonFields() []string { return []string{"name", "benchmark", "cohort"} }

// attributesOf returns the attributes that are not nil.
func attributesOf(names []string, exprs []*string) []hcledit.Attribute {
	var list []hcledit.Attribute
	for i, expr := range exprs {
		if expr != nil {
			list = append(list, hcledit.Attribute{Name: names[i], Expr: *expr})
		}
	}
	return list
}

func number(n fmt.Stringer) *string {
	text := n.String()
	return &text
}

// day writes a day as text; a day that is none is empty.
func day(at time.Time) *string {
	text := ""
	if !at.IsZero() {
		text = at.UTC().Format(time.DateOnly)
	}
	return quoted(&text)
}

func quoted(text *string) *string {
	if text == nil || *text == "" {
		return text
	}
	written := hcledit.Quote(*text)
	return &written
}

func (d *Editor) block(kind string) *hclsyntax.Block { return hcledit.Find(d.Body(), kind) }

// set sets attributes of a block, in their order.
func (d *Editor) set(kind string, order []string, attributes []hcledit.Attribute) error {
	block := func() *hclsyntax.Block { return d.block(kind) }
	return d.Change(block, kind, order, &d.author, func() error {
		for _, a := range attributes {
			if err := d.SetAttribute(block, order, a.Name, a.Expr); err != nil {
				return err
			}
		}
		return nil
	})
}

// remove removes a block, if it is there.
func (d *Editor) remove(kind string) error {
	if block := d.block(kind); block != nil {
		return d.RemoveBlock(block)
	}
	return nil
}

// Version returns the version of a block that can be edited, of all that it says and not of how it is written: a SHA-256, in hexadecimal
// digits. It is "" if the file has no such block.
func (s *Settings) Version(block string) string {
	var value any
	switch {
	case block == BlockZones && s.Zones != nil:
		value = s.Zones
	case block == BlockGoal && s.Goal != nil:
		value = s.Goal
	case block == BlockComparison && s.Comparison != nil:
		value = []string{s.Comparison.Name, s.Comparison.Benchmark, s.Comparison.Cohort}
	default:
		return ""
	}
	text, _ := json.Marshal([]any{value, s.Changes[block]}) // numbers, texts, and times in years that JSON can hold
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// ConflictError is a block that somebody else changed in the meantime. The settings were left as they are.
type ConflictError struct {
	Block    string
	Settings *Settings // as they are now
}

func (e *ConflictError) Error() string {
	if by := e.Settings.Changes[e.Block].By; by != "" {
		return fmt.Sprintf("the block %s of the settings was changed in the meantime by %s", e.Block, by)
	}
	return fmt.Sprintf("the block %s of the settings was changed in the meantime", e.Block)
}

// Is reports that this is [hcledit.ErrChanged].
func (*ConflictError) Is(target error) bool { return target == hcledit.ErrChanged }

// Expect returns a [*ConflictError] unless a block, before any edit, has the version.
func (d *Editor) Expect(block, version string) error {
	if d.settings.Version(block) == version {
		return nil
	}
	return &ConflictError{Block: block, Settings: d.settings}
}

func file(path string) hcledit.File {
	return hcledit.File{Path: path, Noun: "the settings", Most: textlimit.MaxHCLBytes, Check: func(path string, text []byte) error {
		_, err := Read(path, text)
		return err
	}}
}

// Edit changes the settings in a file; a file that is not there counts as an empty one, and is made. Other callers of Edit and Undo wait, in
// this process and in others. What the file held before is kept for [Undo], unless nothing changes.
func Edit(ctx context.Context, path string, change func(*Editor) error) error {
	return file(path).Edit(ctx, func(before []byte) ([]byte, Author, error) {
		editor, err := NewEditor(path, before)
		if err != nil {
			return nil, Author{}, err
		}
		if err := change(editor); err != nil {
			return nil, Author{}, err
		}
		return editor.Text(), editor.author, nil
	})
}

// Undo takes back the last Edit of a file, as [hcledit.File.Undo] does, and returns who had made it.
func Undo(ctx context.Context, path, version string) (Author, error) {
	done, err := file(path).Undo(ctx, version)
	return done.Author, err
}

// Beside returns the path of settings beside another file: where they are made if there are none.
func Beside(path string) string { return filepath.Join(filepath.Dir(path), Name) }

// CheckComparison says what is wrong with the name of a comparison and the id of its cohort, by the names "name" and "cohort", in sentences for
// who gave them. It is nil if settings can hold them.
func CheckComparison(name, cohort string) (map[string]string, error) {
	microsoft := Microsoft
	attributes := attributesOf(comparisonFields(), []*string{quoted(&name), quoted(&microsoft), quoted(&cohort)})
	return hcledit.Check(BlockComparison, attributes, func(text []byte) error {
		_, err := Read(Name, text)
		return err
	})
}
