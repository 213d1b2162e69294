package engine

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"github.com/klauspost/compress/zstd"

	"github.com/posture-score/posture/engine/internal/bitset"
)

// Invariant: what is decoded equals what was encoded, or is an error. Both name what they change by a digest, so that changes are
// applied to nothing else.

// Bounds of what is decoded: it may come from anywhere.
const (
	maxVerdictText = 256 << 20 // bytes that it unpacks to
	maxVerdictSets = 1 << 30   // bytes of all keys and sets
	maxVerdictName = 1000      // bytes of the name of a dataset or a control
)

// verdictMagic begins what is encoded: its format and the version of it.
const verdictMagic = "posture verdicts 1\n"

// errVerdicts is the error of bytes that are no verdicts.
var errVerdicts = errors.New("the record keys are damaged: they can't be read")

// Encode returns the verdicts as changes against earlier ones, which may be nil, compressed. Where little changed it takes few bytes.
func (v *Verdicts) Encode(earlier *Verdicts) ([]byte, error) {
	if earlier == nil {
		earlier = &Verdicts{}
	}
	b := append([]byte(verdictMagic), earlier.digest()...)
	b = append(b, v.digest()...)
	b = binary.AppendUvarint(b, uint64(len(v.populations)))
	for _, p := range v.populations {
		b = p.appendChanges(b, earlier)
	}
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, fmt.Errorf("packing the record keys: %w", err)
	}
	defer func() { _ = encoder.Close() }()
	return encoder.EncodeAll(b, nil), nil
}

// digestSize is how many bytes of a digest are kept.
const digestSize = 8

// Digest returns a SHA-256 of the verdicts, in hexadecimal: other verdicts have another one, however they are encoded.
func (v *Verdicts) Digest() string { return hex.EncodeToString(v.sum()) }

// digest identifies verdicts.
func (v *Verdicts) digest() []byte { return v.sum()[:digestSize] }

func (v *Verdicts) sum() []byte {
	h := sha256.New()
	for _, p := range v.populations {
		b := binary.AppendUvarint(appendText(nil, p.dataset), uint64(len(p.keys)))
		for _, key := range p.keys {
			if b = binary.BigEndian.AppendUint64(b, key); len(b) > 1<<16 {
				h.Write(b)
				b = b[:0]
			}
		}
		b = binary.AppendUvarint(b, uint64(len(p.controls)))
		for _, c := range p.controls {
			b = appendText(b, c.id)
			for _, set := range c.sets() {
				b = binary.AppendUvarint(b, uint64(len(*set)))
				for _, word := range *set {
					b = binary.LittleEndian.AppendUint64(b, word)
				}
			}
			h.Write(b)
			b = b[:0]
		}
		h.Write(b)
	}
	return h.Sum(nil)
}

// sets returns the sets of a control, in a fixed order.
func (c *controlVerdicts) sets() []*bitset.Set {
	return []*bitset.Set{&c.inScope, &c.failing, &c.excluded}
}

func appendText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

// find returns the population of a dataset; an empty one if there is none.
func (v *Verdicts) find(dataset string) *population {
	for _, p := range v.populations {
		if p.dataset == dataset {
			return p
		}
	}
	return &population{dataset: dataset}
}

// control returns the verdicts of a control of the population; empty ones if there are none.
func (p *population) control(id string) *controlVerdicts {
	for _, c := range p.controls {
		if c.id == id {
			return c
		}
	}
	return &controlVerdicts{id: id, population: p}
}

// appendChanges appends a population: the keys that left, as places among the earlier ones, those that came, and of each control where
// its sets differ from those of the keys that stayed.
func (p *population) appendChanges(b []byte, earlier *Verdicts) []byte {
	before := earlier.find(p.dataset)
	var left bitset.Set
	var came []uint64
	for i, j := range aligned(before.keys, p.keys) {
		switch {
		case j < 0:
			left.Add(i)
		case i < 0:
			came = append(came, p.keys[j])
		}
	}
	b = left.Append(appendText(b, p.dataset))
	b = binary.AppendUvarint(b, uint64(len(came)))
	last := uint64(0)
	for _, key := range came {
		b, last = binary.AppendUvarint(b, key-last), key
	}
	b = binary.AppendUvarint(b, uint64(len(p.controls)))
	move := newMove(before.keys, p.keys)
	for _, c := range p.controls {
		b = appendText(b, c.id)
		known := before.control(c.id).sets()
		for i, set := range c.sets() {
			b = set.Xor(move.apply(*known[i])).Append(b)
		}
	}
	return b
}

// move takes sets of numbers of earlier keys to sets of numbers of later ones.
type move struct {
	same bool
	to   []int32 // by the earlier number; -1 for a key that left
}

func newMove(before, after []uint64) move {
	if slices.Equal(before, after) {
		return move{same: true}
	}
	m := move{to: make([]int32, len(before))}
	for i, j := range aligned(before, after) {
		if i >= 0 {
			m.to[i] = int32(j) //nolint:gosec // a population of 2 billion records is not held
		}
	}
	return m
}

func (m move) apply(set bitset.Set) bitset.Set {
	if m.same {
		return set
	}
	var moved bitset.Set
	for i := range set.All() {
		if to := m.to[i]; to >= 0 {
			moved.Add(int(to))
		}
	}
	return moved
}

// DecodeVerdicts returns the verdicts that were encoded as changes against these earlier ones. Other earlier ones are an error.
func DecodeVerdicts(earlier *Verdicts, encoded []byte) (*Verdicts, error) {
	if earlier == nil {
		earlier = &Verdicts{}
	}
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxVerdictText))
	if err != nil {
		return nil, fmt.Errorf("unpacking the record keys: %w", err)
	}
	defer decoder.Close()
	text, err := decoder.DecodeAll(encoded, nil)
	if err != nil {
		return nil, errVerdicts
	}
	rest, ok := bytes.CutPrefix(text, []byte(verdictMagic))
	if !ok || len(rest) < 2*digestSize {
		return nil, errVerdicts
	}
	if !bytes.Equal(rest[:digestSize], earlier.digest()) {
		return nil, errors.New("the record keys are changes against those of another assessment: give those of the entry before")
	}
	r := verdictReader{rest: rest[2*digestSize:], left: maxVerdictSets}
	v := r.verdicts(earlier)
	if r.broken || len(r.rest) > 0 || !bytes.Equal(v.digest(), rest[digestSize:2*digestSize]) {
		return nil, errVerdicts
	}
	return v, nil
}

// verdictReader reads what [Verdicts.Encode] wrote.
type verdictReader struct {
	rest   []byte
	left   int // bytes that sets may take
	broken bool
}

// fail drops the rest.
func (r *verdictReader) fail() { r.rest, r.broken = nil, true }

func (r *verdictReader) number() uint64 {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 {
		r.fail()
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

// length returns how many values follow, each of at least a byte.
func (r *verdictReader) length() int {
	n := r.number()
	if n > uint64(len(r.rest)) {
		r.fail()
		return 0
	}
	return int(n)
}

// name returns a text after the last one.
func (r *verdictReader) name(last string) string {
	n := r.length()
	if n == 0 || n > maxVerdictName || string(r.rest[:n]) <= last {
		r.fail()
		return ""
	}
	name := string(r.rest[:n])
	r.rest = r.rest[n:]
	return name
}

func (r *verdictReader) set(n int) bitset.Set {
	if r.broken {
		return nil
	}
	set, rest, err := bitset.Read(r.rest, n)
	if r.left -= 8 * len(set); err != nil || r.left < 0 {
		r.fail()
		return nil
	}
	r.rest = rest
	return set
}

func (r *verdictReader) verdicts(earlier *Verdicts) *Verdicts {
	v := &Verdicts{}
	seen, dataset := map[string]bool{}, ""
	for range r.length() {
		if dataset = r.name(dataset); r.broken {
			return v
		}
		p := r.population(earlier.find(dataset))
		for _, c := range p.controls {
			if seen[c.id] {
				r.fail() // a control has one population
			}
			seen[c.id] = true
		}
		v.addPopulation(p)
	}
	return v
}

func (r *verdictReader) population(before *population) *population {
	p := &population{dataset: before.dataset}
	r.keys(p, before)
	move, known := newMove(before.keys, p.keys), map[string]*controlVerdicts{}
	for _, c := range before.controls {
		known[c.id] = c
	}
	id := ""
	for range r.length() {
		if id = r.name(id); r.broken {
			break
		}
		c := &controlVerdicts{id: id, population: p}
		earlier := known[id]
		if earlier == nil {
			earlier = c
		}
		for i, set := range c.sets() {
			stayed := move.apply(*earlier.sets()[i])
			r.left -= 8 * len(stayed)
			*set = r.set(len(p.keys)).Xor(stayed)
		}
		p.controls = append(p.controls, c)
	}
	return p
}

// keys reads the keys of a population.
func (r *verdictReader) keys(p, before *population) {
	left := r.set(len(before.keys))
	size := r.length()
	if r.left -= 16 * size; r.left < 0 {
		r.fail()
		return
	}
	came := make([]uint64, size)
	last := uint64(0)
	for i := range came {
		step := r.number()
		if came[i] = last + step; step == 0 || came[i] < last {
			r.fail()
			return
		}
		last = came[i]
	}
	p.keys = make([]uint64, 0, len(before.keys)+len(came))
	for i, j := range aligned(before.keys, came) {
		switch {
		case i >= 0 && j >= 0 && !left.Has(i):
			r.fail() // it came, and was there
			return
		case j >= 0:
			p.keys = append(p.keys, came[j])
		case !left.Has(i):
			p.keys = append(p.keys, before.keys[i])
		}
	}
}
