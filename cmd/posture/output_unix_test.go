//go:build unix

package main

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/posture-score/posture/internal/must"
)

// TestReplace keeps links, modes and devices: as root, a careless rename would remove /dev/null.
func TestReplace(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, link, pipe := filepath.Join(dir, "file"), filepath.Join(dir, "link"), filepath.Join(dir, "pipe")
	must.Do(t, os.WriteFile(file, []byte("old"), 0o600))
	must.Do(t, os.Symlink("file", link))
	must.Do(t, (terminal{}).overwrite(link, []byte("new")))
	if target, err := os.Readlink(link); err != nil || target != "file" {
		t.Errorf("the link leads to %q (%v)", target, err)
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "new" {
		t.Errorf("the file holds %q (%v)", text, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode() != 0o600 {
		t.Errorf("the file is %v (%v)", info.Mode(), err)
	}

	later, dangling := filepath.Join(dir, "later"), filepath.Join(dir, "dangling")
	must.Do(t, os.Symlink("later", dangling))
	must.Do(t, (terminal{}).overwrite(dangling, []byte("first")))
	if target, err := os.Readlink(dangling); err != nil || target != "later" {
		t.Errorf("the link to what was not there leads to %q (%v)", target, err)
	}
	if text, err := os.ReadFile(later); err != nil || string(text) != "first" {
		t.Errorf("what was not there holds %q (%v)", text, err)
	}

	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	read := make(chan string)
	go func() {
		text, err := os.ReadFile(pipe)
		if err != nil {
			t.Error(err)
		}
		read <- string(text)
	}()
	must.Do(t, (terminal{}).overwrite(pipe, []byte("through")))
	if got := <-read; got != "through" {
		t.Errorf("the pipe gave %q", got)
	}
	if info, err := os.Stat(pipe); err != nil || info.Mode().IsRegular() {
		t.Errorf("the pipe is %v (%v)", info.Mode(), err)
	}
}
