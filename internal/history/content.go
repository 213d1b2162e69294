package history

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"

	"github.com/posture-score/posture/engine"
)

// maxContent bounds the JSON of an assessment. That of a thousand controls has about 2 MiB.
const maxContent = 64 << 20

// maxWindow bounds what a decoder keeps of what it decoded.
const maxWindow = 8 << 20

// pack compresses a text.
func pack(text []byte) ([]byte, error) {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(maxWindow))
	if err != nil {
		return nil, err
	}
	defer func() { _ = enc.Close() }()
	return enc.EncodeAll(text, nil), nil
}

// unpack returns a text that was compressed. It fails at what would take more memory than an assessment does.
func unpack(packed []byte) ([]byte, error) {
	dec, err := zstd.NewReader(bytes.NewReader(packed), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, fmt.Errorf("it can't be decompressed: %w", err)
	}
	defer dec.Close()
	text, err := io.ReadAll(io.LimitReader(dec, maxContent+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("it can't be decompressed: %w", err)
	case len(text) > maxContent:
		return nil, fmt.Errorf("it has more than %d MiB", maxContent>>20)
	}
	return text, nil
}

// decode returns the assessment of a compressed content, if that has the digest which the header says.
func decode(packed []byte, want string) (*engine.Assessment, error) {
	text, err := unpack(packed)
	if err != nil {
		return nil, err
	}
	if digest(text) != want {
		return nil, errDigest
	}
	var a engine.Assessment
	if err := json.Unmarshal(text, &a); err != nil {
		return nil, fmt.Errorf("it is no assessment: %w", err)
	}
	if a.SchemaVersion != engine.SchemaVersion {
		return nil, fmt.Errorf("it has schema_version %q; this program reads %q", clip(a.SchemaVersion), engine.SchemaVersion)
	}
	return &a, nil
}
