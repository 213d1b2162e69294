package synthetic

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/zstd"

	"github.com/posture-score/posture/evidence"
)

// WriteCompressed writes the evidence as a bundle of compressed files into a folder that is new: a
// population of any size passes through as a stream, and takes a twentieth of its size on disk.
func (t Tenant) WriteCompressed(ctx context.Context, dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return fmt.Errorf("writing the synthetic bundle: %w", err)
	}
	manifest := header()
	for _, d := range t.datasets() {
		written, err := d.compress(ctx, dir)
		if err != nil {
			return fmt.Errorf("writing the synthetic bundle: %s: %w", d.name, err)
		}
		manifest.Datasets = append(manifest.Datasets, written)
	}
	text, err := json.MarshalIndent(manifest, "", "  ")
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "manifest.json"), text, 0o600)
	}
	if err != nil {
		return fmt.Errorf("writing the synthetic bundle: %w", err)
	}
	return nil
}

// compress writes the file of a dataset, and returns its entry of the manifest.
func (d dataset) compress(ctx context.Context, dir string) (evidence.Dataset, error) {
	entry := evidence.Dataset{Name: d.name, Status: evidence.Collected, Path: d.name + ".ndjson.zst", CollectedAt: header().CollectedAt}
	file, err := os.Create(filepath.Join(dir, entry.Path))
	if err != nil {
		return entry, err
	}
	hash := sha256.New()
	buffered := bufio.NewWriterSize(io.MultiWriter(file, hash), 1<<20)
	packed, err := zstd.NewWriter(buffered, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		return entry, errors.Join(err, file.Close())
	}
	lines := json.NewEncoder(packed)
	for record, failed := range until(ctx, d.records) {
		if err = failed; err == nil {
			err = lines.Encode(record)
		}
		if err != nil {
			break
		}
		entry.Records++
	}
	err = errors.Join(err, packed.Close(), buffered.Flush(), file.Close())
	entry.SHA256 = hex.EncodeToString(hash.Sum(nil))
	return entry, err
}
