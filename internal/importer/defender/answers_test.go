package defender_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer/defender"
	"github.com/posture-score/posture/schemas"
)

const (
	row     = `{"deviceId":"d1","configurationId":"scid-25","isCompliant":true,"isApplicable":true,"timestamp":"2026-09-30 09:47:58.8540000"}`
	written = `{"configurationId":"scid-25","deviceId":"d1","isApplicable":true,"isCompliant":true,"timestamp":"2026-09-30T09:47:58.854Z"}`
	hunted  = `{"DeviceId":"d1","ConfigurationId":"scid-25","IsCompliant":1,"IsApplicable":true,"Timestamp":"2026-09-30T09:47:58.854Z"}`
)

func TestAnswers(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		want  string // the records, or "failed: " and the reason
	}{
		{"records one after another", map[string]string{"a.json": row + "\n" + row + "\n"}, written + "\n" + written},
		{"a list", map[string]string{"a.json": "[" + row + "]"}, written},
		{"several files", map[string]string{"part-1.json": row, "part-0.json": row}, written + "\n" + written},
		{"advanced hunting by Defender", map[string]string{"a.json": `{"Stats":{},"Schema":[{"Name":"DeviceId","Type":"String"}],"Results":[` + hunted + `]}`}, written},
		{"advanced hunting by Graph", map[string]string{"a.json": `{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#microsoft.graph.security.huntingQueryResults","schema":[],"results":[` + hunted + `]}`}, written},
		{"an empty file beside it", map[string]string{"a.json": "", "b.json": row, "c.json": `{"schema":[],"results":[]}`}, written},
		{"an answer about something else beside it", map[string]string{"a.json": row, "b.json": `{"Schema":[],"Results":[{"DeviceName":"x"}]}`}, written},
		{"a file that ends too early", map[string]string{"a.json": row, "b.json": row + `{"deviceId":`}, "failed: b.json: the file cannot be read: the JSON ends too early: the file was cut off"},
		{"records of several kinds", map[string]string{"a.json": row + `{"deviceId":"d2"}`}, "failed: a.json: 1 of 2 records name no device and no setting"},
		{"a bare value", map[string]string{"a.json": row + "7"}, "failed: a.json: a bare value stands where a record should"},
		{"a page that names a next one", map[string]string{"a.json": `{"schema":[],"results":[` + hunted + `],"@odata.nextLink":"x"}`}, `failed: a.json lacks a page: it names a next one ("@odata.nextLink")`},
		{
			"as many rows as an answer has at most",
			map[string]string{"a.json": `{"schema":[],"results":[` + strings.Repeat(hunted+",", 9_999) + hunted + `]}`},
			"failed: a.json has 10000 rows, as an answer of advanced hunting has at most: ask for the settings in parts, or use the export API",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, contents(t, read(t, test.files))); diff != "" {
				t.Errorf("dataset (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnswersSkipped(t *testing.T) {
	answers := read(t, map[string]string{"b.json": `{"Schema":[],"Results":[{"DeviceName":"x"}]}`})
	want := []defender.Skipped{{Path: "b.json", Reason: "it is an answer of advanced hunting, but not of the table DeviceTvmSecureConfigurationAssessment"}}
	if diff := cmp.Diff(want, answers.Skipped()); diff != "" || len(answers.Datasets()) > 0 {
		t.Errorf("skipped (-want +got), and makes %v:\n%s", answers.Datasets(), diff)
	}
}

func TestRecognised(t *testing.T) {
	tests := []struct {
		names       string
		row, answer bool
	}{
		{"deviceId configurationId isCompliant", true, false},
		{"DeviceId DeviceName ConfigurationId IsApplicable", true, false},
		{"deviceId isCompliant", false, false},
		{"deviceId configurationId", false, false},
		{"Stats Schema Results", false, true},
		{"results", false, false},
	}
	for _, test := range tests {
		names := strings.Fields(test.names)
		if row, answer := defender.IsRow(names), defender.IsAnswer(names); row != test.row || answer != test.answer {
			t.Errorf("%s: row %t, answer %t", test.names, row, answer)
		}
	}
}

func read(t *testing.T, files map[string]string) *defender.Answers {
	t.Helper()
	folder := fstest.MapFS{}
	for name, text := range files {
		folder[name] = &fstest.MapFile{Data: []byte(text)}
	}
	registry, err := schemas.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	answers, err := defender.Read(t.Context(), folder, slices.Sorted(maps.Keys(files)), registry, evidence.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return answers
}

// contents writes a bundle and gives the records of the dataset, or why it failed.
func contents(t *testing.T, answers *defender.Answers) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "bundle")
	w, err := evidence.Create(dir, evidence.Manifest{Tenant: evidence.Tenant{ID: "t"}, CollectedAt: time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(answers.Write(t.Context(), w), w.Close()); err != nil {
		t.Fatal(err)
	}
	bundle, err := evidence.Open(t.Context(), dir, evidence.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = bundle.Close() }()
	dataset, ok := bundle.Dataset(defender.Dataset)
	switch {
	case !ok:
		return fmt.Sprint(bundle.Manifest().Datasets)
	case dataset.Status == evidence.Failed:
		return "failed: " + dataset.Reason
	}
	var records [][]byte
	for record, err := range bundle.Records(t.Context(), defender.Dataset) {
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, bytes.Clone(record.JSON))
	}
	return string(bytes.Join(records, []byte("\n")))
}
