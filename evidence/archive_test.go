package evidence_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/archive"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// member is an entry of an archive built in memory.
type member struct {
	name, content string
	kind          byte // a type of tar; 0 for a file
}

func members(files map[string]string, prefix string) []member {
	var all []member
	for _, name := range slices.Sorted(maps.Keys(files)) {
		all = append(all, member{name: prefix + name, content: files[name]})
	}
	return all
}

func tarOf(all []member) string {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, m := range all {
		h := &tar.Header{Name: m.name, Typeflag: m.kind, Mode: 0o600}
		switch m.kind {
		case 0:
			h.Typeflag, h.Size = tar.TypeReg, int64(len(m.content))
		case tar.TypeXGlobalHeader:
			h = &tar.Header{Typeflag: m.kind, PAXRecords: map[string]string{"comment": m.content}}
		default:
			h.Linkname = m.content
		}
		if err := w.WriteHeader(h); err != nil {
			panic(err)
		}
		if m.kind == 0 {
			_, _ = io.WriteString(w, m.content)
		}
	}
	_ = w.Close()
	return b.String()
}

func zipOf(all []member) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, m := range all {
		h := &zip.FileHeader{Name: m.name, Method: zip.Deflate}
		if strings.HasPrefix(m.content, "stored") {
			h.Method = zip.Store
		}
		h.SetMode(0o600)
		switch m.kind {
		case tar.TypeSymlink:
			h.SetMode(0o600 | fs.ModeSymlink)
		case tar.TypeFifo:
			h.SetMode(0o600 | fs.ModeNamedPipe)
		}
		f, err := w.CreateHeader(h)
		if err != nil {
			panic(err)
		}
		_, _ = io.WriteString(f, m.content)
	}
	_ = w.Close()
	return b.String()
}

func TestArchives(t *testing.T) {
	files := single("{}\n{}", 2)
	plain := members(files, "")
	header := append([]member{{kind: tar.TypeXGlobalHeader, content: "x"}}, plain...)
	noise := append([]member{{name: "__MACOSX/contoso/._manifest.json"}, {name: "contoso/", kind: tar.TypeDir}}, members(files, "contoso/")...)
	tests := []struct{ name, archive string }{
		{"zip", zipOf(plain)},
		{"tar", tarOf(plain)},
		{"tar.gz", gz(tarOf(plain))},
		{"tar.zst", zst(tarOf(plain))},
		{"tar with a global header", tarOf(header)},
		{"tar with dots", tarOf(members(files, "./"))},
		{"zip of a folder", zipOf(members(files, "contoso/"))},
		{"tar of a folder among others", tarOf(noise)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			leavesNothing(t)
			must.Do(t, os.WriteFile("contoso", []byte(tt.archive), 0o600))
			want := []string{"{}", "{}"}
			got, err := readAllOf(t, evidence.Limits{})
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%v\n%s", err, diff)
			}
			b := must.Get(evidence.OpenReader(t.Context(), strings.NewReader(tt.archive), "standard input", evidence.Limits{}))(t)
			defer closeBundle(t, b)
			if err := b.Verify(t.Context()); err != nil {
				t.Error(err)
			}
			got, err = read1(t, b)
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%v\n%s", err, diff)
			}
			if !archive.Is([]byte(tt.archive)[:min(512, len(tt.archive))]) {
				t.Error("not seen as an archive")
			}
		})
	}
}

func TestArchiveErrors(t *testing.T) {
	files := single("{}\n{}", 2)
	plain := members(files, "")
	with := func(more ...member) []member { return append(more, plain...) }
	evil := func(name string) []member { return with(member{name: name, content: "x"}) }
	large := with(member{name: "large", content: strings.Repeat("x", 2<<20)})
	many := plain
	for i := range 20 {
		many = append(many, member{name: fmt.Sprint(i)})
	}
	folders := plain
	for i := range 20 {
		folders = append(folders, member{name: fmt.Sprintf("%d/", i), kind: tar.TypeDir})
	}
	noManifest := []member{{name: "users", content: "{}"}}
	limits := evidence.Limits{Files: 10, FileBytes: 3 << 20, TotalBytes: 5 << 20, Ratio: 50}

	tests := []struct{ name, archive, want string }{
		{"nothing", "", `contoso: is no bundle: neither a folder nor a .zip, .tar, .tar.gz or .tar.zst archive. What counts is the content of the file, not its name.`},
		{"text", "hello", `contoso: is no bundle: neither a folder nor a .zip, .tar, .tar.gz or .tar.zst archive. What counts is the content of the file, not its name.`},
		{"JSON", files["users"], `contoso: is no bundle: neither a folder nor a .zip, .tar, .tar.gz or .tar.zst archive. What counts is the content of the file, not its name.`},
		{"gzip of text", gz("hello"), `contoso: is no bundle: neither a folder nor a .zip, .tar, .tar.gz or .tar.zst archive. What counts is the content of the file, not its name.`},
		{"zstd of text", zst(strings.Repeat("hello", 200)), `contoso: is no bundle: neither a folder nor a .zip, .tar, .tar.gz or .tar.zst archive. What counts is the content of the file, not its name.`},
		{"empty zip", zipOf(nil), `contoso: the archive is empty`},
		{"empty tar", tarOf(nil), `contoso: the archive is empty`},
		{"no manifest", zipOf(noManifest), `contoso: holds no manifest.json. A bundle is a folder or an archive with this file and those that it lists.`},
		{"two manifests", tarOf(append(members(files, "a/"), members(files, "b/")...)), `contoso: holds no manifest.json. A bundle is a folder or an archive with this file and those that it lists.`},
		{"manifest two folders down", zipOf(members(files, "a/b/")), `contoso: holds no manifest.json. A bundle is a folder or an archive with this file and those that it lists.`},
		{"error in a folder", zipOf(members(single("{", 1), "a/")), `contoso/a/users:1:2: the JSON ends before it is complete (byte 1). The file was cut off: collect it again.`},
		{"error in a file", tarOf(members(single("{", 1), "")), `contoso/users:1:2: the JSON ends before it is complete (byte 1). The file was cut off: collect it again.`},
		{"zip: upwards", zipOf(evil("../x")), `contoso: the archive holds "../x", which leads out of the bundle. A bundle needs no such path: do not unpack this by other means.`},
		{"zip: upwards from within", zipOf(evil("a/../../x")), `contoso: the archive holds "a/../../x", which leads out of the bundle. A bundle needs no such path: do not unpack this by other means.`},
		{"zip: absolute", zipOf(evil("/x")), `contoso: the archive holds "/x", which is absolute. A bundle needs no such path: do not unpack this by other means.`},
		{"zip: drive", zipOf(evil("C:x")), `contoso: the archive holds "C:x", which names a drive. A bundle needs no such path: do not unpack this by other means.`},
		{"zip: backslash", zipOf(evil(`..\x`)), `contoso: the archive holds "..\\x", which has a backslash; paths are written with slashes. A bundle needs no such path: do not unpack this by other means.`},
		{"zip: symbolic link", zipOf(with(member{name: "link", content: "/etc/passwd", kind: tar.TypeSymlink})), `contoso: the archive holds "link", which is a symbolic link. A bundle has plain files only.`},
		{"zip: pipe", zipOf(with(member{name: "pipe", kind: tar.TypeFifo})), `contoso: the archive holds "pipe", which is a device or another special file. A bundle has plain files only.`},
		{"zip: twice", zipOf(with(member{name: "./users"})), `contoso: the archive holds "users" twice`},
		{"zip: file below a file", zipOf(append(slices.Clone(plain), member{name: "users/x"})), `contoso: "users/x" cannot be unpacked: file exists`},
		{"zip: cut off", zipOf(plain)[:200], `contoso: the archive is damaged: zip: not a valid zip file`},
		{"zip: damaged", strings.Replace(zipOf(with(member{name: "x", content: "stored well"})), "stored well", "stored ill.", 1), `contoso: the archive is damaged: "x": zip: checksum error`},
		{"zip: encrypted", strings.ReplaceAll(zipOf(plain), "PK\x01\x02\x14\x03\x14\x00\x08", "PK\x01\x02\x14\x03\x14\x00\x09"), `contoso: the archive holds "manifest.json", which is encrypted. A bundle has plain files only.`},
		{"zip: unknown method", strings.ReplaceAll(zipOf(plain), "PK\x01\x02\x14\x03\x14\x00\x08\x00\x08", "PK\x01\x02\x14\x03\x14\x00\x08\x00\x63"), `contoso: "manifest.json" is compressed by a method that is not known. Use deflate.`},
		{"zip: bomb", zipOf(large), `contoso: unpacks to more than 50 times its size. Evidence does not compress that well; this looks made to fill a disk.`},
		{"zip: many files", zipOf(many), `contoso: the archive holds more than 10 files. A bundle has one for each dataset.`},
		{"zip: directory of millions", zipOf(slices.Repeat([]member{{name: strings.Repeat("a", 1000)}}, 2000)), `contoso: the archive holds more than 10 files. A bundle has one for each dataset.`},
		{"tar: upwards", tarOf(evil("../x")), `contoso: the archive holds "../x", which leads out of the bundle. A bundle needs no such path: do not unpack this by other means.`},
		{"tar: absolute", tarOf(evil("/x")), `contoso: the archive holds "/x", which is absolute. A bundle needs no such path: do not unpack this by other means.`},
		{"tar: backslash", tarOf(evil(`a\x`)), `contoso: the archive holds "a\\x", which has a backslash; paths are written with slashes. A bundle needs no such path: do not unpack this by other means.`},
		{"tar: symbolic link", tarOf(with(member{name: "link", content: "/etc/passwd", kind: tar.TypeSymlink})), `contoso: the archive holds "link", which is a symbolic link. A bundle has plain files only.`},
		{"tar: hard link", tarOf(with(member{name: "link", content: "users", kind: tar.TypeLink})), `contoso: the archive holds "link", which is a hard link. A bundle has plain files only.`},
		{"tar: device", tarOf(with(member{name: "null", kind: tar.TypeChar})), `contoso: the archive holds "null", which is a device or another special file. A bundle has plain files only.`},
		{"tar: pipe", tarOf(with(member{name: "pipe", kind: tar.TypeFifo})), `contoso: the archive holds "pipe", which is a device or another special file. A bundle has plain files only.`},
		{"tar: twice", tarOf(with(member{name: "users"})), `contoso: the archive holds "users" twice`},
		{"tar: many folders in each other", tarOf(evil(strings.Repeat("a/", 20) + "x")), `contoso: the archive holds "a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/x", which is too deep. A bundle needs no such path: do not unpack this by other means.`},
		{"tar: long name", tarOf(evil(strings.Repeat("a", 2000))), `contoso: the archive holds "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"…, which is too long. A bundle needs no such path: do not unpack this by other means.`},
		{"tar: many files", tarOf(many), `contoso: the archive holds more than 10 files. A bundle has one for each dataset.`},
		{"tar: many folders", tarOf(folders), `contoso: the archive holds more than 10 files. A bundle has one for each dataset.`},
		{"tar: many global headers", tarOf(append(slices.Repeat([]member{{kind: tar.TypeXGlobalHeader, content: "x"}}, 20), plain...)), `contoso: the archive holds more than 10 files. A bundle has one for each dataset.`},
		{"tar: cut off", tarOf(large)[:5000], `contoso: the archive is damaged: "large": unexpected EOF`},
		{"tar: damaged header", strings.Replace(tarOf(plain), "users\x00", "xsers\x00", 1), `contoso: the archive is damaged: archive/tar: invalid tar header`},
		{"tar: file too large", tarOf(with(member{name: "large", content: strings.Repeat("x", 4<<20)})), `contoso: "large" is larger than 3 MiB when unpacked`},
		{"tar: all too large", tarOf(with(member{name: "a", content: strings.Repeat("x", 3<<20)}, member{name: "b", content: strings.Repeat("x", 3<<20)})), `contoso: is larger than 5 MiB`},
		{"tar.gz: bomb", gz(tarOf(large)), `contoso: unpacks to more than 50 times its size. Evidence does not compress that well; this looks made to fill a disk.`},
		{"tar.gz: cut off", gz(tarOf(plain))[:200], `contoso: the compressed data is damaged: unexpected EOF`},
		{"tar.gz: without its trailer", gz(tarOf(plain))[:len(gz(tarOf(plain)))-8], `contoso: the compressed data is damaged: unexpected EOF`},
		{"tar.gz: another checksum", withoutCRC(gz(tarOf(plain))), `contoso: the compressed data is damaged: gzip: invalid checksum`},
		{"tar.gz: another archive behind it", gz(tarOf(plain)) + gz(tarOf(plain)), `contoso: something follows the end of the archive. Pack or copy it again.`},
		{"tar.gz: garbage behind it", gz(tarOf(plain)) + strings.Repeat("x", 20), `contoso: the compressed data is damaged: gzip: invalid header`},
		{"tar.gz: more behind its end", gz(tarOf(plain) + "x"), `contoso: something follows the end of the archive. Pack or copy it again.`},
		{"tar: more behind its end", tarOf(plain) + strings.Repeat("\x00", 9000) + "x", `contoso: something follows the end of the archive. Pack or copy it again.`},
		{
			"tar: without its end", strings.TrimRight(tarOf(plain), "\x00") + strings.Repeat("\x00", -len(strings.TrimRight(tarOf(plain), "\x00"))&511),
			`contoso: the archive ends without the blocks of zeros that end one: it was cut off. Pack or copy it again.`,
		},
		{"zip: more behind its end", zipOf(plain) + "x", `contoso: something follows the end of the archive. Pack or copy it again.`},
		{"tar.zst: more behind its end", zst(tarOf(plain)) + "x", `contoso: the compressed data is damaged: unexpected EOF`},
		{"tar.zst: another checksum", zst(tarOf(plain))[:len(zst(tarOf(plain)))-1] + "x", `contoso: the compressed data is damaged: CRC check failed`},
		{"tar.zst: bomb", zst(tarOf(large)), `contoso: unpacks to more than 50 times its size. Evidence does not compress that well; this looks made to fill a disk.`},
		{"tar.zst: cut off", zst(tarOf(plain))[:200], `contoso: the compressed data is damaged: unexpected EOF`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			leavesNothing(t)
			must.Do(t, os.WriteFile("contoso", []byte(tt.archive), 0o600))
			_, err := readAllOf(t, limits)
			expect.Equal(t, tt.want, text(err))
			if e := new(evidence.Error); !errors.As(err, &e) {
				t.Errorf("got a %T", err)
			}
		})
	}
}

// withoutCRC returns compressed data whose checksum is another one.
func withoutCRC(gz string) string { return gz[:len(gz)-8] + "\x00\x00\x00\x00" + gz[len(gz)-4:] }

// TestArchiveEnds holds that archives are read which end as common tools end them.
func TestArchiveEnds(t *testing.T) {
	t.Chdir(t.TempDir())
	files := members(single("{}", 1), "")
	for name, archive := range map[string]string{
		"padded":            tarOf(files) + strings.Repeat("\x00", 10240),
		"one block":         tarOf(files)[:len(tarOf(files))-512],
		"compressed, twice": gz(tarOf(files)[:700]) + gz(tarOf(files)[700:]),
	} {
		t.Run(name, func(t *testing.T) {
			must.Do(t, os.WriteFile("contoso", []byte(archive), 0o600))
			if _, err := readAllOf(t, evidence.Limits{}); err != nil {
				t.Error(err)
			}
		})
	}
}

// What comes out of an archive is bounded as a whole, too.
func TestArchiveTotal(t *testing.T) {
	t.Chdir(t.TempDir())
	leavesNothing(t)
	all := append(members(single("{}", 1), ""), member{name: "a", content: strings.Repeat("x", 3<<20)}, member{name: "b", content: strings.Repeat("x", 3<<20)})
	for _, archive := range []string{zipOf(all), gz(tarOf(all))} {
		_, err := evidence.OpenReader(t.Context(), strings.NewReader(archive), "contoso", evidence.Limits{TotalBytes: 5 << 20, Ratio: 5000})
		expect.Equal(t, "contoso: the archive unpacks to more than 5 MiB", text(err))
	}
}

func TestNotBundle(t *testing.T) {
	t.Chdir(t.TempDir())
	leavesNothing(t)
	must.Do(t, os.Mkdir("folder", 0o700))
	must.Do(t, os.WriteFile("file", []byte("{}"), 0o600))
	for _, path := range []string{"folder", "file"} {
		if _, err := evidence.Open(t.Context(), path, evidence.Limits{}); !errors.Is(err, evidence.ErrNotBundle) {
			t.Errorf("%s: got %v", path, err)
		}
	}
	_, err := evidence.Open(t.Context(), "folder/", evidence.Limits{})
	want := "folder: holds no manifest.json. A bundle is a folder or an archive with this file and those that it lists."
	expect.Equal(t, want, text(err))
	_, err = evidence.Open(t.Context(), "absent", evidence.Limits{})
	expect.Equal(t, "absent: cannot be opened: no such file or directory", text(err))
	if errors.Is(err, evidence.ErrNotBundle) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %#v", err)
	}
	_, err = evidence.OpenReader(t.Context(), strings.NewReader("{}"), "standard input", evidence.Limits{})
	want = "standard input: is no bundle: neither a folder nor a .zip, .tar, .tar.gz or .tar.zst archive. What counts is the content of the file, not its name."
	expect.Equal(t, want, text(err))
}

// endless is a stream that begins like an archive.
type endless struct{ begun bool }

func (e *endless) Read(p []byte) (int, error) {
	clear(p)
	if !e.begun {
		copy(p, "PK\x03\x04")
		e.begun = true
	}
	return len(p), nil
}

func TestOpenReaderErrors(t *testing.T) {
	leavesNothing(t)
	limits := evidence.Limits{TotalBytes: 1 << 20}
	_, err := evidence.OpenReader(t.Context(), &endless{}, "standard input", limits)
	expect.Equal(t, "standard input: is larger than 1 MiB", text(err))
	broken := io.MultiReader(strings.NewReader("PK\x03\x04"+strings.Repeat("x", 1000)), iotestErr{})
	_, err = evidence.OpenReader(t.Context(), broken, "standard input", limits)
	expect.Equal(t, "standard input: cannot be unpacked: the pipe broke", text(err))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = evidence.OpenReader(ctx, &endless{}, "standard input", limits)
	if diff := cmp.Diff("reading standard input: context canceled", text(err)); diff != "" || !errors.Is(err, context.Canceled) {
		t.Error(diff)
	}
}

type iotestErr struct{}

func (iotestErr) Read([]byte) (int, error) { return 0, errors.New("the pipe broke") }
