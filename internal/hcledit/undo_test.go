package hcledit

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"

	"github.com/posture-score/posture/internal/diag"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// planned is a text that is valid.
const planned = "action \"A\" {\n  status = \"planned\"\n}\n"

// most bounds the files of these tests.
const most = 4 << 20

// sample returns a file of HCL.
func sample(path string) File {
	return File{Path: path, Noun: "the sample", Most: most, Check: func(path string, text []byte) error {
		if _, diags := Bounded(path, text); diags.HasErrors() {
			return diag.New(diags, map[string]*hcl.File{path: {Bytes: text}})
		}
		return nil
	}}
}

func wantText(t *testing.T, path, want string) {
	t.Helper()
	expect.Equalf(t, want, string(must.Get(os.ReadFile(path))(t)), "%s", filepath.Base(path))
}

// FuzzUndo puts any file beside a file in place of what can be undone. Either the change is taken back, to a valid text,
// or both files are left as they are.
func FuzzUndo(f *testing.F) {
	kept := func(u undo) []byte { return must.Get(json.Marshal(u))(f) }
	now := []byte(planned)
	for _, text := range [][]byte{
		nil, []byte("{"), []byte("null"), []byte(`{"existed":true}`), []byte(strings.Repeat("[", 20_000)), bytes.Repeat([]byte(`{"before":`), 5000),
		kept(undo{Existed: true, Before: []byte("# before\n"), After: digest(now)}),
		kept(undo{Existed: true, Before: []byte("action {"), After: digest(now)}),
		kept(undo{Existed: true, Before: bytes.Repeat([]byte("#\n"), 40_000), After: digest(now)}),
		kept(undo{After: digest(now)}),
		kept(undo{Existed: true, Before: now, After: digest(nil)}),
		append(kept(undo{Existed: true, After: digest(now)}), "{}"...),
		bytes.Replace(kept(undo{Existed: true, After: digest(now)}), []byte(`"before":null`), []byte(`"before":"!"`), 1),
	} {
		f.Add(text, now)
	}
	f.Fuzz(func(t *testing.T, text, now []byte) {
		path := filepath.Join(t.TempDir(), "sample.hcl")
		beside := filepath.Join(filepath.Dir(path), ".sample.hcl.undo")
		must.Do(t, os.WriteFile(path, now, 0o600))
		must.Do(t, os.WriteFile(beside, text, 0o600))
		if _, err := sample(path).Undo(t.Context(), ""); err != nil {
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
		must.Do(t, sample(path).Check(path, must.Get(sample(path).Load())(t)))
	})
}

// TestUndoIsBounded holds that what is kept is not read without end.
func TestUndoIsBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sample.hcl")
	must.Do(t, os.WriteFile(path, []byte(planned), 0o600))
	must.Do(t, os.WriteFile(filepath.Join(filepath.Dir(path), ".sample.hcl.undo"), make([]byte, 2*most+1), 0o600))
	if _, err := sample(path).Undo(t.Context(), ""); err == nil || !strings.Contains(err.Error(), "it has more than 8388608 bytes") {
		t.Error(err)
	}
}
