package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/schemas"
)

// guests is how many guests crowded has: their list is longer than what is held of it.
const guests = 3000

// crowded makes evidence of an organization where every user fails the rule HouseGuests, and returns the words that assess it. The
// rules are those of the script assess_failing.txtar.
func crowded(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	script := must.Get(txtar.ParseFile(filepath.Join("testdata", "script", "assess_failing.txtar")))(t)
	must.Do(t, txtar.Write(script, dir))
	var users strings.Builder
	for i := range guests {
		fmt.Fprintf(&users, `{"id": "u-%04d", "accountEnabled": true, "userType": "Guest"}`+"\n", i)
	}
	digest := sha256.Sum256([]byte(users.String()))
	evidence := filepath.Join(dir, "evidence")
	write(t, filepath.Join(evidence, "users.ndjson"), users.String())
	listed := strings.Replace(manifest("entra.users", "users.ndjson", hex.EncodeToString(digest[:])), `"records": 1`, fmt.Sprintf(`"records": %d`, guests), 1)
	write(t, filepath.Join(evidence, "manifest.json"), listed)
	return []string{"assess", evidence, "--no-builtin", "--catalog", filepath.Join(dir, "house"), "--validate", "full"}
}

// TestFailing counts how many failing records are named of many, and holds that all of them are counted, and listed in the file.
func TestFailing(t *testing.T) {
	t.Parallel()
	words := crowded(t)
	for flag, want := range map[string]int{"": 100, "--failing=7": 7, "--failing=2999": 2999, "--failing=3000": guests, "--failing=4000": guests, "--failing=all": guests} {
		t.Run(flag, func(t *testing.T) {
			list := filepath.Join(t.TempDir(), "failing.ndjson")
			args := slices.Concat(words, []string{"--format", "json", "--failing-file", list})
			if flag != "" {
				args = append(args, flag)
			}
			code, stdout, stderr := command(t, "", args...)
			if code != exitOK || stderr != "" {
				t.Fatalf("exit code %d, and on standard error %q", code, stderr)
			}
			var assessment engine.Assessment
			must.Do(t, json.Unmarshal([]byte(stdout), &assessment))
			keys := listed(t, list)
			if len(keys) != guests {
				t.Errorf("the file lists %d records, want %d", len(keys), guests)
			}
			for _, action := range assessment.Actions {
				if action.ID != "HouseGuests" {
					continue
				}
				if action.Failing.Total != guests {
					t.Errorf("%d fail, want %d", action.Failing.Total, guests)
				}
				var named []string
				for _, record := range action.Failing.Shown {
					named = append(named, record.Key)
				}
				expect.Equal(t, keys[:want], named)
			}
		})
	}
}

// listed reads the keys of a list of failing records, and holds each line to its schema.
func listed(t *testing.T, path string) []string {
	t.Helper()
	text := must.Get(os.ReadFile(path))(t)
	var keys []string
	for line := range bytes.Lines(text) {
		var value map[string]any
		must.Do(t, json.Unmarshal(line, &value))
		for _, violation := range schemas.Validate("failure", value) {
			t.Errorf("%s: %s", violation.Pointer, violation.Message)
		}
		key, _ := value["key"].(string)
		keys = append(keys, key)
	}
	return keys
}

// TestFailingFull has a device that takes nothing, which is found out long before the end of the list.
func TestFailingFull(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("there is no /dev/full")
	}
	code, stdout, stderr := command(t, "", append(crowded(t), "--failing-file", "/dev/full")...)
	if want := "posture: writing /dev/full: no space left on device\n"; code != exitFailure || stdout != "" || stderr != want {
		t.Errorf("exit code %d, on standard output %q, and on standard error %q; want %q", code, stdout, stderr, want)
	}
}

// reading is standard input that does something when it is first read.
type reading struct {
	io.Reader
	do func()
}

func (r reading) Read(p []byte) (int, error) {
	r.do()
	return r.Reader.Read(p)
}

// TestFailingInterrupted ends a run while it reads evidence: the list of last time stays, and nothing lies beside it.
func TestFailingInterrupted(t *testing.T) {
	t.Parallel()
	words := crowded(t)
	dir := t.TempDir()
	list := filepath.Join(dir, "failing.ndjson")
	write(t, list, "old")
	ctx, cancel := context.WithCancel(t.Context())
	in := reading{bytes.NewReader(tarred(t, words[1])), func() {
		if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
			t.Errorf("while evidence is read, the folder holds %v (%v); want a temporary file, too", entries, err)
		}
		cancel()
	}}
	words[1] = "-"
	var stdout, stderr bytes.Buffer
	code := run(ctx, append(words, "--failing-file", list), terminal{in: in, out: &stdout, err: &stderr})
	if code != exitInterrupted || stdout.Len() > 0 || !strings.Contains(stderr.String(), "interrupted") {
		t.Errorf("exit code %d, on standard output %q, and on standard error %q", code, &stdout, &stderr)
	}
	if text, err := os.ReadFile(list); err != nil || string(text) != "old" {
		t.Errorf("the list holds %q (%v)", text, err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("an interrupt leaves %v behind (%v)", entries, err)
	}
}

// TestFailingOnOutput has a list go where standard output goes, which is a file: neither may take the other's place.
func TestFailingOnOutput(t *testing.T) {
	t.Parallel()
	words := crowded(t)
	name := filepath.Join(t.TempDir(), "all.txt")
	out := must.Get(os.Create(name))(t)
	defer out.Close()
	var stderr bytes.Buffer
	code := run(t.Context(), append(words, "--failing-file", name), terminal{in: strings.NewReader(""), out: out, err: &stderr})
	if code != exitOK || stderr.Len() > 0 {
		t.Fatalf("exit code %d, and on standard error %q", code, &stderr)
	}
	text := must.Get(os.ReadFile(name))(t)
	list, score, found := strings.Cut(string(text), "\nt-1, as of ")
	if !found || strings.Count(list, "\n") != guests-1 || !strings.Contains(score, "HouseGuests") {
		t.Errorf("the file begins with %.200q", text)
	}
}
