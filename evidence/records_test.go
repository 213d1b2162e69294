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
		{"truncated", good + `{"id":"b","more":[1,`, `contoso/users:2:21: the JSON ends before it is complete (record 2, byte 31). The file was cut off: collect it again.`},
		{"truncated in a string", good + `{"id":"bö`, `contoso/users:2:10: the JSON ends before it is complete (record 2, byte 21). The file was cut off: collect it again.`},
		{"truncated array", "[" + good + ",", `contoso/users:2:2: the JSON ends before it is complete (record 2, byte 13). The file was cut off: collect it again.`},
		{"array without end", "[" + good, `contoso/users:2:1: the JSON ends before it is complete (record 2, byte 12). The file was cut off: collect it again.`},
		{"truncated page", `{"@odata.context":"x","value":[` + good, `contoso/users:2:1: the JSON ends before it is complete (record 2, byte 42). The file was cut off: collect it again.`},
		{"page without end", `{"@odata.context":"x","value":[` + good + `]`, `contoso/users:2:2: the JSON ends before it is complete (byte 43). The file was cut off: collect it again.`},
		{"truncated in the first", `{"id"`, `contoso/users:1:6: the JSON ends before it is complete (byte 5). The file was cut off: collect it again.`},
		{"invalid UTF-8", good + "{\"id\":\"b\xff\"}", `contoso/users:2:9: the text is not valid UTF-8 (record 2, byte 19). Save the file as UTF-8.`},
		{"overlong UTF-8", good + "{\"id\":\"\xc0\x80\"}", `contoso/users:2:8: the text is not valid UTF-8 (record 2, byte 18). Save the file as UTF-8.`},
		{"lone surrogate", good + `{"id":"\ud800"}`, "contoso/users:2:8: the JSON is not well-formed: invalid surrogate pair `\\ud800\"}` in string (record 2, byte 18)"},
		{"column counts characters", good + "{\"id\":\"äöü\" \"x\"}", `contoso/users:2:13: the JSON is not well-formed: invalid character '"' after object value (expecting ',' or '}') (record 2, byte 26)`},
		{"NaN", good + `{"n":NaN}`, `contoso/users:2:6: NaN is not a number in JSON (record 2, byte 16). Write null for a value that is not there.`},
		{"Infinity", good + `{"n":Infinity}`, `contoso/users:2:6: Infinity is not a number in JSON (record 2, byte 16). Write null for a value that is not there.`},
		{"minus Infinity", good + `{"n":-Infinity}`, `contoso/users:2:7: Infinity is not a number in JSON (record 2, byte 17). Write null for a value that is not there.`},
		{"number beyond float64", good + `{"n": 1e400}`, `contoso/users:2:7: the number 1e400 is out of range (record 2, byte 17). Numbers must fit a float64.`},
		{"number beyond float64 in digits", good + `{"n":[ -1` + strings.Repeat("0", 309) + `]}`, `contoso/users:2:8: the number -100000000000000000000000000000000000000… is out of range (record 2, byte 18). Numbers must fit a float64.`},
		{"endless number", good + `{"n":0.` + strings.Repeat("1", 2000) + `}`, `contoso/users:2:6: the number 0.11111111111111111111111111111111111111… is out of range (record 2, byte 16). Numbers must fit a float64.`},
		{"leading zero", good + `{"n":01}`, `contoso/users:2:7: the JSON is not well-formed: invalid character '1' after object value (expecting ',' or '}') (record 2, byte 17)`},
		{"single quotes", good + `{'id':1}`, `contoso/users:2:2: the JSON is not well-formed: invalid character '\'' at start of string (expecting '"') (record 2, byte 12)`},
		{"comma at the end", good + `{"id":1,}`, `contoso/users:2:9: the JSON is not well-formed: invalid character '}' at start of string (expecting '"') (record 2, byte 19)`},
		{"commas between lines", "{},\n{}", `contoso/users:1:3: the JSON is not well-formed: invalid character ',' at start of value (record 2, byte 2)`},
		{"control character", good + "{\"id\":\"a\tb\"}", `contoso/users:2:9: the JSON is not well-formed: invalid character '\t' in string (expecting non-control character) (record 2, byte 19)`},
		{"too deep", good + strings.Repeat("[", 65) + strings.Repeat("]", 65), `contoso/users:2:65: the JSON is nested more than 64 levels deep (record 2, byte 75)`},
		{"far too deep", good + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000), `contoso/users:2:65: the JSON is nested more than 64 levels deep (record 2, byte 75)`},
		{"deeper than the decoder goes", good + strings.Repeat("[", 10_001) + strings.Repeat("]", 10_001), `contoso/users:2:10001: the JSON is nested more than 64 levels deep (record 2, byte 10011)`},
		{"deep objects without end", good + strings.Repeat(`{"a":`, 100_000), `contoso/users:2:50001: the JSON is nested more than 64 levels deep (record 2, byte 50011)`},
		{"deep first object", strings.Repeat(`{"a":`, 100_000), `contoso/users:1:50001: the JSON is nested more than 64 levels deep (byte 50000)`},
		{"deep beside a value", `{"a":` + strings.Repeat(`[`, 100_000), `contoso/users:1:10005: the JSON is nested more than 64 levels deep (byte 10004)`},
		{"long record", good + `{"id":"` + strings.Repeat("a", 65_536) + `"}`, `contoso/users:2:1: a record is longer than 64 KiB (record 2, byte 11). Records are held one at a time; one of this size is hardly evidence.`},
		{"very long record", good + `{"id":"` + strings.Repeat("a", 500_000) + `"}`, `contoso/users:2:1: a record is longer than 64 KiB (record 2, byte 11). Records are held one at a time; one of this size is hardly evidence.`},
		{"long first record", `{"id":"` + strings.Repeat("a", 500_000) + `"}`, `contoso/users:1:6: a record is longer than 64 KiB (byte 5). Records are held one at a time; one of this size is hardly evidence.`},
		{"long run of blanks", good + strings.Repeat(" ", 500_000) + "{}", `contoso/users:2:69632: a record is longer than 64 KiB (record 2, byte 69642). Records are held one at a time; one of this size is hardly evidence.`},
		{"data after an array", "[" + good + "] {}", `contoso/users:2:2: data follows the end of the JSON (byte 13). A file is one array, one object, or values one after another.`},
		{"bracket after an array", "[" + good + "]]", `contoso/users:2:2: the JSON is not well-formed: invalid character ']' at start of value (byte 13)`},
		{"data after a page", `{"value":[` + good + `]}` + good, `contoso/users:2:3: data follows the end of the JSON (byte 23). A file is one array, one object, or values one after another.`},
		{"page before the last", `{"@odata.context":"x","@odata.nextLink":"y","value":[` + good + `]}`, `contoso/users:1:22: pages are missing: "@odata.nextLink" leads to another one (byte 21). Follow the link until there is none, and put the elements of all pages into one file.`},
		{"page before the last, seen late", `{"@odata.context":"x","value":[` + good + `],"@odata.nextLink":"y"}`, `contoso/users:2:2: pages are missing: "@odata.nextLink" leads to another one (byte 43). Follow the link until there is none, and put the elements of all pages into one file.`},
		{"page without context before the last", `{"value":[` + good + `],"@odata.nextLink":"y"}`, `contoso/users:2:2: pages are missing: "@odata.nextLink" leads to another one (byte 22). Follow the link until there is none, and put the elements of all pages into one file.`},
		{"value twice", `{"@odata.context":"x","value":[` + good + `],"value":[]}`, `contoso/users:2:2: "value" occurs twice in one page (byte 43)`},
		{"too few records", good, `contoso/users: holds 1 record where the manifest says 2. The file or the manifest is incomplete: collect the dataset again.`},
		{"too many records", good + good + good, `contoso/users: holds 3 records where the manifest says 2. The file or the manifest is incomplete: collect the dataset again.`},
		{"UTF-16", "\xff\xfe{\x00}\x00", `contoso/users: the text is UTF-16. Save it as UTF-8; in PowerShell: Out-File -Encoding utf8.`},
		{"UTF-16, big-endian", "\xfe\xff\x00{\x00}", `contoso/users: the text is UTF-16. Save it as UTF-8; in PowerShell: Out-File -Encoding utf8.`},
		{"byte-order mark counts", "\ufeff{} x", `contoso/users:1:4: the JSON is not well-formed: invalid character 'x' at start of value (record 2, byte 6)`},
		{"damaged gzip", strings.TrimSuffix(gz(good), gz(good)[len(gz(good))-8:]) + "12345678", `contoso/users: the compressed data is damaged: gzip: invalid checksum (record 2)`},
		{"gzip cut off", gz(strings.Repeat(good, 30_000))[:500], `contoso/users: the compressed data is damaged: unexpected EOF (record 20641)`},
		{"no gzip after all", "\x1f\x8b{}", `contoso/users: the compressed data is damaged: unexpected EOF`},
		{"damaged zstd", zst(good)[:10], `contoso/users: the compressed data is damaged: unexpected EOF`},
		{"bad JSON in gzip", gz(good + "{]"), `contoso/users:2:2: the JSON is not well-formed: invalid character ']' at start of string (expecting '"') (record 2, byte 12)`},
		{"gzip bomb", gz(strings.Repeat(good, 300_000)), `contoso/users: unpacks to more than 100 times its size (record 95326). Evidence does not compress that well; this looks made to fill a disk.`},
		{"zstd bomb", zst(strings.Repeat(good, 300_000)), `contoso/users: unpacks to more than 100 times its size (record 95326). Evidence does not compress that well; this looks made to fill a disk.`},
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
