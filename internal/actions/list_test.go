package actions_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/posture-score/posture/internal/actions"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// marks are what a history says of the actions of some.
func marks() actions.Marks {
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	return actions.Marks{"Admins": {Lost: 1_50, Since: at}, "Ciphers": {Added: at}, "Devices": {Lost: 3_00, Since: at}, "Backups": {Updated: at}}
}

func TestList(t *testing.T) {
	for name, test := range map[string]struct {
		query, want string
		problems    []string
	}{
		"nothing asked":                 {query: "", want: "Ciphers Admins Backups Devices Entries"},
		"empty values":                  {query: "status=&q=&group=&sort=&columns=", want: "Ciphers Admins Backups Devices Entries"},
		"a parameter of someone else":   {query: "failing=2", want: "Ciphers Admins Backups Devices Entries"},
		"text and a filter":             {query: "q=I&status=risk_accepted", want: "Entries"},
		"words, wherever they are":      {query: "q=CIPHERS+device", want: "Ciphers"},
		"what a product is called":      {query: "q=cloud+name", want: "Backups"},
		"words of which one is nowhere": {query: "q=ciphers+identity", want: ""},
		"a direction that is none":      {query: "sort=id&dir=up", want: "Admins Backups Ciphers Devices Entries", problems: []string{"dir"}},
		"a filter of two values":        {query: "product=purview&product=intune", want: "Backups Devices"},
		"by rank, the last first":       {query: "sort=rank&dir=desc", want: "Admins Ciphers Backups Devices Entries"},
		"by impact":                     {query: "sort=impact&dir=desc", want: "Ciphers Entries Admins Backups Devices"},
		"by points":                     {query: "sort=points", want: "Ciphers Devices Entries Admins Backups"},
		"by title":                      {query: "sort=title", want: "Entries Devices Admins Ciphers Backups"},
		"by status, the last first":     {query: "sort=status&dir=desc", want: "Backups Entries Admins Ciphers Devices"},
		"by tags, those without last":   {query: "sort=tag&dir=desc", want: "Admins Ciphers Backups Devices Entries"},
		"by what was lost":              {query: "sort=regressed&dir=desc", want: "Devices Admins Ciphers Backups Entries"},
		"regressed":                     {query: "regressed=yes", want: "Admins Devices"},
		"not regressed":                 {query: "regressed=no", want: "Ciphers Backups Entries"},
		"to review as regressed":        {query: "review=regressed", want: "Admins"},
		"to review as to be addressed":  {query: "review=to_address", want: "Ciphers"},
		"to review for one of two":      {query: "review=recently_added&review=recently_updated", want: "Ciphers Backups"},
		"to review as completed":        {query: "review=completed", want: "Backups"},
		"a status that is none":         {query: "status=done", want: "Ciphers Admins Backups Devices Entries", problems: []string{"status"}},
		"a status and one that is none": {query: "status=done&status=planned", want: "Admins", problems: []string{"status"}},
		"a tag that nobody has":         {query: "tag=nope&tag=board", want: "Admins", problems: []string{"tag"}},
		"an order that is none":         {query: "sort=color&dir=desc", want: "Ciphers Admins Backups Devices Entries", problems: []string{"sort"}},
		"a column that is none":         {query: "columns=rank,color", want: "Ciphers Admins Backups Devices Entries", problems: []string{"column"}},
		"several mistakes, in order":    {query: "framework=x&group=y&review=z", want: "Ciphers Admins Backups Devices Entries", problems: []string{"review", "group", "framework"}},
	} {
		t.Run(name, func(t *testing.T) {
			list, problems := actions.ParseList(must.Get(url.ParseQuery(test.query))(t), []string{"rank", "title"})
			list.Marks, list.Titles = marks(), map[string]string{"purview": "Name of the cloud"}
			found, more := list.Find(some())
			if got := ids(found); got != test.want {
				t.Errorf("got %s\nwant %s", got, test.want)
			}
			var fields []string
			for _, problem := range append(problems, more...) {
				var unknown *actions.UnknownValueError
				if !errors.As(problem, &unknown) {
					t.Fatal(problem)
				}
				fields = append(fields, unknown.Field)
			}
			expect.Equal(t, test.problems, fields)
		})
	}
}

// TestListIsQuery holds that a list of a URL finds what a query of the command line finds.
func TestListIsQuery(t *testing.T) {
	for query, want := range map[string]actions.Query{
		"status=planned&status=completed": {Statuses: []string{"planned", "completed"}},
		"q=endpoint":                      {Search: "endpoint"},
		"license=missing":                 {Licenses: []string{actions.Missing}},
		"threat=spoofing&outcome=not_met": {Threats: []string{"spoofing"}, Outcomes: []string{"not_met"}},
		"framework=scuba:A.1":             {Frameworks: []string{"scuba:A.1"}},
		"stage=preview&category=device":   {Stages: []string{"preview"}, Categories: []string{"device"}},
	} {
		expected := must.Get(want.Find(some()))(t)
		actions.Sort(expected, "rank")
		list, problems := actions.ParseList(must.Get(url.ParseQuery(query))(t), nil)
		found, more := list.Find(some())
		if len(problems)+len(more) > 0 || ids(found) != ids(expected) {
			t.Errorf("%s: got %s, want %s (%v %v)", query, ids(found), ids(expected), problems, more)
		}
	}
}

func TestToReview(t *testing.T) {
	var got []string
	for _, r := range actions.ToReview(some(), marks()) {
		got = append(got, string(r.Review)+" "+strings.Repeat("*", r.Actions)+" "+r.Left.String())
	}
	expect.Equal(t, []string{
		"regressed * 4.67", "to_address * 10", "planned * 4.67", "risk_accepted * 10", "recently_added * 10", "recently_updated * 0", "completed * 0",
	}, got)
}

// FuzzParseList holds that no query string makes a list that its own parameters do not make again.
func FuzzParseList(f *testing.F) {
	f.Add("q=a&status=planned&sort=title&dir=desc&column=title&columns=rank,title,rank&group=status")
	f.Add("q=%ff%fe&tag=<script>&review=regressed&review=x&columns=,,,")
	f.Fuzz(func(t *testing.T, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Skip()
		}
		list, _ := actions.ParseList(values, []string{"rank", "title"})
		list.Find(some())
		if !utf8.ValidString(list.Search) {
			t.Errorf("the search is no text: %q", list.Search)
		}
		again, problems := actions.ParseList(list.Values(), []string{"rank", "title"})
		again.Find(some())
		if len(problems) > 0 {
			t.Errorf("its own parameters are wrong: %v", problems)
		}
		expect.Equal(t, list, again)
	})
}
