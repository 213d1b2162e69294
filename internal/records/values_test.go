package records_test

import (
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/records"
)

// TestTooManyValues reads a record that is short enough, and holds too much: in every way that records are read.
func TestTooManyValues(t *testing.T) {
	limits := records.Limits{RecordBytes: 8 << 10, Depth: 20, Values: 100}
	const said = "a record has more than 100 values"
	for record, ok := range map[string]bool{
		`{"a":[` + strings.Repeat("{},", 97) + `{}]}`:               true,  // with the record and the list
		`{"a":[` + strings.Repeat("{},", 98) + `{}]}`:               false, // one more
		`{"a":[` + strings.Repeat(`[ ],`, 99) + `{ }]}`:             false,
		`{"a":[` + strings.Repeat(`{"b":1},`, 50) + `1]}`:           false, // objects, and what is in them
		`{"a":"` + strings.Repeat(`,[{\"`, 500) + `"}`:              true,
		`{"a":[` + strings.Repeat(`"a long text", `, 90) + `"b" ]}`: true,
	} {
		src := source(strings.Repeat(goodRecord+"\n", 20)+record+"\n"+strings.Repeat(goodRecord+"\n", 20), 41).within(limits)
		_, err := each(t.Context(), src)
		if (err == nil) != ok || err != nil && !strings.Contains(err.Error(), said) {
			t.Errorf("%.40s: %v", record, err)
		}
		sameAsEach(t, src, 64, 1000, 0)
		if _, err := records.Decode([]byte(record), limits); (err == nil) != ok {
			t.Errorf("%.40s decoded: %v", record, err)
		}
	}
}

// TestManyValues holds the limits that stand for zero: a text that may be longer may have more values.
func TestManyValues(t *testing.T) {
	text := []byte("[" + strings.Repeat("{},", 600_000) + "{}]")
	if _, err := records.Decode(text, records.Limits{}); err == nil || !strings.Contains(err.Error(), "the JSON has more than 524288 values") {
		t.Errorf("decoded within the default: %v", err)
	}
	if _, err := records.Decode(text, records.Limits{RecordBytes: 32 << 20}); err != nil {
		t.Errorf("decoded within more: %v", err)
	}
}
