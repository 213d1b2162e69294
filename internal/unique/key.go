package unique

import (
	"bytes"
	"hash/maphash"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/schemas"
)

// Invariant: records whose unique fields have the same canonical form have the same key.

// Key is a hash of the unique fields of a record. It differs from process to process.
type Key uint64

// Fields are those that together identify a record of a dataset. They are safe for concurrent use.
type Fields struct {
	names []string
	fold  *schemas.Fold // of the records
	seed  maphash.Seed
}

// Of returns the unique fields of a dataset; nil if nothing identifies its records.
func Of(dataset *schemas.Dataset) *Fields {
	if dataset == nil || len(dataset.Unique) == 0 {
		return nil
	}
	return &Fields{names: dataset.Unique, fold: dataset.Fold(), seed: maphash.MakeSeed()}
}

// Names returns the names of the fields.
func (f *Fields) Names() []string { return f.names }

// String returns the names in words.
func (f *Fields) String() string {
	last := len(f.names) - 1
	if last == 0 {
		return f.names[0]
	}
	return strings.Join(f.names[:last], ", ") + " and " + f.names[last]
}

// Projected returns the columns of a scan that reads only keys: field i is in slot i.
func (f *Fields) Projected() []jsonscan.Field {
	fields := make([]jsonscan.Field, len(f.names))
	for i, name := range f.names {
		fields[i] = jsonscan.Field{Name: name}
	}
	return fields
}

// Keys computes keys of records. It is for one goroutine.
type Keys struct {
	fields *Fields
	slots  []int
	folds  []*schemas.Fold
	held   []held
	absent []byte
	plain  []byte
	lower  []byte
	folded []byte
}

// absent is the value of a field that a record lacks. It is not JSON.
const absent = "-"

// held is the last value of a field with its hash: consecutive records often have equal fields.
type held struct {
	json []byte
	hash uint64
}

// Keys returns the keys of a scan that has the unique fields in those slots.
func (f *Fields) Keys(slots []int) *Keys {
	k := &Keys{fields: f, slots: slots, held: make([]held, len(slots)), absent: []byte(absent)}
	for _, name := range f.names {
		k.folds = append(k.folds, f.fold.Field(name))
	}
	return k
}

// Of returns the key of a record; false if it lacks the first of the fields. One that lacks another field
// differs from those that have it.
func (k *Keys) Of(record *records.View) (Key, bool) {
	for i, slot := range k.slots {
		json := record.Slot(slot)
		if len(json) == 0 || json[0] == 'n' {
			if i == 0 {
				return 0, false
			}
			json = k.absent
		}
		if h := &k.held[i]; !bytes.Equal(json, h.json) {
			h.json = append(h.json[:0], json...)
			h.hash = maphash.Bytes(k.fields.seed, k.fold(k.folds[i], json))
		}
	}
	key := k.held[0].hash
	for _, h := range k.held[1:] {
		key = mix(key) ^ h.hash
	}
	return Key(mix(key)), true
}

// mix diffuses the bits of a hash, so that it can be combined with another one.
func mix(h uint64) uint64 {
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	return h ^ h>>32
}

// text returns the fields of the last record in canonical form, for messages.
func (k *Keys) text() string {
	parts := make([]string, len(k.held))
	for i, h := range k.held {
		parts[i] = string(h.json)
		if string(h.json) == absent {
			parts[i] = "none"
		}
		if plain, err := jsontext.AppendUnquote(nil, h.json); err == nil {
			parts[i] = strconv.Quote(clip(k.folds[i].String(string(plain))))
		}
	}
	return strings.Join(parts, ", ")
}

// clip shortens a text for messages.
func clip(text string) string {
	if runes := []rune(text); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return text
}

// fold returns a value as it is compared: a string in canonical form, after a quote, and any other value
// as it is written.
func (k *Keys) fold(fold *schemas.Fold, json []byte) []byte {
	if json[0] != '"' {
		return json
	}
	plain := jsonscan.Unquote(&k.plain, json, bytes.IndexByte(json, '\\') >= 0)
	k.folded = append(append(k.folded[:0], '"'), fold.Text(plain, &k.lower)...)
	return k.folded
}
