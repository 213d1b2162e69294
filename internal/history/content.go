package history

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/klauspost/compress/zstd"

	"github.com/posture-score/posture/engine"
)

// maxContent bounds the JSON of an assessment. That of a thousand controls has about 2 MiB.
const maxContent = 64 << 20

// maxWindow bounds what a decoder keeps of what it decoded.
const maxWindow = 8 << 20

// codec compresses and decompresses. Several goroutines may use it.
type codec struct {
	enc *zstd.Encoder
	dec *zstd.Decoder
}

func newCodec() (codec, error) {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(maxWindow))
	if err != nil {
		return codec{}, err
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderMaxMemory(maxContent))
	return codec{enc, dec}, err
}

// pack compresses a text.
func (c codec) pack(text []byte) []byte { return c.enc.EncodeAll(text, nil) }

// unpack returns a text that was compressed. It fails at what would take more memory than an assessment does.
func (c codec) unpack(packed []byte) ([]byte, error) {
	text, err := c.dec.DecodeAll(packed, nil)
	switch {
	case errors.Is(err, zstd.ErrDecoderSizeExceeded), errors.Is(err, zstd.ErrWindowSizeExceeded):
		return nil, fmt.Errorf("it has more than %d MiB", maxContent>>20)
	case err != nil:
		return nil, fmt.Errorf("it can't be decompressed: %w", err)
	}
	return text, nil
}

// decode returns the assessment of a compressed content, and its JSON, if that has the digest which the header says.
func (c codec) decode(packed []byte, want string) (*engine.Assessment, []byte, error) {
	text, err := c.unpack(packed)
	if err != nil {
		return nil, nil, err
	}
	if digest(text) != want {
		return nil, nil, errDigest
	}
	a, err := parse(text)
	return a, text, err
}

// parse returns the assessment of a JSON of this version or an earlier one.
func parse(text []byte) (*engine.Assessment, error) {
	var a engine.Assessment
	if err := json.Unmarshal(text, &a); err != nil {
		return nil, fmt.Errorf("it is no assessment: %w", err)
	}
	version, err := strconv.Atoi(a.SchemaVersion)
	known, errKnown := strconv.Atoi(engine.SchemaVersion)
	if err != nil || errKnown != nil || version < 1 || version > known {
		return nil, fmt.Errorf("it has schema_version %q; this program reads up to %q: use the version of posture that wrote it",
			clip(a.SchemaVersion), engine.SchemaVersion)
	}
	a.SchemaVersion = engine.SchemaVersion // what is read has its form
	return &a, nil
}
