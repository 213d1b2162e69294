package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/must"
)

func TestRun(t *testing.T) {
	full := t.TempDir()
	must.Do(t, os.WriteFile(filepath.Join(full, "file"), nil, 0o600))
	tests := map[string]struct {
		args []string
		code int
		says string
	}{
		"a tenant":          {[]string{"-users", "20", "-settings", "scid-2012", "-o", filepath.Join(t.TempDir(), "new")}, 0, ""},
		"no folder":         {nil, 2, "name the folder"},
		"a stray argument":  {[]string{"-o", full, "again"}, 2, "nothing else"},
		"an unknown flag":   {[]string{"-size", "3"}, 2, "flag provided but not defined"},
		"a folder in use":   {[]string{"-users", "20", "-o", full}, 1, "not empty"},
		"an unknown tenant": {[]string{"-profile", "fair", "-o", full}, 1, `profile "fair" is not known`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var stderr bytes.Buffer
			code := run(t.Context(), test.args, &stderr)
			if code != test.code || !strings.Contains(stderr.String(), test.says) || test.code == 0 && stderr.Len() > 0 {
				t.Errorf("exit code %d, want %d; said %q, want %q", code, test.code, stderr.String(), test.says)
			}
		})
	}
}
