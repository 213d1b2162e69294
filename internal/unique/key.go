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

// Key stands for the unique fields of a record: a hash of them. It is another one in each run.
type Key uint64

// Fields are those that together tell the records of a dataset apart. They may be used by any number of goroutines.
type Fields struct {
	names []string
	fold  *schemas.Fold // of the records
	seed  maphash.Seed
}

// Of returns the unique fields of a dataset; nil if nothing tells its records apart.
func Of(dataset *schemas.Dataset) *Fields {
	if dataset == nil || len(dataset.Unique) == 0 {
		return nil
	}
	return &Fields{names: dataset.Unique, fold: dataset.Fold(), seed: maphash.MakeSeed()}
}

// Names are the names of the fields.
func (f *Fields) Names() []string { return f.names }

// String lists the fields in words.
func (f *Fields) String() string {
	last := len(f.names) - 1
	if last == 0 {
		return f.names[0]
	}
	return strings.Join(f.names[:last], ", ") + " and " + f.names[last]
}

// Projected is what a scan has to project where only keys are wanted: field i is in slot i.
func (f *Fields) Projected() []jsonscan.Field {
	fields := make([]jsonscan.Field, len(f.names))
	for i, name := range f.names {
		fields[i] = jsonscan.Field{Name: name}
	}
	return fields
}

// Keys takes keys out of records. It is for one goroutine.
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

// absent stands for a field that a record lacks. No JSON is like it.
const absent = "-"

// held is what a field was last, and its hash: records that follow each other often have fields in common.
type held struct {
	json []byte
	hash uint64
}

// Keys takes keys out of records whose unique fields are in those slots.
func (f *Fields) Keys(slots []int) *Keys {
	k := &Keys{fields: f, slots: slots, held: make([]held, len(slots)), absent: []byte(absent)}
	for _, name := range f.names {
		k.folds = append(k.folds, f.fold.Field(name))
	}
	return k
}

// Of returns the key of a record; false if it lacks the first of the fields. Any other that it lacks tells it from records that have it.
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

// mix spreads the bits of a hash over all of it, so that it can be put together with another one.
func mix(h uint64) uint64 {
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	return h ^ h>>32
}

// text shows the fields of the record that was last asked about, in their canonical form, for messages.
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

// clip shortens a text before it is shown.
func clip(text string) string {
	if runes := []rune(text); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return text
}

// fold is a value as it is compared: a text in its canonical form, behind a quote, and all else as it is written.
func (k *Keys) fold(fold *schemas.Fold, json []byte) []byte {
	if json[0] != '"' {
		return json
	}
	plain := jsonscan.Unquote(&k.plain, json, bytes.IndexByte(json, '\\') >= 0)
	k.folded = append(append(k.folded[:0], '"'), fold.Text(plain, &k.lower)...)
	return k.folded
}
