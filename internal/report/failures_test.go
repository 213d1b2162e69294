package report

import (
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
	list := NewFailures(&text)
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

// TestFailuresFullDisk tells of a disk that is full, while the list is written or at its end.
func TestFailuresFullDisk(t *testing.T) {
	room := full(100_000)
	list := NewFailures(&room)
	var err error
	added := 0
	for ; err == nil && added < 10_000; added++ {
		err = list.Add(engine.Failure{Control: "Many", Dataset: "entra.users", Key: "u-1"})
	}
	if !errors.Is(err, errFull) || added == 10_000 {
		t.Errorf("after %d records: %v", added, err)
	}
	room = 10
	list = NewFailures(&room)
	must.Do(t, list.Add(engine.Failure{Control: "Many", Dataset: "entra.users", Key: "u-1"}))
	if err := list.Flush(); !errors.Is(err, errFull) {
		t.Errorf("at the end: %v", err)
	}
}
