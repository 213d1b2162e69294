package tenant

import (
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

func TestWriteIsDeterministic(t *testing.T) {
	spec := Spec{Name: "contoso", Profile: "mixed", Users: 120, Seed: 7}
	first, second, other := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b"), filepath.Join(t.TempDir(), "c")
	write(t, spec, first)
	write(t, spec, second)
	if diff := cmp.Diff(files(t, first), files(t, second)); diff != "" {
		t.Errorf("the same spec gave other bytes:\n%s", diff)
	}
	spec.Seed++
	write(t, spec, other)
	if files(t, first)["entra.users.ndjson"] == files(t, other)["entra.users.ndjson"] {
		t.Error("another seed gave the same people")
	}
}

// The numbers that tests and documentation of other packages rely on.
func TestContosoNumbers(t *testing.T) {
	var contoso *Tenant
	for _, spec := range Samples() {
		if spec.Name == "contoso" {
			contoso = invent(t, spec)
		}
	}
	got := map[string]int{}
	for p := range contoso.everyone() {
		got[p.cohort]++
		if p.enabled && p.cohort != "guest" {
			got["enabled members"]++
			if p.registered {
				got["registered"]++
			}
		}
	}
	want := map[string]int{"administrator": 10, "guest": 5, "disabled": 2, "staff": 43, "enabled members": 52, "registered": 25}
	expect.Equalf(t, want, got, "contoso")
}

func TestSharesAreExactInEverySize(t *testing.T) {
	for _, users := range []int{100, 1234, 20000} {
		tenant := invent(t, Spec{Name: "contoso", Profile: "mixed", Users: users, Seed: 3})
		registered, licensed := 0, map[string]int{}
		for p := range tenant.everyone() {
			if p.cohort == "staff" && p.registered {
				registered++
			}
			if p.sku != "" {
				licensed[p.sku]++
			}
		}
		if want := portion(tenant.staff.size, tenant.profile.People.Registered); registered != want {
			t.Errorf("%d users: %d of staff registered, want %d", users, registered, want)
		}
		if diff := cmp.Diff(tenant.consumed(), licensed); diff != "" {
			t.Errorf("%d users: licences (-counted +held):\n%s", users, diff)
		}
	}
}

func TestKeysAreUnique(t *testing.T) {
	tenant := invent(t, Spec{Name: "contoso", Profile: "mixed", Users: 20000, Seed: 3})
	seen := map[string]bool{}
	add := func(key string) {
		if seen[key] {
			t.Errorf("%s comes twice", key)
		}
		seen[key] = true
	}
	tenant.users(func(record any) bool {
		add(record.(user).ID)
		add(record.(user).UserPrincipalName)
		return true
	})
	tenant.groups(func(record any) bool { add(record.(entraGroup).ID); return true })
	tenant.mailboxes(func(record any) bool { add("mailbox " + record.(mailbox).PrimarySMTPAddress); return true })
	tenant.roleAssignments(func(record any) bool { add(record.(roleAssignment).ID); return true })
}

func TestMembershipsNameKnownPeopleAndGroups(t *testing.T) {
	tenant := invent(t, Spec{Name: "contoso", Profile: "mixed", Users: 300, Seed: 3})
	known := map[string]bool{}
	tenant.users(func(record any) bool { known[record.(user).ID] = true; return true })
	tenant.groups(func(record any) bool { known[record.(entraGroup).ID] = true; return true })
	tenant.memberships(func(record any) bool {
		m := record.(membership)
		if !known[m.GroupID] || !known[m.MemberID] {
			t.Errorf("%+v names somebody unknown", m)
		}
		return true
	})
}

// A tenant holds no records: what is in memory while a dataset is streamed does not depend on the
// tenant's size.
func TestRecordsStream(t *testing.T) {
	const most = 4 << 20
	tenant := invent(t, Spec{Name: "contoso", Profile: "mixed", Users: 60000, Seed: 1, Settings: []string{"scid-2012", "scid-5007"}})
	before := heap()
	for _, name := range []string{"entra.users", "entra.group_members", "defender_endpoint.secure_configuration"} {
		records := 0
		for _, err := range tenant.Records(t.Context(), name) {
			must.Do(t, err)
			if records++; records%20000 != 0 {
				continue
			}
			if now := heap(); now > before+most {
				t.Fatalf("%s holds %d bytes after %d records", name, now-before, records)
			}
		}
	}
}

func heap() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

func TestRecordsEndWhenCancelled(t *testing.T) {
	tenant := invent(t, Spec{Name: "contoso", Profile: "mixed", Users: 1000, Seed: 1})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	records := 0
	var last error
	for _, err := range tenant.Records(ctx, "entra.users") {
		if records++; records == 10 {
			cancel()
		}
		last = err
	}
	if records != 11 || !errors.Is(last, context.Canceled) {
		t.Errorf("%d records, then %v; want 11 and the cancellation", records, last)
	}
	if err := tenant.Write(ctx, filepath.Join(t.TempDir(), "bundle")); !errors.Is(err, context.Canceled) {
		t.Errorf("Write: %v, want the cancellation", err)
	}
}

func TestFailedAndMissingDatasets(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "bundle")
	write(t, Spec{
		Name: "contoso", Profile: "good", Users: 20,
		Failed: map[string]string{"entra.users": "403"}, Missing: []string{"entra.groups"},
	}, dir)
	written := files(t, dir)
	for _, name := range []string{"entra.users.ndjson", "entra.groups.ndjson"} {
		if _, ok := written[name]; ok {
			t.Errorf("%s is there", name)
		}
	}
	manifest := written["manifest.json"]
	if !strings.Contains(manifest, `"reason": "403"`) || strings.Contains(manifest, "entra.groups") {
		t.Errorf("manifest:\n%s", manifest)
	}
}

func TestSpecsThatCannotBe(t *testing.T) {
	good := func(change func(*Spec)) Spec {
		spec := Spec{Name: "contoso", Profile: "good", Users: 60, CollectedAt: CollectedAt()}
		change(&spec)
		return spec
	}
	tests := map[string]struct {
		spec Spec
		want string
	}{
		"no name":         {good(func(s *Spec) { s.Name = "" }), "inventing : the tenant has no name"},
		"unknown profile": {good(func(s *Spec) { s.Profile = "fair" }), `inventing contoso: profile "fair" is not known; there are good, mixed and bad`},
		"too few people":  {good(func(s *Spec) { s.Users = 3 }), "inventing contoso: 3 users: a tenant of profile good has at least 7"},
		"no time":         {good(func(s *Spec) { s.CollectedAt = time.Time{} }), "inventing contoso: the time of collection is not given"},
		"unknown setting": {good(func(s *Spec) { s.Settings = []string{"scid-0"} }), `inventing contoso: device setting "scid-0" is not known`},
		"unknown dataset": {good(func(s *Spec) { s.Missing = []string{"entra.cats"} }), `inventing contoso: dataset "entra.cats" is not known`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := New(test.spec)
			if err == nil || err.Error() != test.want {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

func TestDeckIsAPermutation(t *testing.T) {
	for _, size := range []int{1, 2, 3, 60, 1000} {
		d := newDeck(42, "test", size)
		places := make([]int, size)
		for card := range size {
			places[card] = d.place(card)
		}
		slices.Sort(places)
		for i, place := range places {
			if place != i {
				t.Fatalf("size %d: place %d is missing or taken twice", size, i)
			}
		}
	}
}

func TestTemplateUnder(t *testing.T) {
	lower := template{
		By: "name", Each: object{"on": true, "limits": object{"a": 1, "b": 2}},
		Records: []object{{"name": "first"}, {"name": "second", "list": []any{"x", "y"}}},
	}
	upper := template{
		Each:    object{"limits": object{"b": 3}},
		Changes: map[string]object{"second": {"list": []any{}}, "third": {"on": false}},
	}
	want := template{
		By: "name", Each: object{"on": true, "limits": object{"a": 1, "b": 3}},
		Records: []object{{"name": "first"}, {"name": "second", "list": []any{}}, {"name": "third", "on": false}},
	}
	expect.Equalf(t, want, lower.under(upper), "laid")
}

func TestSymbols(t *testing.T) {
	s := symbols{
		one: map[string]string{"domain": "contoso.example"}, many: map[string][]string{"roles": {"r1", "r2"}},
		guid: func(label string) string { return "<" + label + ">" },
	}
	got := must.Get(s.fill(object{"a": "x@${domain}", "b": []any{"${roles}", "${guid:p 1}"}, "c": 3, "d": nil}))(t)
	expect.Equalf(t, any(object{"a": "x@contoso.example", "b": []any{"r1", "r2", "<p 1>"}, "c": 3, "d": nil}), got, "filled")
	if _, err := s.fill([]any{"${nobody}"}); err == nil || err.Error() != `no symbol "nobody"` {
		t.Errorf("unknown symbol: %v", err)
	}
}

func BenchmarkWrite(b *testing.B) {
	spec := Spec{Name: "contoso", Profile: "mixed", Users: 5000, Seed: 1}
	for b.Loop() {
		write(b, spec, filepath.Join(b.TempDir(), "bundle"))
	}
	b.ReportMetric(float64(b.N*spec.Users)/b.Elapsed().Seconds(), "users/s")
}
