package pin_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/pin"
)

var digest = "sha256:" + strings.Repeat("0f", 32)

// TestLock pins catalogs in any order, and reads them back in that of their paths.
func TestLock(t *testing.T) {
	l := &pin.Lock{Builtin: &pin.Builtin{Version: "1", Digest: digest}}
	l.Set(pin.Catalog{Path: "b", Digest: digest, From: "oci://r/c:1", Manifest: digest})
	l.Set(pin.Catalog{Path: "c", Digest: digest})
	l.Set(pin.Catalog{Path: "a", Digest: digest})
	l.Set(pin.Catalog{Path: "c", Digest: strings.ReplaceAll(digest, "f", "e")})
	path := filepath.Join(t.TempDir(), pin.Name)
	must.Do(t, os.WriteFile(path, must.Get(l.Encode())(t), 0o600))
	got := must.Get(pin.Open(path))(t)
	expect.Equal(t, l, got)
	expect.Equal(t, []string{"a", "b", "c"}, []string{got.Catalogs[0].Path, got.Catalogs[1].Path, got.Catalogs[2].Path})
	expect.Equal(t, "oci://r/c:1", got.Find("b").From)
	expect.Equal(t, (*pin.Catalog)(nil), got.Find("d"))
	expect.Equal(t, false, got.Empty())
	expect.Equal(t, true, must.Get(pin.Open(path+"x"))(t).Empty())
}

// TestOpenDangling refuses a link that leads nowhere: a folder from elsewhere would have files made where it likes.
func TestOpenDangling(t *testing.T) {
	path := filepath.Join(t.TempDir(), pin.Name)
	if err := os.Symlink("nowhere", path); err != nil {
		t.Skipf("no links here: %v", err)
	}
	if _, err := pin.Open(path); err == nil || !strings.Contains(err.Error(), "it is a link that leads nowhere") {
		t.Errorf("error is %v", err)
	}
}

func TestReadRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                 "it can't be read",
		"{":                "it can't be read",
		`{"version": 2}`:   "it has the version 2, and this program reads 1",
		`{"version": 1} x`: "something follows its end",
		`{"pins": []}`:     `it can't be read: json: unknown field "pins"`,
		`{"version": 1, "builtin": {"version": "1", "digest": "x"}}`:                                                         `the digest of the built-in catalog is "x"`,
		`{"version": 1, "catalogs": [{"path": "", "digest": "x"}]}`:                                                          "catalog 1 has no path",
		`{"version": 1, "catalogs": [{"path": "a", "digest": "x"}]}`:                                                         `the digest of a is "x"`,
		`{"version": 1, "catalogs": [{"path": "a", "digest": "` + digest + `", "manifest": "x"}]}`:                           `the manifest of a is "x"`,
		`{"version": 1, "builtin": {"version": "1'; rm -rf '", "digest": "` + digest + `"}}`:                                 "the version of the built-in catalog is",
		`{"version": 1, "catalogs": [{"path": "a", "digest": "` + digest + `", "from": "oci://r/c:1'; rm -rf '"}]}`:          "a is from",
		`{"version": 1, "catalogs": [{"path": "b", "digest": "` + digest + `"}, {"path": "a", "digest": "` + digest + `"}]}`: "its catalogs are not in order at a",
	} {
		if _, err := pin.Read([]byte(text)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: error is %v, want %q", text, err, want)
		}
	}
}

func TestPath(t *testing.T) {
	t.Chdir(t.TempDir())
	for given, want := range map[string]string{"ours": "../ours", "sub/ours": "ours", "./sub/../ours/": "../ours"} {
		expect.Equal(t, want, must.Get(pin.Path("sub", given))(t))
	}
}

// ExampleLock_Encode pins a catalog.
func ExampleLock_Encode() {
	var l pin.Lock
	l.Set(pin.Catalog{Path: "ours", Digest: digest})
	text, err := l.Encode()
	fmt.Print(string(text), err)
	// Output:
	// {
	//   "version": 1,
	//   "catalogs": [
	//     {
	//       "path": "ours",
	//       "digest": "sha256:0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"
	//     }
	//   ]
	// }
	// <nil>
}

// FuzzRead reads anything: what is read is written as it was understood.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"version": 1, "builtin": {"version": "1", "digest": "` + digest + `"}, "catalogs": [{"path": "a", "digest": "` + digest + `"}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		l, err := pin.Read(text)
		if err != nil {
			return
		}
		again := must.Get(pin.Read(must.Get(l.Encode())(t)))(t)
		expect.Equal(t, l, again)
	})
}
