package synthetic_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/bench/synthetic"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// TestForms holds that the bundle and the document say the same.
func TestForms(t *testing.T) {
	for _, distinct := range []bool{false, true} {
		compareForms(t, synthetic.Tenant{Users: 51, Distinct: distinct})
	}
}

func compareForms(t *testing.T, tenant synthetic.Tenant) {
	t.Helper()
	var text bytes.Buffer
	must.Do(t, tenant.WriteDocument(t.Context(), &text))
	var document struct {
		Bench map[string][]any `json:"bench"`
	}
	must.Do(t, json.Unmarshal(text.Bytes(), &document))
	bundle := bundled(t, tenant)
	for _, dataset := range bundle.Manifest().Datasets {
		var records []any
		for record, err := range bundle.Records(t.Context(), dataset.Name) {
			must.Do(t, err)
			var value any
			must.Do(t, json.Unmarshal(record.JSON, &value))
			records = append(records, value)
		}
		name := strings.TrimPrefix(dataset.Name, "bench.")
		if diff := cmp.Diff(document.Bench[name], records); diff != "" {
			t.Errorf("%s in the document and in the bundle:\n%s", dataset.Name, diff)
		}
		delete(document.Bench, name)
	}
	if len(document.Bench) > 0 {
		t.Errorf("only the document has %v", document.Bench)
	}
}

// TestSizes holds the counts.
func TestSizes(t *testing.T) {
	bundle := bundled(t, synthetic.Tenant{Users: 51})
	got := map[string]int64{}
	for _, dataset := range bundle.Manifest().Datasets {
		got[dataset.Name] = dataset.Records
	}
	for _, dataset := range bundled(t, synthetic.Tenant{Users: 51, Distinct: true}).Manifest().Datasets {
		got[dataset.Name] = dataset.Records
	}
	want := map[string]int64{
		synthetic.Users: 51, synthetic.Devices: 25, synthetic.Policies: 300, synthetic.Settings: 35,
		synthetic.People: 51, synthetic.Hosts: 25, synthetic.Sessions: 51,
	}
	expect.Equalf(t, want, got, "records")
}

// TestSame holds that the same tenant is the same bytes, and that a larger one begins with them.
func TestSame(t *testing.T) {
	read := func(users int) map[string]string {
		files := map[string]string{}
		for _, distinct := range []bool{false, true} {
			dir := t.TempDir()
			must.Do(t, (synthetic.Tenant{Users: users, Distinct: distinct}).WriteBundle(t.Context(), dir))
			for _, path := range must.Get(filepath.Glob(filepath.Join(dir, "*.ndjson")))(t) {
				text := must.Get(os.ReadFile(path))(t)
				files[filepath.Base(path)] = string(text)
			}
		}
		if len(files) != 7 {
			t.Errorf("%d files, want 7", len(files))
		}
		return files
	}
	small := read(20)
	if diff := cmp.Diff(small, read(20)); diff != "" {
		t.Errorf("two runs differ:\n%s", diff)
	}
	for name, text := range read(40) {
		if !strings.HasPrefix(text, small[name]) {
			t.Errorf("%s of a larger tenant begins otherwise", name)
		}
	}
}

// TestDensity holds the size of records: that of the evidence which the budgets were set with, 79
// MB for 100,000 users.
func TestDensity(t *testing.T) {
	count := func(users int) int {
		var text bytes.Buffer
		must.Do(t, (synthetic.Tenant{Users: users}).WriteDocument(t.Context(), &text))
		return text.Len()
	}
	if perUser := (count(3000) - count(1000)) / 2000; perUser < 760 || perUser > 820 {
		t.Errorf("a user and half a device take %d bytes, want about 790", perUser)
	}
}

// TestCancelled holds that no half of a bundle is left behind.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := t.TempDir()
	if err := (synthetic.Tenant{Users: 10}).WriteBundle(ctx, dir); !errors.Is(err, context.Canceled) {
		t.Errorf("WriteBundle: %v", err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
	if err := (synthetic.Tenant{Users: 10}).WriteDocument(ctx, &bytes.Buffer{}); !errors.Is(err, context.Canceled) {
		t.Errorf("WriteDocument: %v", err)
	}
}

func bundled(t *testing.T, tenant synthetic.Tenant) *evidence.Bundle {
	t.Helper()
	dir := t.TempDir()
	must.Do(t, tenant.WriteBundle(t.Context(), dir))
	bundle := must.Get(evidence.Open(t.Context(), dir, evidence.DefaultLimits()))(t)
	t.Cleanup(func() { _ = bundle.Close() })
	return bundle
}
