package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// TestArchives reads the same evidence from a folder, from archives and from standard input.
func TestArchives(t *testing.T) {
	t.Parallel()
	folder := filepath.Join("..", "..", "testdata", "tailspin")
	_, want, stderr := command(t, "", "evidence", "show", folder)
	if stderr != "" {
		t.Fatal(stderr)
	}
	for name, pack := range map[string]func(*testing.T, string) []byte{"evidence.zip": zipped, "evidence.tar.gz": tarred} {
		t.Run(name, func(t *testing.T) {
			text := pack(t, folder)
			path := filepath.Join(t.TempDir(), name)
			write(t, path, string(text))
			for _, source := range []string{path, "-"} {
				code, got, stderr := command(t, string(text), "evidence", "show", source)
				if code != exitOK || stderr != "" {
					t.Errorf("%s: exit code %d, and on standard error %q", source, code, stderr)
				}
				expect.Equalf(t, want, got, "%s differs from the folder", source)
			}
		})
	}
}

func zipped(t *testing.T, folder string) []byte {
	t.Helper()
	var text bytes.Buffer
	w := zip.NewWriter(&text)
	must.Do(t, w.AddFS(os.DirFS(folder)))
	must.Do(t, w.Close())
	return text.Bytes()
}

func tarred(t *testing.T, folder string) []byte {
	t.Helper()
	var text bytes.Buffer
	compressed := gzip.NewWriter(&text)
	w := tar.NewWriter(compressed)
	must.Do(t, w.AddFS(os.DirFS(folder)))
	must.Do(t, w.Close())
	must.Do(t, compressed.Close())
	return text.Bytes()
}
