package engine

import (
	"slices"

	"github.com/klauspost/compress/zstd"
)

// WithBlockSize returns the options with blocks of so many bytes, so that a small dataset has many.
func (o Options) WithBlockSize(size int) Options { o.blockSize = size; return o }

// BlockSize returns the size of blocks.
func (o Options) BlockSize() int { return o.blockSize }

// Emptied returns verdicts on no record of the same populations.
func (v *Verdicts) Emptied() *Verdicts {
	empty := &Verdicts{}
	for _, p := range v.populations {
		of := &population{dataset: p.dataset}
		for _, c := range p.controls {
			of.controls = append(of.controls, &controlVerdicts{id: c.id, population: of})
		}
		empty.addPopulation(of)
	}
	return empty
}

// Unpacked returns what verdicts are encoded to, before it is compressed.
func Unpacked(encoded []byte) []byte {
	decoder, _ := zstd.NewReader(nil)
	defer decoder.Close()
	text, _ := decoder.DecodeAll(encoded, nil)
	return text
}

// Signed packs such a text, with the digests of what it is to be decoded with and of what it decodes to: so that a fuzz test gets
// behind them.
func Signed(text []byte, earlier *Verdicts) []byte {
	begin := len(verdictMagic) + 2*digestSize
	if len(text) >= begin {
		text = slices.Clone(text)
		copy(text, verdictMagic)
		copy(text[len(verdictMagic):], earlier.digest())
		r := verdictReader{rest: text[begin:], left: maxVerdictSets}
		copy(text[begin-digestSize:], r.verdicts(earlier).digest())
	}
	encoder, _ := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest))
	defer func() { _ = encoder.Close() }()
	return encoder.EncodeAll(text, nil)
}
