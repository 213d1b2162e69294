package history_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/must"
)

// TestAppend stores assessments and reads back what was stored, in another process's eyes: from the store opened anew.
func TestAppend(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		want := sample("t", 1, 4)
		first, isNew, err := s.Append(t.Context(), want, history.Posture)
		must.Do(t, err)
		if !isNew || first.ID != 1 || first.Previous != "" || first.Tenant != want.Tenant || !first.EvaluatedAt.Equal(want.EvaluatedAt) {
			t.Errorf("the first entry is %+v", first)
		}
		second := record(t, s, sample("t", 2, 5))[0]
		expect.Equalf(t, first.Hash, second.Previous, "the hash that the second entry names")
		other := record(t, s, sample("u", 1, 4))[0]
		if other.ID != 1 || other.Previous != "" {
			t.Errorf("another tenant's entry is %+v", other)
		}

		s = open(t, url)
		expect.Equal(t, []history.Entry{first, second, other}, all(t, s.Entries(t.Context(), history.Filter{})))
		expect.Equal(t, want, must.Get(s.Assessment(t.Context(), "t", 1))(t))
		expect.Equal(t, []history.Row{
			{Entry: 1, Action: "AdminMFA", Category: "identity", Product: "entra_id", Outcome: engine.Partial, Status: engine.ToAddress, Achieved: 4_00, Max: 10_00, Coverage: &engine.Coverage{Compliant: 4, InScope: 10, Records: 12}},
			{Entry: 1, Action: "BlockLegacy", Category: "apps", Product: "entra_id", Outcome: engine.NotMet, Status: engine.RiskAccepted, Max: 5_00},
			{Entry: 1, Action: "Licensed", Category: "apps", Product: "entra_id", Outcome: engine.NotApplicable, Status: engine.ToAddress, Max: 7_00},
			{Entry: 1, Action: "Preview", Category: "identity", Product: "entra_id", Outcome: engine.NotMet, Status: engine.ToAddress, Preview: true},
		}, all(t, s.Rows(t.Context(), history.Filter{Tenant: "t", To: day(2)})))
		expect.Equal(t, []history.Sum{
			{Entry: 1, Category: "apps", Product: "entra_id", Status: engine.RiskAccepted, Actions: 1, Total: 5_00},
			{Entry: 1, Category: "identity", Product: "entra_id", Status: engine.ToAddress, Actions: 1, Achieved: 4_00, Total: 10_00},
		}, all(t, s.Sums(t.Context(), history.Filter{Tenant: "u"})))
		expect.Equal(t, []history.Tenant{
			{Tenant: engine.Tenant{ID: "t", Name: "Tenant t"}, Links: 2, Entries: 2, Head: second.Hash, First: day(1), Last: day(2)},
			{Tenant: engine.Tenant{ID: "u", Name: "Tenant u"}, Links: 1, Entries: 1, Head: other.Hash, First: day(1), Last: day(1)},
		}, must.Get(s.Tenants(t.Context()))(t))
	})
}

// TestAppendAgain stores nothing twice: neither the same assessment nor what is in it.
func TestAppendAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		first := record(t, s, sample("t", 1, 4), sample("t", 2, 4))[0]
		again, isNew, err := s.Append(t.Context(), sample("t", 1, 4), history.Posture)
		must.Do(t, err)
		if isNew {
			t.Error("the same assessment was stored twice")
		}
		expect.Equal(t, first, again)
		if _, isNew, err := s.Append(t.Context(), sample("t", 1, 4), history.Microsoft); err != nil || !isNew {
			t.Errorf("of another origin: %v, %v", isNew, err)
		}
	})
}

func TestFilter(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		record(t, s, sample("t", 3, 3), sample("t", 1, 1), sample("t", 2, 2), sample("u", 2, 2))
		_, _, err := s.Append(t.Context(), sample("t", 2, 2), history.Microsoft)
		must.Do(t, err)
		for name, test := range map[string]struct {
			filter history.Filter
			want   []int64
		}{
			"everything of posture's":  {history.Filter{}, []int64{2, 3, 1, 1}},
			"one tenant":               {history.Filter{Tenant: "t"}, []int64{2, 3, 1}},
			"newest first":             {history.Filter{Tenant: "t", Newest: true}, []int64{1, 3, 2}},
			"the newest":               {history.Filter{Tenant: "t", Newest: true, Limit: 1}, []int64{1}},
			"from a time on":           {history.Filter{Tenant: "t", From: day(2)}, []int64{3, 1}},
			"before a time":            {history.Filter{Tenant: "t", To: day(2)}, []int64{2}},
			"Microsoft's":              {history.Filter{Origin: history.Microsoft}, []int64{4}},
			"any origin":               {history.Filter{Tenant: "t", Origin: history.Any}, []int64{2, 3, 4, 1}},
			"a tenant that is unknown": {history.Filter{Tenant: "T"}, nil},
		} {
			t.Run(name, func(t *testing.T) {
				var ids []int64
				for _, e := range all(t, s.Entries(t.Context(), test.filter)) {
					ids = append(ids, e.ID)
				}
				expect.Equal(t, test.want, ids)
			})
		}
		rows := all(t, s.Rows(t.Context(), history.Filter{Tenant: "t", Action: "AdminMFA", Newest: true, Limit: 2}))
		if len(rows) != 2 || rows[0].Entry != 1 || rows[1].Entry != 3 || rows[0].Achieved != 3_00 {
			t.Errorf("the rows of one action are %+v", rows)
		}
	})
}

// TestUnreadable tells what is not there from what is.
func TestUnreadable(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		if _, err := history.OpenExisting(t.Context(), url); !errors.Is(err, history.ErrNone) {
			t.Errorf("a store that is not there: %v", err)
		}
		s := open(t, url)
		record(t, s, sample("t", 1, 4))
		for _, missing := range []struct {
			tenant string
			id     int64
		}{{"t", 2}, {"t", 0}, {"u", 1}} {
			if _, err := s.Assessment(t.Context(), missing.tenant, missing.id); !errors.Is(err, history.ErrUnknown) {
				t.Errorf("entry %d of %s: %v", missing.id, missing.tenant, err)
			}
		}
		must.Do(t, must.Get(history.OpenExisting(t.Context(), url))(t).Close())
	})
}

// TestRefused stores nothing of an assessment that could not be read back, or not be told from others.
func TestRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		for name, test := range map[string]struct {
			change func(*engine.Assessment)
			want   string
		}{
			"no tenant":              {func(a *engine.Assessment) { a.Tenant.ID = "" }, "--tenant ID"},
			"a tenant with a NUL":    {func(a *engine.Assessment) { a.Tenant.ID = "a\x00" }, "the tenant's id"},
			"a long tenant":          {func(a *engine.Assessment) { a.Tenant.ID = strings.Repeat("a", 257) }, "the tenant's id"},
			"an action with a NUL":   {func(a *engine.Assessment) { a.Actions[0].ID = "A\x00" }, `the action "A"`},
			"a long product":         {func(a *engine.Assessment) { a.Actions[0].Product = strings.Repeat("a", 257) }, "can't be stored"},
			"an action twice":        {func(a *engine.Assessment) { a.Actions[1].ID = a.Actions[0].ID }, "not in order"},
			"an unknown outcome":     {func(a *engine.Assessment) { a.Actions[0].Outcome = "perhaps" }, `unknown outcome "perhaps"`},
			"an unknown status":      {func(a *engine.Assessment) { a.Actions[0].Status = "perhaps" }, `unknown status "perhaps"`},
			"a fraction of nonsense": {func(a *engine.Assessment) { a.Actions[0].Fraction = "nonsense" }, "encoding the assessment"},
		} {
			t.Run(name, func(t *testing.T) {
				a := sample("t", 1, 4)
				test.change(a)
				if _, _, err := s.Append(t.Context(), a, history.Posture); err == nil || !strings.Contains(err.Error(), test.want) {
					t.Errorf("%v; want %q", err, test.want)
				}
			})
		}
		if _, _, err := s.Append(t.Context(), sample("t", 1, 4), "else"); err == nil {
			t.Error("an unknown origin was stored")
		}
		// Names are only shown: what can't be stored of them is left out.
		a := sample("t", 1, 4)
		a.Tenant.Name = "A\x00\u202e" + strings.Repeat("ä", 200)
		expect.Equal(t, "A"+strings.Repeat("ä", 127), record(t, s, a)[0].Tenant.Name)
	})
}

// TestFiles holds that a store and what is beside it are for its owner alone, and that a path is taken as it is written.
func TestFiles(t *testing.T) {
	for _, name := range []string{"posture.db", "a b?mode=memory#c%20;'.db", "ä.db", "..:memory:"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			t.Chdir(dir)
			s := open(t, name)
			record(t, s, sample("t", 1, 4))
			for _, file := range []string{name, name + "-wal", name + "-shm"} {
				info, err := os.Stat(filepath.Join(dir, file))
				must.Do(t, err)
				if info.Mode().Perm() != 0o600 {
					t.Errorf("the mode of %s is %v", file, info.Mode())
				}
			}
			expect.Equalf(t, 3, len(must.Get(os.ReadDir("."))(t)), "files")
		})
	}
}

// TestNoStore refuses what is no store, and makes nothing there.
func TestNoStore(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	must.Do(t, os.WriteFile("text.db", []byte(strings.Repeat("no database\n", 100)), 0o600))
	must.Do(t, os.Mkdir("folder.db", 0o700))
	for name, test := range map[string]struct{ url, want string }{
		"no path":              {"", "its path is empty"},
		"a file of text":       {"text.db", "opening the store text.db: it is no file of SQLite"},
		"a folder":             {"folder.db", "opening the store folder.db: it is a folder: name a file"},
		"a device":             {"/dev/null", "it is a device"},
		"no such folder":       {"none/posture.db", "opening the store none/posture.db: no such file or directory"},
		"another database":     {"mysql://user:secret@server/db", "mysql://...: it is neither a path nor a URL that begins with postgres://"},
		"an unreachable one":   {"postgres://user:secret@127.0.0.1:1/db?connect_timeout=2", "opening the store postgres://127.0.0.1:1/db: the server can't be reached"},
		"a URL with a mistake": {"postgres://user:secret@server:port/db", "its URL is not like postgres://"},
		"a strange password":   {"postgres://user:secret%zz@server/db", "its URL is not like postgres://"},
		"an unknown parameter": {"postgres://server/db?sslmode=secret", "its URL is not like postgres://"},
		"a password as one":    {"postgres://127.0.0.1:1/db?password=secret&user=u", "opening the store postgres://127.0.0.1:1/db: the server can't be reached"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := history.Open(t.Context(), test.url)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v; want %q", err, test.want)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("it tells the secret: %v", err)
			}
		})
	}
	var names []string
	must.Do(t, fs.WalkDir(os.DirFS("."), ".", func(path string, _ fs.DirEntry, err error) error { names = append(names, path); return err }))
	expect.Equal(t, []string{".", "folder.db", "text.db"}, names)
}
