package cohort

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/posture-score/posture/internal/atomicfile"
	"github.com/posture-score/posture/internal/inputfile"
	"github.com/posture-score/posture/internal/plaintext"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/schemas"
)

// maxBytes bounds a benchmark. One of 32 cohorts and 500 actions has about 1 MiB.
const maxBytes = 16 << 20

// document is the name of the schema.
const document = "benchmark"

// Open reads the benchmark in a file.
func Open(path string) (*Benchmark, error) {
	text, err := inputfile.ReadFile(path, maxBytes)
	if err != nil {
		return nil, fmt.Errorf("reading the benchmark %s: %w", path, atomicfile.Bare(err))
	}
	b, err := Read(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return b, nil
}

// Read reads a benchmark. Its numbers are checked as far as they can be: an entry that contradicts itself is an error with its place.
func Read(text []byte) (*Benchmark, error) {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	if len(text) > maxBytes {
		return nil, fmt.Errorf("the benchmark has more than %d MiB", maxBytes>>20)
	}
	if err := check(text); err != nil {
		return nil, err
	}
	var b Benchmark
	if err := json.Unmarshal(text, &b); err != nil {
		return nil, fmt.Errorf("reading the benchmark: %w", err)
	}
	if err := b.audit(); err != nil {
		return nil, err
	}
	return &b, nil
}

// check validates the grammar of JSON, the version and the schema.
func check(text []byte) error {
	// A duplicate name would be ambiguous: this decoder refuses it.
	dec := jsontext.NewDecoder(bytes.NewReader(text))
	if err := dec.SkipValue(); err != nil {
		return fmt.Errorf("the benchmark is not sound JSON: %w", placed(text, err))
	}
	if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the end of the benchmark")
	}
	value, err := records.Decode(text, records.Limits{RecordBytes: maxBytes})
	if err != nil {
		return fmt.Errorf("reading the benchmark: %w", err)
	}
	if object, ok := value.(map[string]any); ok {
		if version, ok := object["schema_version"].(string); ok && version != SchemaVersion {
			return fmt.Errorf("the benchmark has schema_version %q; this program reads %q: use the version of posture that wrote it", clip(version), SchemaVersion)
		}
	}
	return schemas.Mismatch("the benchmark", schemas.Validate(document, value))
}

// placed adds line and column to an error of the grammar.
func placed(text []byte, err error) error {
	var syntax *jsontext.SyntacticError
	if !errors.As(err, &syntax) || syntax.ByteOffset > int64(len(text)) {
		return err
	}
	before := text[:syntax.ByteOffset]
	line := bytes.LastIndexByte(before, '\n') + 1
	return fmt.Errorf("line %d, column %d: %w", bytes.Count(before, []byte{'\n'})+1, utf8.RuneCount(before[line:])+1, syntax.Err)
}

func clip(text string) string {
	if runes := []rune(text); len(runes) > 60 {
		return string(runes[:59]) + "…"
	}
	return text
}

// audit checks what a schema can't say.
func (b *Benchmark) audit() error {
	if err := legible("/title", b.Title, "/source", b.Source); err != nil {
		return err
	}
	seen := map[string]bool{}
	ids := map[string]bool{}
	for _, c := range b.Cohorts {
		ids[c.ID] = true
	}
	for i := range b.Cohorts {
		c, at := &b.Cohorts[i], fmt.Sprintf("/cohorts/%d", i)
		key := c.ID + " " + c.Date.String()
		if seen[key] {
			return fmt.Errorf("the benchmark contradicts itself: %s: the cohort %s stands in it twice for %s", at, c.ID, c.Date)
		}
		seen[key] = true
		if c.Parent != "" && !ids[c.Parent] {
			return fmt.Errorf("the benchmark contradicts itself: %s/parent: there is no cohort %s", at, c.Parent)
		}
		if err := c.audit(at); err != nil {
			return err
		}
	}
	return nil
}

func (c *Cohort) audit(at string) error {
	if err := legible(at+"/title", c.Title); err != nil {
		return err
	}
	wrong := func(place, format string, args ...any) error {
		return fmt.Errorf("the benchmark contradicts itself: %s%s: %s", at, place, fmt.Sprintf(format, args...))
	}
	switch {
	case (c.Kind == All) != (c.ID == AllID):
		return wrong("/kind", "the cohort of all tenants is called %q, and no other is", AllID)
	case (c.Kind == BySeats) != (c.Seats != nil):
		return wrong("/seats", "a cohort of kind seats has a range of seats, and no other has")
	case c.Seats != nil && c.Seats.To != 0 && c.Seats.To < c.Seats.From:
		return wrong("/seats", "it ends at %d, before its beginning at %d", c.Seats.To, c.Seats.From)
	case (c.Kind == Industry) != (c.Industry != ""):
		return wrong("/industry", "a cohort of kind industry has an industry, and no other has")
	case c.Parent == c.ID:
		return wrong("/parent", "a cohort is no part of itself")
	case !slices.IsSorted(c.Percentiles):
		return wrong("/percentiles", "one is less than the one before")
	}
	for i, category := range c.Categories {
		if i > 0 && c.Categories[i-1].Category >= category.Category {
			return wrong(fmt.Sprintf("/categories/%d", i), "categories are sorted, and none stands in it twice")
		}
		if !slices.IsSorted(category.Percentiles) {
			return wrong(fmt.Sprintf("/categories/%d/percentiles", i), "one is less than the one before")
		}
	}
	for i, action := range c.Actions {
		if i > 0 && c.Actions[i-1].ID >= action.ID {
			return wrong(fmt.Sprintf("/actions/%d", i), "actions are sorted by id, and none stands in it twice")
		}
		if err := legible(fmt.Sprintf("%s/actions/%d/id", at, i), action.ID); err != nil {
			return err
		}
	}
	return nil
}

// legible refuses texts that show as something else than they are. It takes places and texts in turn.
func legible(placesAndTexts ...string) error {
	for pair := range slices.Chunk(placesAndTexts, 2) {
		if plaintext.Blank(pair[1]) || strings.ContainsFunc(pair[1], plaintext.Steers) {
			return fmt.Errorf("the benchmark can't be shown: %s: it is blank, or has a character that steers a terminal or the direction of writing", pair[0])
		}
	}
	return nil
}
