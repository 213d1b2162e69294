package evidence_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/records"
)

func TestRecords(t *testing.T) {
	const a, b = `{"id":"a","n":1.50}`, `{"id":"b","id":"c"}`
	both := []string{a, b}
	tests := []struct {
		name, content string
		want          []string
	}{
		{"empty file", "", nil},
		{"blank file", " \r\n\n", nil},
		{"lines", a + "\n" + b + "\n", both},
		{"lines of Windows", a + "\r\n" + b + "\r\n", both},
		{"no line at the end", a + "\n" + b, both},
		{"concatenated", a + b, both},
		{"blank lines", "\n\n" + a + "\n\n" + b + "\n\n", both},
		{"byte-order mark", "\ufeff" + a + "\n" + b, both},
		{"array", "[" + a + ",\n " + b + " ]\n", both},
		{"empty array", "[]", nil},
		{"byte-order mark before an array", "\ufeff[" + a + "," + b + "]", both},
		{"document", " {\n  \"id\": 1,\n  \"list\": [ 1 ]\n}\n", []string{"{\n  \"id\": 1,\n  \"list\": [ 1 ]\n}"}},
		{"document of Graph", `{"@odata.context":"x","id":"y","values":[]}`, []string{`{"@odata.context":"x","id":"y","values":[]}`}},
		{"document with a value among others", `{"value":[1],"name":"x"}`, []string{`{"value":[1],"name":"x"}`}},
		{"document with a value after others", `{"name":"x","value":[1]}`, []string{`{"name":"x","value":[1]}`}},
		{"document with a value that is no list", `{"@odata.context":"x","value":{"a":1}}`, []string{`{"@odata.context":"x","value":{"a":1}}`}},
		{"document with nothing", `{}`, []string{`{}`}},
		{"page", `{"@odata.context":"x","@odata.count":2,"value":[` + a + "," + b + `]}`, both},
		{"page with other members", `{"@odata.context":"x","other":{"value":[3]},"value":[` + a + "," + b + `],"more":[[]]}`, both},
		{"page whose context comes last", `{"value":[` + a + "," + b + `],"other":1,"@odata.context":"x"}`, both},
		{"page of nothing but value", `{"value":[` + a + "," + b + `]}`, both},
		{"page with annotations", `{"@odata.count":2,"value":[` + a + "," + b + `]}`, both},
		{"page that is the last", `{"@odata.context":"x","@odata.nextLink":null,"value":[` + a + "," + b + `]}`, both},
		{"empty page", `{"@odata.context":"x","value":[]}`, nil},
		{"gzip", gz("[" + a + "," + b + "]"), both},
		{"gzip in two members", gz(a) + gz(b), both},
		{"zstd", zst(a + "\n" + b), both},
		{"zstd with byte-order mark", zst("\ufeff" + a + "\n" + b), both},
		{"values that are not objects", "1 \"two\" null [3]", []string{"1", `"two"`, "null", "[3]"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			folder(t, single(tt.content, len(tt.want)))
			got := must.Get(readAllOf(t, evidence.Limits{}))(t)
			expect.Equal(t, tt.want, got)
		})
	}
}

func TestRecordErrors(t *testing.T) {
	const good = `{"id":"a"}` + "\n"
	small := evidence.Limits{RecordBytes: 64 << 10, FileBytes: 4 << 20, Ratio: 100}
	tests := []struct{ name, content, want string }{
		{"damaged gzip", strings.TrimSuffix(gz(good), gz(good)[len(gz(good))-8:]) + "12345678", `contoso/users: the compressed data is damaged: gzip: invalid checksum (record 2)`},
		{"gzip cut off", gz(strings.Repeat(good, 30_000))[:500], `contoso/users: the compressed data is damaged: unexpected EOF (record 20641)`},
		{"damaged zstd", zst(good)[:10], `contoso/users: the compressed data is damaged: unexpected EOF`},
		{"bad JSON in gzip", gz(good + "{]"), `contoso/users:2:2: the JSON is not well-formed: invalid character ']' at start of string (expecting '"') (record 2, byte 12)`},
		{"gzip bomb", gz(strings.Repeat(good, 300_000)), `contoso/users: unpacks to more than 100 times its size (record 95326). Evidence does not compress that well; this looks made to fill a disk.`},
		{"zstd bomb", zst(strings.Repeat(good, 300_000)), `contoso/users: unpacks to more than 100 times its size (record 95326). Evidence does not compress that well; this looks made to fill a disk.`},
	}
	for _, c := range must.Cases(t, "testdata/records.txt") {
		tests = append(tests, struct{ name, content, want string }{c[0], must.Text(t, c[1]), c[2]})
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			folder(t, single(tt.content, 2))
			_, err := readAllOf(t, small)
			expect.Equal(t, tt.want, text(err))
			if e := new(evidence.Error); !errors.As(err, &e) {
				t.Errorf("got a %T", err)
			}
		})
	}
}

func TestFileTooLarge(t *testing.T) {
	folder(t, single(strings.Repeat("{}\n", 2000), 2000))
	_, err := readAllOf(t, evidence.Limits{FileBytes: 4 << 10})
	expect.Equal(t, "contoso/users: is larger than 4 KiB", text(err))
	_, err = readAllOf(t, evidence.Limits{TotalBytes: 5000})
	expect.Equal(t, "contoso: holds more than 5000 bytes", text(err))
	folder(t, single(gz(strings.Repeat("{}\n", 2000)), 2000))
	_, err = readAllOf(t, evidence.Limits{FileBytes: 4 << 10})
	expect.Equal(t, "contoso/users: is larger than 4 KiB when unpacked", text(err))
}

// A string of 1 GB is refused without holding it.
func TestHugeString(t *testing.T) {
	part := gz(strings.Repeat("a", 1<<20))
	folder(t, single(gz(`{"id":"`)+strings.Repeat(part, 1024)+gz(`"}`), 1))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := readAllOf(t, evidence.Limits{Ratio: 5000})
	runtime.ReadMemStats(&after)
	want := "contoso/users:1:6: a record is longer than 16 MiB (byte 5). Records are held one at a time; one of this size is hardly evidence."
	expect.Equal(t, want, text(err))
	// The buffer doubles up to 32 MiB, twice: for the layout is looked at first.
	if took := (after.TotalAlloc - before.TotalAlloc) >> 20; took > 200 {
		t.Errorf("took %d MiB", took)
	}
}

func TestRecordOffsets(t *testing.T) {
	folder(t, single("\ufeff[ {\"id\":1},\n{\"id\":22} , 3]", 3))
	b := must.Get(evidence.Open(t.Context(), "contoso", evidence.Limits{}))(t)
	defer closeBundle(t, b)
	var got []string
	must.Do(t, records.Each(t.Context(), b.Source("entra.users"), func(r records.Record) bool {
		got = append(got, fmt.Sprintf("%d at %d: %s", r.Index, r.Offset, r.JSON))
		return true
	}))
	want := []string{`0 at 5: {"id":1}`, `1 at 15: {"id":22}`, `2 at 27: 3`}
	expect.Equal(t, want, got)
}

func TestRecordsOfNothing(t *testing.T) {
	files := single("", 0)
	files["manifest.json"] = manifest(map[string]any{"name": "entra.users", "status": "failed", "reason": "403\nForbidden"})
	folder(t, files)
	b, err := evidence.Open(t.Context(), "contoso/", evidence.Limits{})
	must.Do(t, err)
	_, err = read1(t, b)
	expect.Equal(t, `contoso: dataset "entra.users" could not be collected: "403\nForbidden"`, text(err))
	for _, err = range b.Records(t.Context(), "entra.groups") {
		continue
	}
	expect.Equal(t, `contoso: there is no dataset "entra.groups"`, text(err))
	closeBundle(t, b)
}

func TestRecordsAfterClose(t *testing.T) {
	folder(t, single("{}", 1))
	b, err := evidence.Open(t.Context(), "contoso", evidence.Limits{})
	must.Do(t, err)
	closeBundle(t, b)
	_, err = read1(t, b)
	expect.Equal(t, "contoso/users: the bundle has been closed", text(err))
}

// Stopping early is no error, and the count is not compared.
func TestRecordsBreak(t *testing.T) {
	folder(t, single("{}{}{}", 7))
	b := must.Get(evidence.Open(t.Context(), "contoso", evidence.Limits{}))(t)
	defer closeBundle(t, b)
	for _, err := range b.Records(t.Context(), "entra.users") {
		must.Do(t, err)
		break
	}
}

func TestRecordsCanceled(t *testing.T) {
	folder(t, single(strings.Repeat("{}\n", 100), 100))
	b, err := evidence.Open(t.Context(), "contoso", evidence.Limits{})
	must.Do(t, err)
	defer closeBundle(t, b)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	for _, err = range b.Records(ctx, "entra.users") {
		if n++; n == 3 {
			cancel()
		}
	}
	if diff := cmp.Diff("reading contoso/users: context canceled", text(err)); diff != "" || n != 4 || !errors.Is(err, context.Canceled) {
		t.Errorf("after %d steps: %s", n, diff)
	}
	for _, err = range b.Records(ctx, "entra.users") {
		continue
	}
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// Many passes over one bundle may go on at once.
func TestRecordsConcurrently(t *testing.T) {
	folder(t, single(strings.Repeat("{\"id\":1}\n", 5000), 5000))
	b := must.Get(evidence.Open(t.Context(), "contoso", evidence.Limits{}))(t)
	defer closeBundle(t, b)
	errs := make(chan error)
	for range 4 {
		go func() {
			var last error
			for _, err := range b.Records(context.Background(), "entra.users") {
				last = err
			}
			errs <- last
		}()
	}
	for range 4 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

func TestSymlinks(t *testing.T) {
	files := single("{}", 1)
	folder(t, files)
	must.Do(t, os.WriteFile("outside", []byte("{}"), 0o600))
	relink := func(target string) string {
		_ = os.Remove("contoso/users")
		if err := os.Symlink(target, "contoso/users"); err != nil {
			t.Skip(err)
		}
		_, err := readAllOf(t, evidence.Limits{})
		return text(err)
	}
	const out = "contoso/users: a symbolic link leads out of the bundle. Put the file itself into the folder."
	expect.Equal(t, out, relink("../outside"))
	expect.Equal(t, out, relink("/etc/hostname"))
	expect.Equal(t, "contoso/users: there is no such file", relink("nothing"))
	must.Do(t, os.WriteFile("contoso/inside", []byte("{}"), 0o600))
	expect.Equal(t, "", relink("inside"))
	must.Do(t, os.Rename("contoso/manifest.json", "manifest.json"))
	must.Do(t, os.Symlink("../manifest.json", "contoso/manifest.json"))
	want := "contoso/manifest.json: a symbolic link leads out of the bundle. Put the file itself into the folder."
	expect.Equal(t, want, relink("inside"))
}

func BenchmarkRecords(b *testing.B) {
	const n = 20_000
	var content strings.Builder
	for i := range n {
		fmt.Fprintf(&content, `{"id":"%08x-0000-4000-8000-000000000000","userPrincipalName":"user%d@contoso.example","displayName":"User %d","accountEnabled":true,"userType":"Member","assignedLicenses":[{"skuId":"c42b9cae-ea4f-4ab7-9717-81576235ccac","disabledPlans":[]}],"createdDateTime":"2024-05-06T07:08:09Z"}`+"\n", i, i, i)
	}
	for _, bb := range []struct{ name, content string }{{"plain", content.String()}, {"gzip", gz(content.String())}, {"zstd", zst(content.String())}} {
		b.Run(bb.name, func(b *testing.B) {
			folder(b, single(bb.content, n))
			bundle, err := evidence.Open(b.Context(), "contoso", evidence.Limits{})
			if err != nil {
				b.Fatal(err)
			}
			defer closeBundle(b, bundle)
			b.SetBytes(int64(content.Len()))
			b.ReportAllocs()
			for b.Loop() {
				for _, err := range bundle.Records(b.Context(), "entra.users") {
					if err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
