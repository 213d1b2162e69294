package report

import (
	"encoding/csv"
	"errors"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// TestFailures writes a record on a line, whatever its key and reasons hold.
func TestFailures(t *testing.T) {
	var text strings.Builder
	list := NewFailures(&text, "failing.ndjson")
	for _, failure := range []engine.Failure{
		{Control: "Many", Dataset: "entra.users", Key: "u-1", Reasons: []string{"no \"method\" & <none>\n", "田中"}},
		{Control: "Many", Dataset: "entra.users", Key: "\x1b[2J", Reasons: []string{}},
	} {
		must.Do(t, list.Add(failure))
	}
	must.Do(t, list.Flush())
	want := `{"control":"Many","dataset":"entra.users","key":"u-1","reasons":["no \"method\" & <none>\n","田中"]}
{"control":"Many","dataset":"entra.users","key":"\u001b[2J","reasons":[]}
`
	expect.Equal(t, want, text.String())
}

// TestFailuresCSV reads the same back from a file with that ending: no text is a formula, and none steers a terminal.
func TestFailuresCSV(t *testing.T) {
	var text strings.Builder
	list := NewFailures(&text, "a/Failing.CSV")
	for _, failure := range []engine.Failure{
		{Control: "Many", Dataset: "entra.users", Key: "u-1", Label: "ada@contoso.example", Reasons: []string{"no \"method\"", "two,\nlines"}},
		{Control: "=Many", Dataset: "@x", Key: "+1\x1b[2J", Label: "-cmd|' /C calc'!A0", Reasons: []string{"\t=1"}},
	} {
		must.Do(t, list.Add(failure))
	}
	must.Do(t, list.Flush())
	rows := must.Get(csv.NewReader(strings.NewReader(text.String())).ReadAll())(t)
	expect.Equal(t, [][]string{
		{"control", "dataset", "record", "key", "reasons"},
		{"Many", "entra.users", "ada@contoso.example", "u-1", "no \"method\"; two, lines"},
		{"'=Many", "'@x", "'-cmd|' /C calc'!A0", "'+1 [2J", "' =1"},
	}, rows)
}

// TestFailuresFullDisk tells of a disk that is full, while the list is written or at its end.
func TestFailuresFullDisk(t *testing.T) {
	for _, name := range []string{"failing.ndjson", "failing.csv"} {
		failuresFullDisk(t, name)
	}
}

func failuresFullDisk(t *testing.T, name string) {
	t.Helper()
	room := full(100_000)
	list := NewFailures(&room, name)
	var err error
	added := 0
	for ; err == nil && added < 10_000; added++ {
		err = list.Add(engine.Failure{Control: "Many", Dataset: "entra.users", Key: "u-1"})
	}
	if !errors.Is(err, errFull) || added == 10_000 {
		t.Errorf("%s after %d records: %v", name, added, err)
	}
	room = 10
	list = NewFailures(&room, name)
	must.Do(t, list.Add(engine.Failure{Control: "Many", Dataset: "entra.users", Key: "u-1"}))
	if err := list.Flush(); !errors.Is(err, errFull) {
		t.Errorf("%s at the end: %v", name, err)
	}
}
