package register

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/must"
)

// FuzzUndo puts any file beside a register in place of what can be undone. Either the change is taken back, to a valid register,
// or both files are left as they are.
func FuzzUndo(f *testing.F) {
	kept := func(u undo) []byte { return must.Get(json.Marshal(u))(f) }
	now := []byte(planned)
	for _, text := range [][]byte{
		nil, []byte("{"), []byte("null"), []byte(`{"existed":true}`), []byte(strings.Repeat("[", 20_000)), bytes.Repeat([]byte(`{"before":`), 5000),
		kept(undo{Existed: true, Before: []byte("# before\n"), After: digest(now)}),
		kept(undo{Existed: true, Before: []byte("action {"), After: digest(now)}),
		kept(undo{Existed: true, Before: []byte("# \u202e\n"), After: digest(now)}),
		kept(undo{Existed: true, Before: bytes.Repeat([]byte("#\n"), 40_000), After: digest(now)}),
		kept(undo{After: digest(now)}),
		kept(undo{Existed: true, Before: now, After: digest(nil)}),
		append(kept(undo{Existed: true, After: digest(now)}), "{}"...),
		bytes.Replace(kept(undo{Existed: true, After: digest(now)}), []byte(`"before":null`), []byte(`"before":"!"`), 1),
	} {
		f.Add(text, now)
	}
	f.Fuzz(func(t *testing.T, text, now []byte) {
		path := filepath.Join(t.TempDir(), Name)
		beside := filepath.Join(filepath.Dir(path), "."+Name+".undo")
		must.Do(t, os.WriteFile(path, now, 0o600))
		must.Do(t, os.WriteFile(beside, text, 0o600))
		if err := Undo(t.Context(), path); err != nil {
			wantText(t, path, string(now))
			wantText(t, beside, string(text))
			return
		}
		var u undo
		must.Do(t, json.Unmarshal(text, &u))
		if _, err := os.Stat(beside); err == nil {
			t.Error("the same change can be undone again")
		}
		if !u.Existed {
			if _, err := os.Stat(path); err == nil {
				t.Error("the register is still there")
			}
			return
		}
		wantText(t, path, string(u.Before))
		must.Get(Open(path))(t)
	})
}

// TestUndoIsBounded holds that what is kept is not read without end.
func TestUndoIsBounded(t *testing.T) {
	path := file(t, planned)
	must.Do(t, os.WriteFile(filepath.Join(filepath.Dir(path), "."+Name+".undo"), make([]byte, maxUndo+1), 0o600))
	if err := Undo(t.Context(), path); err == nil || !strings.Contains(err.Error(), "larger than 8 MiB") && !strings.Contains(err.Error(), "more than 8 MiB") {
		t.Error(err)
	}
}
