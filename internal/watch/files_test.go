package watch_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/watch"
)

// write writes a file, and makes its folder.
func write(t *testing.T, name, text string) {
	t.Helper()
	must.Do(t, os.MkdirAll(filepath.Dir(name), 0o700))
	must.Do(t, os.WriteFile(name, []byte(text), 0o600))
}

// TestNext tells which files were written, replaced, made in a new folder and removed. Hidden and ignored ones are left out.
func TestNext(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	write(t, in("tenant/a.json"), "1")
	write(t, in("single.hcl"), "1")
	f := watch.New(t.Context(), []string{in("tenant"), in("single.hcl"), in("none.hcl")}, func(name string, _ fs.FileInfo) bool {
		return filepath.Ext(name) == ".log"
	})
	for _, step := range []struct {
		change func()
		want   []string
	}{
		{func() {
			write(t, in("tenant/a.json"), "22")
			write(t, in("tenant/.hidden"), "1")
			write(t, in("tenant/out.log"), "1")
		}, []string{"tenant/a.json"}},
		{func() { write(t, in("tenant/deep/b.json"), "1") }, []string{"tenant/deep/b.json"}},
		{func() { write(t, in("tenant/deep/b.json"), "22") }, []string{"tenant/deep/b.json"}},
		{func() { write(t, in("other"), "333"); must.Do(t, os.Rename(in("other"), in("single.hcl"))) }, []string{"single.hcl"}},
		{func() { write(t, in("none.hcl"), "1"); must.Do(t, os.Remove(in("tenant/a.json"))) }, []string{"none.hcl", "tenant/a.json"}},
	} {
		step.change()
		var got []string
		for len(got) < len(step.want) { // two files may be told one after the other
			for _, name := range must.Get(f.Next(t.Context()))(t) {
				got = append(got, filepath.ToSlash(must.Get(filepath.Rel(dir, name))(t)))
			}
		}
		expect.Equal(t, step.want, got)
	}
}

// TestNextEnds returns the error of the context.
func TestNextEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	f := watch.New(ctx, []string{t.TempDir()}, nil)
	cancel()
	if changed, err := f.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %q, %v", changed, err)
	}
}

// ExampleFiles_Next waits for a change of a file.
func ExampleFiles_Next() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // nobody changes anything here
	_, _ = watch.New(ctx, []string{"posture.hcl"}, nil).Next(ctx)
	// Output:
}
