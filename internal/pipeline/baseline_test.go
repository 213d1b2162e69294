package pipeline

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// TestPresent leaves out what a commit does not have, whichever way it is written.
func TestPresent(t *testing.T) {
	files(t, map[string]string{"base/ours/catalog.hcl": "", "base/register.hcl": ""})
	dir := must.Get(filepath.Abs("base"))(t)
	held, missing := tree{dir: dir}.present([]string{
		"--catalog=ours", "--catalog", "theirs", "--parameters=p.hcl", "--register", "register.hcl", "--settings=", "--validate", "full", "--now=theirs",
		"--catalog=" + filepath.Join(dir, "none"),
	})
	expect.Equal(t, []string{
		"--catalog=ours", "--register", "register.hcl", "--settings=", "--validate", "full", "--now=theirs", "--catalog=" + filepath.Join(dir, "none"),
	}, held)
	expect.Equal(t, []string{"--catalog theirs", "--parameters=p.hcl"}, missing)
}

func TestFind(t *testing.T) {
	files(t, map[string]string{"repo/sub/head.json": "", "repo/both.json": "", "base/both.json": "", "elsewhere.json": ""})
	here := must.Get(filepath.EvalSymlinks(must.Get(os.Getwd())(t)))(t)
	t.Chdir(filepath.Join(here, "repo", "sub"))
	base := tree{root: filepath.Join(here, "repo"), top: filepath.Join(here, "base")}
	tests := map[string]struct {
		path, want string
		found      bool
	}{
		"in both":                   {"../both.json", filepath.Join(here, "base", "both.json"), true},
		"in both, by its full path": {filepath.Join(here, "repo", "both.json"), filepath.Join(here, "base", "both.json"), true},
		"new":                       {"head.json", filepath.Join(here, "repo", "sub", "head.json"), false},
		"outside of the repository": {"../../elsewhere.json", filepath.Join(here, "elsewhere.json"), false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, found := base.find(tt.path)
			expect.Equal(t, tt.want, got)
			expect.Equal(t, tt.found, found)
		})
	}
}

func TestUsage(t *testing.T) {
	tests := map[string][]string{
		"no command":            {},
		"unknown command":       {"deploy"},
		"unknown flag":          {"comment", "--force", "comment.md"},
		"no evidence":           {"baseline", "--output", "b.json", "main"},
		"no output":             {"baseline", "main", "evidence"},
		"no file":               {"comment"},
		"a flag as the commit":  {"baseline", "--output", "b.json", "--", "--upload-pack=x", "evidence"},
		"a range as the commit": {"baseline", "--output", "b.json", "main..HEAD", "evidence"},
		"an argument too many":  {"github", "evidence"},
		"standard input":        {"github"},
	}
	for name, args := range tests {
		t.Run(name, func(t *testing.T) {
			env := func(name string) string {
				if name == "INPUT_EVIDENCE" {
					return "-"
				}
				return ""
			}
			expect.Equal(t, exitUsage, Run(t.Context(), Job{Env: env, Out: io.Discard, Err: io.Discard}, args))
		})
	}
	expect.Equal(t, exitOK, Run(t.Context(), Job{Out: io.Discard, Err: io.Discard}, []string{"help"}))
	expect.Equal(t, exitError, Run(t.Context(), Job{Out: broken{}, Err: io.Discard}, []string{"help"}))
}

// TestInterrupted ends before git has begun, which is no failure of it.
func TestInterrupted(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	job := Job{Env: func(string) string { return "" }, Out: io.Discard, Err: io.Discard}
	expect.Equal(t, exitInterrupted, Run(ctx, job, []string{"baseline", "--output", "b.json", "HEAD", "evidence"}))
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("the disk is full") }
