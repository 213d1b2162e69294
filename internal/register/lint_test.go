package register

import (
	"fmt"
	"testing"
	"time"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// known is what a test knows of the actions A to D; "unmet" is the key of no record.
func known() Facts {
	return Facts{Now: time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC), Of: func(id string) Fact {
		switch id {
		case "A":
			return Fact{Unmet: func(key string) bool { return key == "unmet" }}
		case "B":
			return Fact{Exceptions: true}
		case "C":
			return Fact{Retired: "D replaced it"}
		case "D":
			return Fact{Uncounted: true}
		}
		return Fact{Absent: true, Unknown: " Did you mean A?"}
	}}
}

func TestLint(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{"nothing", "", nil},
		{"planned", `due = "2026-10-01"` + "\n" + `status = "planned"`, nil},
		{"accepted", `status = "risk_accepted"` + "\n" + `reason = "r"` + "\n" + `expires = "2026-10-02"`, nil},
		{"to address, with an owner", `owner = "ada"`, nil},
		{"planned for no day", `status = "planned"`, []string{"2:1 warning No due date"}},
		{"overdue", `status = "planned"` + "\n" + `due = "2026-09-30"`, []string{"3:1 warning Overdue"}},
		{"expired and overdue", `status = "planned"` + "\n" + `due = "2026-09-20"` + "\n" + `expires = "2026-09-30"`, []string{"4:1 warning Expired"}},
		{"void before it is due", `status = "planned"` + "\n" + `due = "2026-12-31"` + "\n" + `expires = "2026-12-31"`, []string{"3:1 error Ends before it is due"}},
		{"for ever", `status = "third_party"` + "\n" + `reason = "r"` + "\n" + `due = "2026-12-31"`, []string{"2:1 warning No end", "4:1 warning Nothing is due"}},
		{"no decision", `reason = "r"` + "\n" + `approved_by = "c"` + "\n" + `due = "2026-12-31"`, []string{"2:1 warning No decision", "3:1 warning No decision", "4:1 warning Nothing is due"}},
		{"changed in the future", `owner = "a"` + "\n" + `changed_at = "2026-10-03"`, []string{"3:1 warning Changed in the future"}},
		{"exclusions", "exclude \"k\" {\nreason = \"r\"\nexpires = \"2027-01-01\"\n}", nil},
		{"an exclusion for ever", "exclude \"k\" {\nreason = \"r\"\n}", []string{"2:9 warning No end"}},
		{"an exclusion that ended", "exclude \"unmet\" {\nreason = \"r\"\nexpires = \"2026-10-01\"\n}", []string{"4:1 warning Expired"}},
		{"an exclusion of nobody", "exclude \"unmet\" {\nreason = \"r\"\n}", []string{"2:9 warning Unknown record"}},
		{
			"one record twice", "exclude \"k\" {\nreason = \"r\"\nexpires = \"2027-01-01\"\n}\nexclude \"K\" {\nreason = \"r\"\nexpires = \"2027-01-01\"\n}",
			[]string{"6:9 error Duplicate exclusion"},
		},
	} {
		t.Run(test.name, func(t *testing.T) { expect.Equal(t, test.want, linted(t, "action \"A\" {\n"+test.text+"\n}\n")) })
	}
	text := "action \"B\" {\n  status = \"planned\"\n  due = \"2026-12-31\"\n}\naction \"C\" {\n  status = \"planned\"\n}\naction \"D\" {\n  exclude \"k\" {\n    reason = \"r\"\n  }\n}\naction \"E\" {\n  status = \"planned\"\n}\n"
	expect.Equalf(t, []string{"2:3 error No status by hand", "5:8 warning Retired action", "9:11 error Nothing to exclude", "13:8 error Unknown action"}, linted(t, text), "actions of several sorts")
}

// linted returns the problems of a text: place, severity and summary of each.
func linted(t *testing.T, text string) []string {
	t.Helper()
	var got []string
	for _, p := range must.Get(Lint("r.hcl", []byte(text), known()))(t).List() {
		got = append(got, fmt.Sprintf("%d:%d %s %s", p.Line, p.Column, p.Severity, p.Summary))
	}
	return got
}

// What can't be read is a problem, as what means nothing is.
func TestLintFile(t *testing.T) {
	problems := must.Get(LintFile(place(t, "action \"A\" {\n  status = \"planed\"\n}\n"), known()))(t)
	if !problems.Broken() {
		t.Errorf("a misspelt status: %v", problems)
	}
	if _, err := LintFile(t.TempDir(), known()); err == nil {
		t.Error("a folder was checked")
	}
}

// Whatever Read takes can be checked.
func FuzzLint(f *testing.F) {
	f.Add([]byte("action \"A\" {\n  status = \"planned\"\n  exclude \"k\" {\n    reason = \"r\"\n  }\n}\n"))
	f.Add([]byte("# nothing\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if _, err := Read(Name, text); err != nil {
			t.Skip()
		}
		for _, p := range must.Get(Lint(Name, text, known()))(t).List() {
			if p.Line < 1 || p.Detail == "" {
				t.Errorf("a problem without a place or an advice: %+v", p)
			}
		}
	})
}
