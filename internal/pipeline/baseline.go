package pipeline

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// named is what may name a commit: no flag of git, and no range.
var named = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._/@^~-]*$`)

// baseline assesses evidence as it is in another commit, with the catalogs, the register and the settings of that commit, and writes the
// assessment as JSON. Evidence that is not in the commit is not in git: then the same evidence is assessed by what the commit says.
func (j Job) baseline(ctx context.Context, commit, output, evidence string, flags []string) (err error) {
	if !named.MatchString(commit) || strings.Contains(commit, "..") {
		return usageError{fmt.Errorf("%q does not name a commit", commit)}
	}
	if output, err = filepath.Abs(output); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(j.Env("RUNNER_TEMP"), "posture-base-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	base, err := checkout(ctx, commit, dir)
	if err != nil {
		return fmt.Errorf("getting %s: %w", commit, err)
	}
	path, found := base.find(evidence)
	if !found {
		j.say("%s has no %s: the evidence at hand is assessed with the catalogs, the register and the settings of that commit", commit, evidence)
	}
	flags, missing := base.present(flags)
	for _, flag := range missing {
		j.say("%s has no file for %s: the baseline is made without it", commit, flag)
	}
	args := append([]string{"assess", "--format=json", "--output=" + output}, append(ungated(), flags...)...)
	cmd := program(ctx, "posture", append(args, "--", path)...)
	cmd.Dir = base.dir
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("assessing %s: %w: %s", commit, err, bytes.TrimSpace(said.Bytes()))
	}
	return nil
}

// ungated returns flags without which gates of the settings or the environment would fail what is not to be judged, or not again.
func ungated() []string { return []string{"--warn-only", "--baseline=", "--fail-on="} }

// tree is what a commit has, in a folder of its own.
type tree struct {
	root string // the top of the repository at hand
	top  string // the top of the commit
	dir  string // what is the working directory in the repository at hand
}

// checkout writes a commit into a folder, which it fetches if it is not there. Work tree, index and branches stay as they are.
func checkout(ctx context.Context, commit, dir string) (tree, error) {
	root, err := git(ctx, "", nil, "rev-parse", "--show-toplevel")
	if err != nil {
		return tree{}, err
	}
	here, err := git(ctx, "", nil, "rev-parse", "--show-prefix")
	if err != nil {
		return tree{}, err
	}
	if _, err := git(ctx, "", nil, "cat-file", "-e", commit+"^{commit}"); err != nil {
		if _, err := git(ctx, "", nil, "fetch", "--quiet", "--no-tags", "--depth=1", "origin", commit); err != nil {
			return tree{}, err
		}
	}
	index := []string{"GIT_INDEX_FILE=" + filepath.Join(dir, "index")}
	t := tree{root: filepath.FromSlash(root), top: filepath.Join(dir, "tree")}
	t.dir = filepath.Join(t.top, filepath.FromSlash(here))
	if _, err := git(ctx, root, index, "read-tree", commit); err != nil {
		return tree{}, err
	}
	if _, err := git(ctx, root, index, "checkout-index", "--all", "--quiet", "--prefix="+filepath.ToSlash(t.top)+"/"); err != nil {
		return tree{}, err
	}
	return t, os.MkdirAll(t.dir, 0o700)
}

// mergedInto returns the first parent of a commit if it is a merge that is at hand, and "" otherwise. A shallow clone does not have the parent, but
// knows its name.
func mergedInto(ctx context.Context, commit string) string {
	if !named.MatchString(commit) {
		return ""
	}
	text, err := git(ctx, "", nil, "cat-file", "commit", commit)
	if err != nil {
		return ""
	}
	head, _, _ := strings.Cut(text, "\n\n")
	var parents []string
	for line := range strings.Lines(head) {
		if parent, ok := strings.CutPrefix(strings.TrimSpace(line), "parent "); ok {
			parents = append(parents, parent)
		}
	}
	if len(parents) < 2 {
		return ""
	}
	return parents[0]
}

// git runs git in a folder and returns what it prints, without the end of the line.
func git(ctx context.Context, dir string, env []string, args ...string) (string, error) {
	cmd := program(ctx, "git", args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("git %s: %w: %s", args[0], err, bytes.TrimSpace(said.Bytes()))
	}
	return strings.TrimRight(out.String(), "\r\n"), nil
}

// find returns where a path of the repository at hand is in the commit, or, if the commit does not have it, where it is at hand.
func (t tree) find(path string) (string, bool) {
	full, err := filepath.Abs(path)
	if err != nil {
		return path, false
	}
	inside, err := filepath.Rel(t.root, resolved(full))
	if err != nil || !filepath.IsLocal(inside) {
		return full, false
	}
	there := filepath.Join(t.top, inside)
	if _, err := os.Stat(there); err != nil {
		return full, false
	}
	return there, true
}

// resolved returns a path whose folder has no links, as git names the top of a repository.
func resolved(path string) string {
	dir, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		return path
	}
	return filepath.Join(dir, filepath.Base(path))
}

// present splits flags into those that hold in the commit, and those that name a file or folder that the commit lacks: it had nothing to
// say there.
func (t tree) present(flags []string) (held, missing []string) {
	for i := 0; i < len(flags); i++ {
		name, value, joined := strings.Cut(flags[i], "=")
		one := flags[i : i+1]
		if !joined && i+1 < len(flags) && slices.Contains(inputs, name) {
			i++
			value, one = flags[i], flags[i-1:i+1]
		}
		if slices.Contains(inputs, name) && value != "" && !filepath.IsAbs(value) {
			if _, err := os.Stat(filepath.Join(t.dir, value)); err != nil {
				missing = append(missing, strings.Join(one, " "))
				continue
			}
		}
		held = append(held, one...)
	}
	return held, missing
}

// inputs are flags of 'posture assess' that name a file of the repository which a pull request may add. A URL is none.
var inputs = []string{"--catalog", "--parameters", "--register", "--settings"}
