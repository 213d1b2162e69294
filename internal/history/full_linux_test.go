package history_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/must"
)

// TestFullDisk appends to a store on a small disk until it is full.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("mounting a small disk: %v", err)
	}
	t.Cleanup(func() { must.Do(t, syscall.Unmount(dir, syscall.MNT_DETACH)) })
	path := filepath.Join(dir, history.Name)
	s := must.Get(history.Open(t.Context(), path))(t)
	stored, err := fillUp(t, s, 1000)
	if !strings.Contains(err.Error(), "the disk is full") && !strings.Contains(err.Error(), "the disk failed, or is full") {
		t.Error(err)
	}
	if stored == 0 {
		t.Error("nothing fits on the disk")
	}
	must.Do(t, s.Close())

	// What can be read there is whole, and so is what is taken elsewhere.
	elsewhere := filepath.Join(t.TempDir(), history.Name)
	for _, suffix := range []string{"", "-wal"} {
		if text, err := os.ReadFile(path + suffix); err == nil {
			must.Do(t, os.WriteFile(elsewhere+suffix, text, 0o600))
		}
	}
	s = open(t, elsewhere)
	sound(t, s, stored)
	record(t, s, sample("t", stored+1, int64(stored%11)))
	sound(t, s, stored+1)
}

// TestFullServer appends to a database on a small disk until it is full.
func TestFullServer(t *testing.T) {
	url := postgres.database(t)
	dir := must.Get(os.MkdirTemp("", "full"))(t) // the folders of tests are root's alone
	t.Cleanup(func() { must.Do(t, os.RemoveAll(dir)) })
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=2m"); err != nil {
		t.Skipf("mounting a small disk: %v", err)
	}
	t.Cleanup(func() { must.Do(t, syscall.Unmount(dir, syscall.MNT_DETACH)) })
	must.Do(t, postgres.running.Own(dir))
	must.Do(t, postgres.running.Exec(t.Context(), "CREATE TABLESPACE small LOCATION '"+dir+"'"))
	schema := url[strings.LastIndex(url, "=")+1:]
	t.Cleanup(func() { // before the disk goes, on which the server would write later
		must.Do(t, postgres.running.Exec(context.Background(), "DROP SCHEMA "+schema+" CASCADE"))
		must.Do(t, postgres.running.Exec(context.Background(), "DROP TABLESPACE small"))
	})
	s := open(t, url+"&default_tablespace=small")
	stored, err := fillUp(t, s, 5000)
	if !strings.HasSuffix(err.Error(), ": the server's disk is full: nothing was stored") {
		t.Error(err)
	}
	sound(t, s, stored)
}
