package history

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/plaintext"
)

// Origin is who counted the points of an entry.
type Origin string

// The origins.
const (
	Posture   Origin = "posture"   // this program, over evidence
	Microsoft Origin = "microsoft" // Microsoft, as Secure Score
)

// Origins returns the origins.
func Origins() []Origin { return []Origin{Posture, Microsoft} }

// Entry is an assessment in the store, without its actions.
type Entry struct {
	ID          int64 // its number in the chain of its tenant, from 1
	Tenant      engine.Tenant
	Origin      Origin
	EvaluatedAt time.Time // in UTC, to the microsecond
	Digests     Digests
	Content     string       // SHA-256 of the assessment, in hexadecimal
	Score       engine.Score // without categories and products: [Store.Sums] has them
	Previous    string       // hash of the link before it; empty for the first
	Hash        string
	Pruned      bool // retention dropped the assessment
}

// Digests are of what an assessment was made of. Those of parameters and the register are empty if there were none, or if an
// assessment does not tell.
type Digests struct {
	Evidence   string `json:"evidence"`
	Catalog    string `json:"catalog"`
	Parameters string `json:"parameters"`
	Register   string `json:"register"`
	Engine     string `json:"engine"`            // its version
	Records    string `json:"records,omitempty"` // of the verdicts record by record, if they are kept
}

// The kinds of links.
const (
	kindEntry      = "entry"
	kindCheckpoint = "checkpoint"
)

// link is the header of a link of a chain. Its compact JSON is what is hashed: neither the names of fields nor their order may change.
type link struct {
	Kind     string        `json:"kind"`
	ID       int64         `json:"id"`
	Tenant   engine.Tenant `json:"tenant"`
	Previous string        `json:"previous"`
	*summary
	Dropped []int64 `json:"dropped,omitempty"` // of a checkpoint: numbers of entries, in ascending order
}

// summary is what the header of an entry says of its assessment.
type summary struct {
	Origin      Origin    `json:"origin"`
	EvaluatedAt time.Time `json:"evaluated_at"`
	Digests     Digests   `json:"digests"`
	Content     string    `json:"content"`
	Score       points    `json:"score"`
}

// points is a score without categories and products.
type points struct {
	Achieved      engine.Points `json:"achieved"`
	Total         engine.Points `json:"total"`
	AssessedTotal engine.Points `json:"assessed_total"`
	Percent       engine.Points `json:"percent"`
	engine.Views
}

// hash returns the hash of a link.
func (l *link) hash() (string, error) {
	text, err := compact(l)
	if err != nil {
		return "", err
	}
	return digest(text), nil
}

// entry returns an entry as it is read; its link is no checkpoint.
func (l *link) entry(hash string, pruned bool) Entry {
	s := l.Score
	return Entry{
		ID: l.ID, Tenant: l.Tenant, Origin: l.Origin, EvaluatedAt: l.EvaluatedAt, Digests: l.Digests, Content: l.Content,
		Score:    engine.Score{Achieved: s.Achieved, Total: s.Total, AssessedTotal: s.AssessedTotal, Percent: s.Percent, Views: s.Views},
		Previous: l.Previous, Hash: hash, Pruned: pruned,
	}
}

// digest returns the SHA-256 of a text in hexadecimal.
func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// compact returns a value as JSON on one line, without escaping for HTML.
func compact(value any) ([]byte, error) {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), nil
}

// record is an assessment that is about to be stored.
type record struct {
	verdicts *engine.Verdicts // nil if they are not kept
	tenant   engine.Tenant
	summary  summary
	content  []byte // compact JSON
	rows     []Row
}

// newRecord returns what is stored of an assessment.
func newRecord(a *engine.Assessment, origin Origin) (*record, error) {
	content, err := compact(a)
	if err != nil {
		return nil, fmt.Errorf("encoding the assessment: %w", err)
	}
	return recordOf(a, content, origin)
}

// recordOf returns what is stored of an assessment of which the JSON is at hand.
func recordOf(a *engine.Assessment, content []byte, origin Origin) (*record, error) {
	if len(content) > maxContent {
		return nil, fmt.Errorf("the assessment has more than %d MiB of JSON", maxContent>>20)
	}
	if origin != Posture && origin != Microsoft {
		return nil, fmt.Errorf("the origin of an entry is %s or %s; it is %q", Posture, Microsoft, origin)
	}
	tenant, err := label(a.Tenant)
	if err != nil {
		return nil, err
	}
	rows, err := rowsOf(a)
	if err != nil {
		return nil, err
	}
	return &record{tenant: tenant, summary: summarize(a, content, origin), content: content, rows: rows}, nil
}

// summarize returns what the header of an entry says of an assessment.
func summarize(a *engine.Assessment, content []byte, origin Origin) summary {
	digests := Digests{Evidence: clip(a.Evidence.Digest), Catalog: clip(a.Catalog.Digest), Engine: clip(a.Engine.Version)}
	if a.Catalog.Parameters != nil {
		digests.Parameters = clip(a.Catalog.Parameters.Digest)
	}
	if a.Register != nil {
		digests.Register = clip(a.Register.Digest)
	}
	return summary{
		Origin: origin, EvaluatedAt: stamp(a.EvaluatedAt), Content: digest(content), Digests: digests,
		Score: points{
			Achieved: a.Score.Achieved, Total: a.Score.Total, AssessedTotal: a.Score.AssessedTotal, Percent: a.Score.Percent, Views: a.Score.Views,
		},
	}
}

// stamp returns a time as it is stored.
func stamp(at time.Time) time.Time { return at.UTC().Truncate(time.Microsecond) }

// maxName bounds, in bytes, what is stored of an assessment apart from its JSON: ids, names and digests.
const maxName = 256

// label returns what the header says of a tenant. The id has to be one that can be told and typed; of a name the rest is left out.
func label(t engine.Tenant) (engine.Tenant, error) {
	if t.ID == "" {
		return t, errors.New("the assessment does not say which tenant it is of: assess the evidence again, with --tenant ID")
	}
	if !plain(t.ID) {
		return t, fmt.Errorf("the tenant's id %q can't be stored: it has control characters, or more than %d bytes", clip(t.ID), maxName)
	}
	return engine.Tenant{ID: foldTenant(t.ID), Name: clip(t.Name)}, nil
}

// foldTenant returns the id of a tenant as it is stored: a GUID in lower case, since programs write it either way.
func foldTenant(id string) string {
	if _, err := hex.DecodeString(strings.ReplaceAll(id, "-", "")); err == nil && len(id) == 36 && strings.Count(id, "-") == 4 {
		return strings.ToLower(id)
	}
	return id
}

// FoldTenant returns the id of a tenant as stores have it: a GUID in lower case, and anything else as it is.
func FoldTenant(id string) string { return foldTenant(id) }

// SameTenant reports whether two ids are of one tenant.
func SameTenant(a, b string) bool { return foldTenant(a) == foldTenant(b) }

// EntryOf returns the entry that an assessment of posture's would be under a number, outside of any chain.
func EntryOf(id int64, a *engine.Assessment) (Entry, error) {
	content, err := compact(a)
	if err != nil {
		return Entry{}, fmt.Errorf("encoding the assessment: %w", err)
	}
	s := summarize(a, content, Posture)
	tenant := engine.Tenant{ID: foldTenant(a.Tenant.ID), Name: clip(a.Tenant.Name)}
	return (&link{Kind: kindEntry, ID: id, Tenant: tenant, summary: &s}).entry("", false), nil
}

// plain reports whether a text can be stored as it is by every database, and be told from others.
func plain(text string) bool {
	return len(text) <= maxName && utf8.ValidString(text) && !strings.ContainsFunc(text, plaintext.Steers)
}

// clip returns a text that is plain: shortened, and without control characters.
func clip(text string) string {
	text = strings.Map(func(r rune) rune {
		if plaintext.Steers(r) {
			return -1
		}
		return r
	}, text)
	if len(text) <= maxName {
		return text
	}
	end := maxName
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}
