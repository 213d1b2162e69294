package report

import (
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// TestCSVOfAssessment has a row for each action, in order of rank, each of as many fields as the head.
func TestCSVOfAssessment(t *testing.T) {
	page := pages(t)["ordinary"]
	rows := must.Get(csv.NewReader(strings.NewReader(rendered(t, page, "csv"))).ReadAll())(t)
	expect.Equal(t, len(page.Actions)+1, len(rows))
	expect.Equal(t, []string{"Rank", "Recommended action", "Score impact", "Points achieved"}, rows[0][:4])
	last := 0
	for _, row := range rows[1:] {
		rank := 0
		if row[0] != "" {
			must.Get(fmt.Sscan(row[0], &rank))(t)
		}
		if rank != 0 && rank < last {
			t.Errorf("rank %d after %d", rank, last)
		}
		last = rank
	}
}

// TestCSVHostile reads back what is written: one row, no formula, no character that steers a terminal, and a long title as it is.
func TestCSVHostile(t *testing.T) {
	texts := append(hostileTexts(), "=1+1", "+1", "-1", "@SUM(A1)", " =1", "'=1", "\u00a0=1", "＝1", "\t=1", `a","b`, "two\nlines", ";=1")
	for _, text := range texts {
		page := pages(t)["empty"]
		page.Actions = []engine.Action{action("ID", text, 0, 5, engine.NotMet)}
		out := rendered(t, page, "csv")
		rows := must.Get(csv.NewReader(strings.NewReader(out)).ReadAll())(t)
		if len(rows) != 2 || len(rows[1]) != len(rows[0]) {
			t.Fatalf("%.40q: %d rows", text, len(rows))
		}
		title := rows[1][1]
		if first := strings.TrimLeft(title, " \u00a0"); first != "" && strings.ContainsRune("=+-@＝", []rune(first)[0]) {
			t.Errorf("%.40q is written as %.40q", text, title)
		}
		if strings.ContainsAny(out, "\x00\x1b\u202e\u2066\r\t") {
			t.Errorf("%.40q: %.300q", text, out)
		}
		if want := clean(text); !strings.HasSuffix(title, strings.ToValidUTF8(want, "\ufffd")) && !strings.HasSuffix(title, want) {
			t.Errorf("%.40q is read as %.40q", text, title)
		}
	}
}
