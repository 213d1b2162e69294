package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/decisions"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/plan"
)

// people is a table with an id, texts that take other columns than they have letters, and numbers.
func people() *grid {
	t := &grid{columns: []gridColumn{
		{head: "ID", id: true},
		{head: "NAME", least: leastText},
		{head: "POINTS", right: true},
		{head: "STATE", drop: 2},
		{head: "NOTE", drop: 1, least: leastText},
	}}
	t.add("MDA_GitHub_PrivateRepositoryForkingSettingOfAll", "田中さんの管理者アカウントを保護するための多要素認証", "12.25", "not met", "e\u0301te\u0301")
	t.add("short", "Zoe\u0308 Mu\u0308ller, who has a name that goes on and on and on", "+8", "complete", strings.Repeat("long ", 20))
	return t
}

func drawn(style Style, t *grid) string {
	var text strings.Builder
	_ = write(&text, style, func(p *printer) { p.grid(t) }) // a builder takes all
	return text.String()
}

// TestGrid draws a table on terminals of several widths, where its columns stand below each other, and in a pipe, where it is complete.
func TestGrid(t *testing.T) {
	t.Parallel()
	if text := drawn(Style{Width: 60}, people()); !strings.Contains(text, "Left out: STATE, NOTE, middle of long names. --wide shows\nall.") {
		t.Errorf("it is not said what is left out, and how to see it:\n%s", text)
	}
	for _, width := range []int{60, 80, 120} {
		for _, ascii := range []bool{false, true} {
			lines := strings.Split(drawn(Style{Width: width, ASCII: ascii}, people()), "\n")
			at := strings.Index(lines[0], "POINTS") + len("POINTS") // numbers end where their head ends
			for _, line := range lines[:3] {
				if columns(line) > width {
					t.Errorf("%d columns: %s takes %d", width, line, columns(line))
				}
				if head := beginning(line, at); columns(head) != at || !strings.ContainsAny(head[len(head)-1:], "S58") {
					t.Errorf("%d columns: the numbers do not end at column %d: %s", width, at, line)
				}
			}
			if ascii && strings.Contains(strings.Join(lines, ""), "…") {
				t.Errorf("%d columns: an ellipsis in ASCII: %v", width, lines)
			}
		}
	}
	for name, style := range map[string]Style{"a pipe": {}, "--wide": {Width: 60, Wide: true}} {
		text := drawn(style, people())
		for _, row := range people().rows {
			for _, cell := range row.cells {
				if !strings.Contains(text, strings.TrimSpace(cell)) {
					t.Errorf("%s: %q is not whole", name, cell)
				}
			}
		}
		expect.Equal(t, 3, strings.Count(text, "\n"))
	}
}

// TestGridWraps has a last column that goes on below itself on a terminal, and not in a pipe.
func TestGridWraps(t *testing.T) {
	t.Parallel()
	table := func() *grid {
		t := &grid{indent: "  ", columns: []gridColumn{{head: "ID", id: true}, {head: "WHAT", least: leastText, wraps: true}}}
		t.add("a", strings.Repeat("word ", 15)+"end")
		t.below("- a line about it")
		t.rows = append(t.rows, gridRow{title: "Others"})
		t.add("b", "short")
		return t
	}
	expect.Equal(t, "  ID  WHAT\n"+
		"  a   word word word word word word word word word word word\n"+
		"      word word word word end\n"+
		"      - a line about it\n\nOthers\n  b   short\n", drawn(Style{Width: 60}, table()))
	expect.Equal(t, "  ID  WHAT\n"+
		"  a   word word word word word word word word word word word word word word word end\n"+
		"      - a line about it\n\nOthers\n  b   short\n", drawn(Style{}, table()))
}

func TestShorten(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text   string
		most   int
		middle bool
		ascii  bool
		want   string
	}{
		{"abcdefgh", 8, true, false, "abcdefgh"},
		{"abcdefgh", 5, false, false, "abcd…"},
		{"abcdefgh", 5, true, false, "ab…gh"},
		{"abcdefgh", 6, true, false, "abc…gh"},
		{"abcdefgh", 6, false, true, "abc..."},
		{"abcdefgh", 7, true, true, "ab...gh"},
		{"田中田中", 6, true, false, "田…中"},
		{"abcdee\u0301", 3, true, false, "a…e\u0301"},
		{"abcdefgh", 1, true, false, "…"},
	} {
		got := Style{ASCII: test.ascii}.shorten(test.text, test.most, test.middle)
		expect.Equalf(t, test.want, got, "%q in %d", test.text, test.most)
	}
}

// TestTablesFit draws the pages that have tables on terminals of three widths, with names of all sorts in them.
func TestTablesFit(t *testing.T) {
	pages := map[string]Page{}
	for _, name := range []string{"ordinary", "hostile", "house"} {
		a := assessment(t, name)
		pages["assess "+name] = Assessment{Assessment: a}
		pages["assess all "+name] = Assessment{Assessment: a, Screen: Screen{All: true}}
		pages["actions "+name] = listed(a, "rank", "")
		pages["actions by status "+name] = listed(a, "rank", "status")
		pages["actions columns "+name] = listed(a, "rank", "", ActionColumns()...)
		todo := listed(a, "rank", "")
		todo.ToDo = true
		pages["actions to do "+name] = todo
		pages["owners "+name] = Owners{Assessment: a, Now: a.EvaluatedAt, Owners: decisions.ByOwner(decisions.List(a, nil, a.EvaluatedAt))}
		if found, err := plan.Cheapest(a, 60_00, plan.Options{}); err == nil {
			pages["plan "+name] = Plan{Assessment: a, Plan: found}
		}
	}
	catalog := loadCatalog(t)
	pages["policy list"] = Controls{Controls: catalog.Controls()}
	pages["schema list"] = Datasets{Registry: catalog.Datasets()}
	users, _ := catalog.Datasets().Dataset("entra.users")
	pages["schema show"] = Dataset{Dataset: users}
	for name, page := range pages {
		for _, width := range []int{60, 80, 120} {
			for _, ascii := range []bool{false, true} {
				var text strings.Builder
				must.Do(t, Write(&text, page, "table", Style{Width: width, ASCII: ascii}))
				for line := range strings.Lines(text.String()) {
					if line = strings.TrimSuffix(line, "\n"); columns(line) > width && !strings.Contains(line, "https://") {
						t.Errorf("%s at %d takes %d columns: %s", name, width, columns(line), line)
					}
				}
				if ascii && strings.ContainsAny(text.String(), "…→←−÷×█░·") {
					t.Errorf("%s at %d is not ASCII", name, width)
				}
			}
		}
	}
	if !slices.Contains(Formats(Controls{}), "csv") {
		t.Error("controls have no CSV")
	}
}

// TestScreen holds what assess prints to one screen.
func TestScreen(t *testing.T) {
	for name, style := range map[string]Style{"screen": {Width: 100}, "screen-60": {Width: 60}, "screen-ascii": {Width: 80, ASCII: true}} {
		text := golden(t, name, "table", style, Assessment{Assessment: ordinary(t)})
		if lines := strings.Count(text, "\n"); lines > 40 {
			t.Errorf("%s has %d lines", name, lines)
		}
	}
	golden(t, "screen-quiet", "table", Style{}, Assessment{Assessment: ordinary(t), Screen: Screen{Quiet: true}})
}
