package register

import (
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

func TestChanges(t *testing.T) {
	const planned = "action \"A\" {\n  status = \"planned\"\n  owner = \"ada\"\n  due = \"2026-12-31\"\n}\n"
	for _, test := range []struct {
		name, before, after string
		want                []string
		line                int
	}{
		{"the same", planned, "# a comment\n" + planned, nil, 0},
		{"a first decision", "", planned, []string{"to address -> planned, owner ada, due 2026-12-31"}, 1},
		{"none any more", planned, "", []string{"planned -> to address, no owner, no due date"}, 0},
		{
			"another status", planned, "\n\naction \"A\" {\n  status = \"risk_accepted\"\n  reason = \"r\"\n  owner = \"bob\"\n  expires = \"2027-01-31T12:00:00Z\"\n  approved_by = \"c\"\n  ticket = \"T\"\n}\n",
			[]string{"planned -> risk accepted, owner ada -> bob, no due date, expires 2027-01-31T12:00:00Z, approved by c, ticket T, a reason"},
			3,
		},
		{
			"tags and notes", "action \"A\" {\n  tags = [\"q1\", \"q2\"]\n}\n",
			"action \"A\" {\n  tags = [\"q2\", \"q3\"]\n  note {\n    time = \"2026-01-01\"\n    author = \"a\"\n    text = \"x\"\n  }\n}\n",
			[]string{"tagged q3, no longer tagged q1, noted"},
			1,
		},
		{
			"exclusions", "action \"A\" {\n  exclude \"k1\" {\n    reason = \"r\"\n  }\n  exclude \"k2\" {\n    reason = \"r\"\n  }\n}\n",
			"action \"A\" {\n  exclude \"k2\" {\n    reason = \"r\"\n    expires = \"2026-01-01\"\n  }\n  exclude \"k3\" {\n    reason = \"r\"\n  }\n}\n",
			[]string{"excludes k3, still excludes k2 until 2026-01-01, no longer excludes k1"},
			1,
		},
		{
			"many tags", "action \"A\" {\n  status = \"planned\"\n}\n", "action \"A\" {\n  status = \"planned\"\n  tags = [\"1\", \"2\", \"3\", \"4\", \"5\", \"6\", \"7\"]\n}\n",
			[]string{"tagged 1, 2, 3, 4, 5, 2 more"},
			1,
		},
		{
			"who alone", "action \"A\" {\n  status = \"planned\"\n  changed_by = \"a\"\n}\n", "action \"A\" {\n  status = \"planned\"\n}\n",
			[]string{"written differently"},
			1,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			changes := must.Get(Changes([]byte(test.before), []byte(test.after)))(t)
			var got []string
			for _, c := range changes {
				got = append(got, c.String())
				expect.Equalf(t, test.line, c.Line, "line of %s", c.ID)
			}
			expect.Equal(t, test.want, got)
		})
	}
	if _, err := Changes([]byte("action"), nil); err == nil {
		t.Error("no register has changes")
	}
}
