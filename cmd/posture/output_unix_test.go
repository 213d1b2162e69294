//go:build unix

package main

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestReplace keeps links, modes and what is no file: as root, a careless rename would take /dev/null away.
func TestReplace(t *testing.T) {
	dir := t.TempDir()
	file, link, pipe := filepath.Join(dir, "file"), filepath.Join(dir, "link"), filepath.Join(dir, "pipe")
	if err := os.WriteFile(file, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("file", link); err != nil {
		t.Fatal(err)
	}
	if err := (terminal{}).overwrite(link, []byte("new")); err != nil {
		t.Fatal(err)
	}
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
	if err := os.Symlink("later", dangling); err != nil {
		t.Fatal(err)
	}
	if err := (terminal{}).overwrite(dangling, []byte("first")); err != nil {
		t.Fatal(err)
	}
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
	if err := (terminal{}).overwrite(pipe, []byte("through")); err != nil {
		t.Fatal(err)
	}
	if got := <-read; got != "through" {
		t.Errorf("the pipe gave %q", got)
	}
	if info, err := os.Stat(pipe); err != nil || info.Mode().IsRegular() {
		t.Errorf("the pipe is %v (%v)", info.Mode(), err)
	}
}

// TestSamePlace tells files from each other, by whatever names and whether they are there or not.
func TestSamePlace(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.Mkdir("folder", 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a", "b"} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, target := range map[string]string{"link": "a", "dangling": "folder/new", "also": "folder", "loop": "loop"} {
		if err := os.Symlink(target, name); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Link("a", "hard"); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"a", "a", true},
		{"a", "./a", true},
		{"a", filepath.Join(dir, "a"), true},
		{"a", "folder/../a", true},
		{"a", "link", true},
		{"a", "hard", true},
		{"a", "b", false},
		{"a", "new", false},
		{"new", "folder/../new", true},
		{"new", filepath.Join(dir, "new"), true},
		{"new", "newer", false},
		{"folder/new", "also/new", true},
		{"folder/new", "dangling", true},
		{"also/new", "dangling", true},
		{"new", "dangling", false},
		{"nowhere/new", "./nowhere/new", true},
		{"nowhere/new", "nowhere/newer", false},
		{"loop", "loop", true},
		{"loop", "a", false},
	} {
		for _, names := range [][2]string{{test.a, test.b}, {test.b, test.a}} {
			if got := samePlace(names[0], names[1]); got != test.want {
				t.Errorf("%s and %s: %v, want %v", names[0], names[1], got, test.want)
			}
		}
	}
}
