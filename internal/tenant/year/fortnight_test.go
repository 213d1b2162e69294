package year_test

import (
	"archive/tar"
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/tenant"
	"github.com/posture-score/posture/internal/tenant/year"
)

var update = flag.Bool("update", false, "rewrite the archive in testdata")

// TestFortnight holds that testdata has the sample tenant as it was two weeks before.
func TestFortnight(t *testing.T) {
	spec := year.Fortnight()
	path := filepath.Join("..", "..", "..", "testdata", spec.Name+"-"+spec.CollectedAt.Format(time.DateOnly)+".tar.zst")
	dir := filepath.Join(t.TempDir(), "bundle")
	must.Do(t, must.Get(tenant.New(spec))(t).Write(t.Context(), dir))
	if *update {
		must.Do(t, os.WriteFile(path, archive(t, dir), 0o644))
	}
	bundle := must.Get(evidence.Open(t.Context(), path, evidence.DefaultLimits()))(t)
	defer bundle.Close()
	must.Do(t, bundle.Verify(t.Context()))
	want := must.Get(evidence.Open(t.Context(), dir, evidence.DefaultLimits()))(t)
	defer want.Close()
	expect.Equalf(t, want.Digest(), bundle.Digest(), "digest of %s; run go test ./internal/tenant/year -update", path)
}

// archive packs the files of a folder.
func archive(t *testing.T, dir string) []byte {
	t.Helper()
	var packed bytes.Buffer
	compressed := must.Get(zstd.NewWriter(&packed, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1)))(t)
	files := tar.NewWriter(compressed)
	for _, entry := range must.Get(os.ReadDir(dir))(t) {
		text := must.Get(os.ReadFile(filepath.Join(dir, entry.Name())))(t)
		must.Do(t, files.WriteHeader(&tar.Header{Name: entry.Name(), Mode: 0o644, Size: int64(len(text)), Format: tar.FormatUSTAR}))
		_ = must.Get(files.Write(text))(t)
	}
	must.Do(t, files.Close())
	must.Do(t, compressed.Close())
	return packed.Bytes()
}
