package evidence_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/records"
)

// list is a visitor that keeps records.
type list struct{ kept []string }

func (l *list) Begin(int64) { l.kept = nil }

func (l *list) Record(v *records.View) error {
	l.kept = append(l.kept, string(v.JSON()))
	return nil
}

func (l *list) End() []string { return l.kept }

// scan reads entra.users with the parallel scanner.
func scan(t testing.TB, b *evidence.Bundle, workers int) (got []string, err error) {
	t.Helper()
	err = records.Scan(t.Context(), b.Source("entra.users"), records.Options{Workers: workers, BlockSize: 300}, func() records.Visitor[[]string] { return &list{} },
		func(part []string, _, _ int64) error {
			got = append(got, part...)
			return nil
		})
	return got, err
}

// sameAsRecords compares the parallel scanner with Records on ./contoso. What both do with text is
// tested in internal/records.
func sameAsRecords(t *testing.T, limits evidence.Limits) {
	t.Helper()
	b := must.Get(evidence.Open(t.Context(), "contoso", limits))(t)
	defer closeBundle(t, b)
	want, wantErr := read1(t, b)
	for _, workers := range []int{1, 4} {
		got, err := scan(t, b, workers)
		if diff := cmp.Diff(text(wantErr), text(err)); diff != "" {
			t.Fatalf("%d workers (-records +scan):\n%s", workers, diff)
		}
		if diff := cmp.Diff(want, got); err == nil && diff != "" {
			t.Fatalf("%d workers (-records +scan):\n%s", workers, diff)
		}
	}
}

// users are n records.
func users(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"id":"%08x","name":"Ada"}`+"\n", i*7919)
	}
	return b.String()
}

func TestScanFiles(t *testing.T) {
	array := "[" + strings.ReplaceAll(strings.TrimSpace(users(77)), "\n", ",") + "]"
	for name, content := range map[string]string{
		"gzip":                     gz(users(77)),
		"gzip of an array":         gz(array),
		"zstd":                     zst(users(77)),
		"byte-order mark":          "\ufeff" + users(77),
		"array after the mark":     "\ufeff" + array,
		"two marks":                "\ufeff\ufeff" + users(77),
		"gzip that is cut off":     gz(users(77))[:40],
		"gzip that is damaged":     strings.Replace(gz(users(77)), "\x00\x00", "\x01\x00", 3),
		"gzip with more behind it": gz(users(77)) + "x",
		"zstd that is cut off":     zst(users(77))[:30],
		"zstd with more behind it": zst(users(77)) + "xyz",
		"gzip bomb":                gz(strings.Repeat("{}\n", 400_000)),
		"zstd bomb":                zst(strings.Repeat("{}\n", 400_000)),
		"too large when unpacked":  gz(users(60_000)),
		"UTF-16":                   "\xff\xfe{\x00}\x00",
		"wrong count":              users(76),
	} {
		t.Run(name, func(t *testing.T) {
			folder(t, single(content, 77))
			sameAsRecords(t, evidence.Limits{FileBytes: 2 << 20, Ratio: 100})
		})
	}
}

func TestScanArchives(t *testing.T) {
	files := single(users(100), 100)
	for name, archive := range map[string]string{
		"zip": zipOf(members(files, "")), "tar": tarOf(members(files, "")), "tar.gz": gz(tarOf(members(files, ""))), "tar.zst": zst(tarOf(members(files, "a/"))),
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			leavesNothing(t)
			must.Do(t, os.WriteFile("contoso", []byte(archive), 0o600))
			sameAsRecords(t, evidence.Limits{})
		})
	}
}

func TestScanAbsent(t *testing.T) {
	folder(t, map[string]string{"manifest.json": manifest(map[string]any{"name": "entra.users", "status": "failed", "reason": "403"})})
	sameAsRecords(t, evidence.Limits{})
	folder(t, single("{}", 1))
	b, err := evidence.Open(t.Context(), "contoso", evidence.Limits{})
	must.Do(t, err)
	err = records.Each(t.Context(), b.Source("entra.groups"), func(records.Record) bool { return true })
	closeBundle(t, b)
	_, closed := scan(t, b, 1)
	want := "contoso: there is no dataset \"entra.groups\"\ncontoso/users: the bundle has been closed"
	expect.Equal(t, want, text(errors.Join(err, closed)))
}

func BenchmarkScan(b *testing.B) {
	const n = 200_000
	for name, content := range map[string]string{"lines": users(n), "gzip": gz(users(n))} {
		b.Run(name, func(b *testing.B) {
			folder(b, single(content, n))
			bundle, err := evidence.Open(b.Context(), "contoso", evidence.Limits{})
			if err != nil {
				b.Fatal(err)
			}
			defer closeBundle(b, bundle)
			b.SetBytes(int64(len(users(n))))
			for b.Loop() {
				err := records.Scan(b.Context(), bundle.Source("entra.users"), records.Options{}, func() records.Visitor[int] { return counter{} }, func(int, int64, int64) error { return nil })
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// counter is the least that a visitor can be.
type counter struct{}

func (counter) Begin(int64)                {}
func (counter) Record(*records.View) error { return nil }
func (counter) End() int                   { return 0 }
