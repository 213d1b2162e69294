package watch_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

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

// TestNextLinkedFolder tells changes in a folder to which a link leads, and that the link leads elsewhere.
func TestNextLinkedFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	write(t, in("monday/a.json"), "1")
	write(t, in("tuesday/a.json"), "4444")
	if err := os.Symlink(in("monday"), in("latest")); err != nil {
		t.Skipf("no links here: %v", err)
	}
	f := watch.New(t.Context(), []string{in("latest")}, nil)
	expect.Equal(t, []string{in("latest/a.json")}, f.Names())
	for _, change := range []func(){
		func() { write(t, in("monday/a.json"), "22") },
		func() { must.Do(t, os.Remove(in("latest"))); must.Do(t, os.Symlink(in("tuesday"), in("latest"))) },
	} {
		change()
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		expect.Equal(t, []string{in("latest/a.json")}, must.Get(f.Next(ctx))(t))
		cancel()
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
