package history_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/must"
)

// TestSalvage exports what can be read of a damaged file. Wherever 64 bytes of it are wrong, what fails is not the export, but where the
// tables are not known any more.
func TestSalvage(t *testing.T) {
	dir := t.TempDir()
	whole := filepath.Join(dir, "whole.db")
	s := must.Get(history.Open(t.Context(), whole))(t)
	record(t, s, sample("t", 1, 1), sample("t", 2, 2), sample("t", 3, 3))
	must.Do(t, s.Close())
	text := must.Get(os.ReadFile(whole))(t)
	partial, failed := 0, 0
	const page = 4096
	for at := page; at < len(text); at += page { // the head of each page
		damaged := bytes.Clone(text)
		for i := at; i < min(at+64, len(text)); i++ {
			damaged[i] ^= 0x5a
		}
		path := filepath.Join(dir, history.Name)
		must.Do(t, os.WriteFile(path, damaged, 0o600))
		s, err := history.OpenExisting(t.Context(), path)
		if err != nil {
			continue
		}
		var out bytes.Buffer
		count, err := s.Export(t.Context(), &out, history.Filter{})
		switch {
		case errors.As(err, new(*history.PartialError)):
			partial++
			if int64(bytes.Count(out.Bytes(), []byte("\n"))) != count {
				t.Errorf("%d: %d lines", at, count)
			}
		case err != nil:
			failed++
			if !strings.Contains(err.Error(), "the list of its tenants can't be read") {
				t.Errorf("%d: %v", at, err)
			}
		}
		must.Do(t, s.Close())
	}
	if partial < 2 || failed > 2 { // the table of tenants and its index have to be there
		t.Errorf("%d were exported in part, %d not at all", partial, failed)
	}
}
