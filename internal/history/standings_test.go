package history_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/settings"
)

// named returns a sample under another name.
func named(name, tenant string, n int, compliant int64) *engine.Assessment {
	a := sample(tenant, n, compliant)
	a.Tenant.Name = name
	return a
}

// ids lists the tenants that a query finds.
func ids(list []history.Standing) []string {
	found := []string{}
	for _, s := range list {
		found = append(found, s.ID)
	}
	return found
}

func TestStandings(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		record(t, s, named("Contoso", "a", 1, 4), named("Contoso", "a", 3, 2), named("Contoso", "a", 2, 9))
		record(t, s, named("ÄRGER 100%", "b", 5, 10))
		record(t, s, named("", "c_1", 4, 1), named("", "c_1", 6, 8))
		_, _, err := s.Append(t.Context(), named("Theirs", "d", 1, 4), history.Microsoft)
		must.Do(t, err)

		everything := history.Query{Limit: 100}
		list, count, err := s.Standings(t.Context(), everything)
		must.Do(t, err)
		expect.Equal(t, 3, count)
		contoso := list[1]
		if contoso.ID != "a" || contoso.Entry != 2 || !contoso.EvaluatedAt.Equal(day(3)) || !contoso.CollectedAt.Equal(day(3)) {
			t.Errorf("%+v", contoso)
		}
		expect.Equal(t, contoso.Attribution.Change, *contoso.Change)
		expect.Equal(t, -7_00, int(contoso.Change.Points))
		if list[2].Change != nil || list[2].Attribution != nil {
			t.Errorf("nothing is before it: %+v", list[2])
		}
		for name, test := range map[string]struct {
			query history.Query
			want  []string
			count int
		}{
			"by name":            {history.Query{Limit: 9}, []string{"c_1", "a", "b"}, 3},
			"by name, down":      {history.Query{Limit: 9, Descending: true}, []string{"b", "a", "c_1"}, 3},
			"by score":           {history.Query{Limit: 9, Sort: history.ByScore}, []string{"a", "c_1", "b"}, 3},
			"by change":          {history.Query{Limit: 9, Sort: history.ByChange}, []string{"a", "b", "c_1"}, 3},
			"by time":            {history.Query{Limit: 9, Sort: history.ByTime, Descending: true}, []string{"c_1", "b", "a"}, 3},
			"by something else":  {history.Query{Limit: 9, Sort: "; DROP TABLE tenants"}, []string{"c_1", "a", "b"}, 3},
			"the second":         {history.Query{Limit: 1, From: 1}, []string{"a"}, 3},
			"beyond":             {history.Query{Limit: 1, From: 9}, []string{}, 3},
			"before the first":   {history.Query{Limit: 1, From: -9}, []string{"c_1"}, 3},
			"none":               {history.Query{}, []string{}, 3},
			"a name":             {history.Query{Limit: 9, Search: "TOSO"}, []string{"a"}, 1},
			"an umlaut":          {history.Query{Limit: 9, Search: "ärger"}, []string{"b"}, 1},
			"an id":              {history.Query{Limit: 9, Search: "C_"}, []string{"c_1"}, 1},
			"a percent sign":     {history.Query{Limit: 9, Search: "%"}, []string{"b"}, 1},
			"a backslash":        {history.Query{Limit: 9, Search: `\`}, []string{}, 0},
			"a quote":            {history.Query{Limit: 9, Search: "' OR 1=1 --"}, []string{}, 0},
			"half a character":   {history.Query{Limit: 9, Search: "\xc3\x00"}, []string{"c_1", "a", "b"}, 3},
			"of Microsoft alone": {history.Query{Limit: 9, Search: "theirs"}, []string{}, 0},
		} {
			found, count, err := s.Standings(t.Context(), test.query)
			must.Do(t, err)
			expect.Equalf(t, test.want, ids(found), "%s", name)
			expect.Equalf(t, test.count, count, "%s", name)
			chosen, counted := history.Select(list, test.query)
			expect.Equalf(t, ids(found), ids(chosen), "%s, of a list", name)
			expect.Equalf(t, count, counted, "%s, of a list", name)
		}

		// It is the same if it is computed anew.
		tamper(t, url, "DROP TABLE standings", "ALTER TABLE changes DROP COLUMN records", "DELETE FROM schema_versions WHERE version_id > 1")
		again, _, err := open(t, url).Standings(t.Context(), everything)
		must.Do(t, err)
		if diff := cmp.Diff(list, again, cmpopts.EquateEmpty()); diff != "" {
			t.Error(diff)
		}

		// What retention drops is passed over.
		must.Get(s.Prune(t.Context(), "a", settings.Keep{{Period: "yearly", Count: 1}}, false))(t)
		list, _, err = s.Standings(t.Context(), history.Query{Search: "contoso", Limit: 1})
		must.Do(t, err)
		if list[0].Entry != 2 || list[0].Change != nil {
			t.Errorf("%+v", list[0])
		}
	})
}

// TestState tells that something was appended.
func TestState(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		before := must.Get(s.State(t.Context()))(t)
		expect.Equal(t, "", must.Get(s.Head(t.Context(), "t"))(t))
		entry := record(t, s, sample("t", 1, 1))[0]
		if after := must.Get(s.State(t.Context()))(t); after == before {
			t.Errorf("it is still %q", after)
		}
		expect.Equal(t, entry.Hash, must.Get(s.Head(t.Context(), "t"))(t))
	})
}

// TestEntryOf is the entry that a store makes, but for what the chain adds.
func TestEntryOf(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), history.Name))
	a := sample("T", 1, 1)
	want := record(t, s, a)[0]
	want.Hash = ""
	expect.Equal(t, want, must.Get(history.EntryOf(1, a))(t))
}

// BenchmarkStandings measures a page of ten thousand tenants with two entries each. It has to take less than 50 ms.
func BenchmarkStandings(b *testing.B) {
	s := open(b, filepath.Join(b.TempDir(), history.Name))
	begin := time.Now()
	const tenants = 10_000
	for n := range tenants {
		id := fmt.Sprintf("%08x-0000-4000-8000-%012x", n, n*7919%tenants)
		for day := range 2 {
			a := named(fmt.Sprintf("Organization %d", n*7919%tenants), id, 1+day, int64((n+day)%10))
			_, _, err := s.Append(b.Context(), a, history.Posture)
			must.Do(b, err)
		}
	}
	b.Logf("filled in %v", time.Since(begin))
	for name, q := range map[string]history.Query{
		"first": {Limit: 50}, "score": {Limit: 50, Sort: history.ByScore, Descending: true}, "last": {Limit: 50, From: tenants - 50, Sort: history.ByChange},
		"search": {Limit: 50, Search: "organization 77", Sort: history.ByTime},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				_, count, err := s.Standings(b.Context(), q)
				must.Do(b, err)
				if count == 0 {
					b.Fatal("it finds none")
				}
			}
		})
	}
}
