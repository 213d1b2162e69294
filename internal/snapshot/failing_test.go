package snapshot

import (
	"fmt"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// TestFailing keeps the first records of every action, each once, and no more than there is room for.
func TestFailing(t *testing.T) {
	t.Parallel()
	f := newFailing()
	for i := range maxFailing + 10 {
		for _, control := range []string{"A", "B"} {
			must.Do(t, f.add(engine.Failure{Control: control, Dataset: "users", Key: fmt.Sprint(i), Label: "user"}))
		}
	}
	must.Do(t, f.add(engine.Failure{Control: "C", Dataset: "devices", Key: "1"}))
	f.close()
	expect.Equal(t, maxFailing+1, len(f.records))
	shown := []engine.Record{{Key: "x"}}
	get := f.of(&engine.Assessment{Actions: []engine.Action{{ID: "A", Failing: &engine.Failing{Total: 1, Shown: shown}}, {ID: "D", Failing: &engine.Failing{Total: 9, Shown: shown}}}})
	for name, test := range map[string]struct {
		action      string
		from, limit int
		want        []engine.Record
		known       int64
	}{
		"a page":           {"A", 9998, 100, []engine.Record{{Key: "9998", Label: "user"}, {Key: "9999", Label: "user"}}, maxFailing},
		"another dataset":  {"C", 0, 100, []engine.Record{{Key: "1"}}, 1},
		"beyond":           {"B", 20_000, 100, []engine.Record{}, maxFailing},
		"before the first": {"B", -1, 1, []engine.Record{{Key: "0", Label: "user"}}, maxFailing},
		"none":             {"B", 0, -1, []engine.Record{}, maxFailing},
		"named alone":      {"D", 0, 10, shown, 1},
		"unknown":          {"E", 0, 10, []engine.Record{}, 0},
	} {
		got, known, err := get(t.Context(), test.action, test.from, test.limit)
		must.Do(t, err)
		expect.Equalf(t, test.want, got, "%s", name)
		expect.Equalf(t, test.known, known, "%s", name)
	}

	f = newFailing()
	f.most = 1000
	for i := range 100 {
		must.Do(t, f.add(engine.Failure{Control: "A", Dataset: "users", Key: fmt.Sprint(i)}))
	}
	if n := len(f.records); n < 15 || n > 20 {
		t.Errorf("%d records in 1000 bytes", n)
	}
}
