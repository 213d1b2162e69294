package catalog_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// entry is one member of an archive.
type entry struct {
	name string
	text string
	kind byte   // a file unless given
	link string // what a link leads to
	zero int    // so many zeros after the text
}

// packed returns a .tar.gz of the entries.
func packed(t *testing.T, entries ...entry) []byte {
	t.Helper()
	var text bytes.Buffer
	zw := gzip.NewWriter(&text)
	tw := tar.NewWriter(zw)
	for _, e := range entries {
		if e.kind == 0 {
			e.kind = tar.TypeReg
		}
		body := append([]byte(e.text), make([]byte, e.zero)...)
		must.Do(t, tw.WriteHeader(&tar.Header{Name: e.name, Typeflag: e.kind, Linkname: e.link, Size: int64(len(body)), Mode: 0o644}))
		must.Get(tw.Write(body))(t)
	}
	must.Do(t, errors.Join(tw.Close(), zw.Close()))
	return text.Bytes()
}

// bomb returns a .tar.gz of a few kB that claims to hold, and unpacks to, 256 MiB.
func bomb(t *testing.T) []byte {
	t.Helper()
	var header bytes.Buffer
	must.Do(t, tar.NewWriter(&header).WriteHeader(&tar.Header{Name: "picture.png", Typeflag: tar.TypeReg, Size: 256 << 20, Mode: 0o644}))
	zipped := func(text []byte) []byte {
		var out bytes.Buffer
		zw := gzip.NewWriter(&out)
		must.Get(zw.Write(text))(t)
		must.Do(t, zw.Close())
		return out.Bytes()
	}
	// A gzip stream is made of any number of members: what makes 4 MiB is compressed once.
	return append(zipped(header.Bytes()), bytes.Repeat(zipped(make([]byte, 4<<20)), 65)...)
}

func TestArchive(t *testing.T) {
	text := packed(t,
		entry{name: "./", kind: tar.TypeDir},
		entry{name: "./entra/", kind: tar.TypeDir},
		entry{name: "./entra/defaults.hcl", text: settingHCL},
		entry{name: "entra/defaults.rego", text: settingRego},
		entry{name: "entra/._defaults.rego", text: "\x00 what archivers of another system add"},
		entry{name: "README.md", text: "# Ours"},
	)
	archive := must.Get(catalog.Archive("ours.tar.gz", bytes.NewReader(text)))(t)
	cat := mustLoad(t, archive)
	if at := control(t, cat, "Defaults").Position().File; at != "ours.tar.gz/entra/defaults.hcl" {
		t.Errorf("the control stands in %s", at)
	}
	fromFolder := mustLoad(t, source(t, "ours", map[string]string{"entra/defaults.hcl": settingHCL, "entra/defaults.rego": settingRego}))
	if cat.Digest() != fromFolder.Digest() {
		t.Error("a folder and an archive of the same files have different digests")
	}

	// Open tells them apart.
	name := filepath.Join(t.TempDir(), "catalog.tgz")
	must.Do(t, os.WriteFile(name, text, 0o644))
	if _, err := catalog.Open(name); err != nil {
		t.Error(err)
	}
	if _, err := catalog.Open(folder(t, map[string]string{"entra/defaults.hcl": settingHCL})); err != nil {
		t.Error(err)
	}
}

func TestArchiveRefuses(t *testing.T) {
	good := packed(t, entry{name: "a.hcl", text: strings.Repeat("# A comment.\n", 5000)})
	many := make([]entry, 20_001)
	for i := range many {
		many[i].name = fmt.Sprintf("%d.hcl", i)
	}
	tests := map[string]struct {
		text []byte
		want string
	}{
		"no gzip":       {[]byte("control"), "catalog x.tar.gz is neither a folder nor a .tar.gz file"},
		"a zip":         {[]byte("PK\x03\x04 and what follows"), "catalog x.tar.gz is neither a folder nor a .tar.gz file"},
		"empty":         {nil, "catalog x.tar.gz is neither a folder nor a .tar.gz file"},
		"cut short":     {good[:len(good)-20], "reading catalog x.tar.gz: it was cut off: pack or copy it again"},
		"no trailer":    {good[:len(good)-8], "reading catalog x.tar.gz: it was cut off: pack or copy it again"},
		"a checksum":    {append(bytes.Clone(good[:len(good)-8]), 0, 0, 0, 0, 0, 0, 0, 0), "reading catalog x.tar.gz: gzip: invalid checksum"},
		"another one":   {append(bytes.Clone(good), good...), "reading catalog x.tar.gz: something follows the end of the archive"},
		"no policies":   {packed(t, entry{name: "README.md"}), "reading catalog x.tar.gz: it holds no .hcl or .rego files"},
		"traversal":     {packed(t, entry{name: "../a.hcl"}), "reading catalog x.tar.gz: ../a.hcl leads out of the archive"},
		"inner":         {packed(t, entry{name: "a/../../b.hcl"}), "reading catalog x.tar.gz: a/../../b.hcl leads out of the archive"},
		"absolute":      {packed(t, entry{name: "/etc/a.hcl"}), "reading catalog x.tar.gz: /etc/a.hcl leads out of the archive"},
		"symbolic link": {packed(t, entry{name: "a.hcl", kind: tar.TypeSymlink, link: "/etc/passwd"}), "reading catalog x.tar.gz: a.hcl is neither a file nor a folder; pack the files themselves, without links"},
		"hard link":     {packed(t, entry{name: "a.hcl", kind: tar.TypeLink, link: "b.hcl"}), "reading catalog x.tar.gz: a.hcl is neither a file nor a folder; pack the files themselves, without links"},
		"device":        {packed(t, entry{name: "a.hcl", kind: tar.TypeBlock}), "reading catalog x.tar.gz: a.hcl is neither a file nor a folder; pack the files themselves, without links"},
		"twice":         {packed(t, entry{name: "a.hcl"}, entry{name: "./a.hcl"}), "reading catalog x.tar.gz: a.hcl stands in it twice"},
		"a large file":  {packed(t, entry{name: "a.hcl", zero: 4<<20 + 1}), "reading catalog x.tar.gz: a.hcl is larger than 4 MiB"},
		"deep":          {packed(t, entry{name: strings.Repeat("d/", 9) + "a.hcl"}), "reading catalog x.tar.gz: d/d/d/d/d/d/d/d/d/a.hcl lies deeper than 8 folders"},
		"many files":    {packed(t, many...), "reading catalog x.tar.gz: it holds more than 20000 policy files"},
		"bomb":          {bomb(t), "reading catalog x.tar.gz: it unpacks to more than 256 MiB"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := catalog.Archive("x.tar.gz", bytes.NewReader(test.text))
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("error is %v, want %q", err, test.want)
			}
		})
	}
}

// TestDir says how a folder's odd members are taken.
func TestDir(t *testing.T) {
	outside := folder(t, map[string]string{"b.hcl": "# outside", "more/c.hcl": "# outside"})
	tests := map[string]struct {
		make func(dir string) error
		want string // error, after the folder's name
	}{
		"a link to a file inside": {func(dir string) error { return os.Symlink("a.hcl", filepath.Join(dir, "b.hcl")) }, ""},
		"a link to a file outside": {
			func(dir string) error {
				return os.Symlink(filepath.Join(outside, "b.hcl"), filepath.Join(dir, "b.hcl"))
			},
			"b.hcl can't be followed: statat b.hcl: path escapes from parent",
		},
		"a link to a folder outside": {
			func(dir string) error { return os.Symlink(filepath.Join(outside, "more"), filepath.Join(dir, "more")) },
			"more can't be followed: statat more: path escapes from parent",
		},
		"a link to a folder inside": {
			func(dir string) error {
				return errors.Join(os.Mkdir(filepath.Join(dir, "d"), 0o755), os.Symlink("d", filepath.Join(dir, "e")))
			},
			"e is a link to a folder: put the folder itself there",
		},
		"a link to nowhere":          {func(dir string) error { return os.Symlink("nowhere", filepath.Join(dir, "b.hcl")) }, "b.hcl can't be followed: statat b.hcl: no such file or directory"},
		"a link to nowhere, no file": {func(dir string) error { return os.Symlink("nowhere", filepath.Join(dir, "b")) }, ""},
		"a hidden link":              {func(dir string) error { return os.Symlink("nowhere", filepath.Join(dir, ".#a.hcl")) }, ""},
		"a folder named like a file": {func(dir string) error { return os.Mkdir(filepath.Join(dir, "b.hcl"), 0o755) }, ""},
		"a large file": {
			func(dir string) error { return os.WriteFile(filepath.Join(dir, "b.hcl"), make([]byte, 4<<20+1), 0o644) },
			"b.hcl is larger than 4 MiB",
		},
		"deep": {
			func(dir string) error {
				deep := filepath.Join(dir, filepath.FromSlash(strings.Repeat("d/", 9)))
				return errors.Join(os.MkdirAll(deep, 0o755), os.WriteFile(filepath.Join(deep, "b.hcl"), nil, 0o644))
			},
			"d/d/d/d/d/d/d/d/d/b.hcl lies deeper than 8 folders",
		},
		"nothing": {func(dir string) error { return os.Remove(filepath.Join(dir, "a.hcl")) }, "it holds no .hcl or .rego files"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir := folder(t, map[string]string{"a.hcl": "# inside"})
			must.Do(t, test.make(dir))
			_, err := catalog.Dir(dir)
			got := ""
			if err != nil {
				got = strings.TrimPrefix(err.Error(), "reading catalog "+dir+": ")
			}
			expect.Equalf(t, test.want, got, "error")
		})
	}
}

func TestOpenMissing(t *testing.T) {
	_, err := catalog.Open(filepath.Join(t.TempDir(), "missing"))
	if !errors.Is(err, os.ErrNotExist) || !strings.HasPrefix(err.Error(), "opening catalog: ") {
		t.Errorf("error is %v", err)
	}
}

func TestLoadCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := catalog.Load(ctx, registry(t), builtinSource(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}
