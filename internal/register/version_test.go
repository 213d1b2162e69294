package register

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

func by(name string) Author {
	return Author{Name: name, Time: time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC)}
}

func version(t *testing.T, path, id string) string {
	t.Helper()
	return VersionOf(must.Get(Open(path))(t).Decisions(), id)
}

// write is what a person does who saw a version of an action.
func write(t *testing.T, path, id, version, author string, f Fields) error {
	t.Helper()
	return Edit(t.Context(), path, func(d *Editor) error {
		d.By(by(author))
		if err := d.Expect(id, version); err != nil {
			return err
		}
		return d.Set(id, f)
	})
}

// Two have seen the same: the second is refused, and gets what the first wrote.
func TestExpect(t *testing.T) {
	path := place(t, planned)
	seen := version(t, path, "A")
	must.Do(t, write(t, path, "A", seen, "Ada", Fields{Owner: of("ada@contoso.example")}))
	err := write(t, path, "A", seen, "Bob", Fields{Owner: of("bob@contoso.example")})
	const text = `action "A" {
  status     = "planned"
  owner      = "ada@contoso.example"
  changed_by = "Ada"
  changed_at = "2026-10-01T06:00:00Z"
}`
	var conflict *ConflictError
	if !errors.As(err, &conflict) || !errors.Is(err, ErrChanged) {
		t.Fatalf("got %v", err)
	}
	expect.Equalf(t, ConflictError{
		ID: "A", Version: version(t, path, "A"),
		Decision: &engine.Decision{Status: engine.Planned, Owner: "ada@contoso.example", ChangedBy: "Ada", ChangedAt: at("2026-10-01T06:00:00Z")},
	}, *conflict, "conflict")
	expect.Equal(t, "what is registered about A was changed in the meantime by Ada", err.Error())
	wantText(t, path, text+"\n")
	must.Do(t, write(t, path, "A", conflict.Version, "Bob", Fields{Owner: of("bob@contoso.example")})) // having seen it
}

// An action that is not there has no version, and who saw nothing of it is refused if something is there now.
func TestExpectNothing(t *testing.T) {
	path := place(t, "")
	must.Do(t, write(t, path, "A", "", "Ada", Fields{Status: of("planned")}))
	if err := write(t, path, "A", "", "Bob", Fields{Status: of("planned")}); !errors.Is(err, ErrChanged) {
		t.Errorf("it is there now: %v", err)
	}
	seen := version(t, path, "A")
	must.Do(t, Edit(t.Context(), path, func(d *Editor) error { return d.Unset("A", true) }))
	err := write(t, path, "A", seen, "Bob", Fields{Status: of("planned")})
	var conflict *ConflictError
	if !errors.As(err, &conflict) || conflict.Version != "" || conflict.Decision != nil {
		t.Errorf("it is gone: %v", err)
	}
}

// Who writes about other actions, or writes the same in another way, is in nobody's way.
func TestVersionIsOfTheAction(t *testing.T) {
	path := place(t, planned)
	before := must.Get(Open(path))(t)
	must.Do(t, os.WriteFile(path, []byte("# ours\r\n\naction \"A\" { status = \"planned\" }\naction \"B\" {\n}\n"), 0o600))
	after := must.Get(Open(path))(t)
	if VersionOf(before.Decisions(), "A") != VersionOf(after.Decisions(), "A") || before.Version() == after.Version() {
		t.Errorf("versions %q, %q; texts %q, %q", VersionOf(before.Decisions(), "A"), VersionOf(after.Decisions(), "A"), before.Version(), after.Version())
	}
	err := Edit(t.Context(), path, func(d *Editor) error { return d.ExpectText(before.Version()) })
	if !errors.Is(err, ErrChanged) {
		t.Errorf("the text was changed: %v", err)
	}
	must.Do(t, Edit(t.Context(), path, func(d *Editor) error { return d.ExpectText(after.Version()) }))
}

// Many write at once what they had all seen: of each action one gets through, and the rest are told so.
func TestConcurrentWriters(t *testing.T) {
	path := place(t, planned)
	seen := must.Get(Open(path))(t)
	var group sync.WaitGroup
	won := make(chan string, 8)
	for i := range 4 {
		for _, id := range []string{"A", "B"} {
			group.Go(func() {
				err := write(t, path, id, VersionOf(seen.Decisions(), id), fmt.Sprintf("writer %d", i), Fields{Ticket: of(fmt.Sprint(i))})
				if err == nil {
					won <- id
				} else if !errors.Is(err, ErrChanged) {
					t.Error(err)
				}
			})
		}
	}
	group.Wait()
	close(won)
	got := map[string]int{}
	for id := range won {
		got[id]++
	}
	expect.Equalf(t, map[string]int{"A": 1, "B": 1}, got, "writers who got through")
}

// Undo says whose change it takes back, and of which actions, and takes back no other than the one that was meant.
func TestUndoOfWhom(t *testing.T) {
	path := place(t, planned)
	must.Do(t, Edit(t.Context(), path, func(d *Editor) error {
		d.By(by("Ada"))
		return errors.Join(plan("C")(d), plan("B")(d))
	}))
	mine := must.Get(Open(path))(t).Version()
	must.Do(t, Edit(t.Context(), path, func(d *Editor) error {
		d.By(by("Bob"))
		return d.Unset("A", true)
	}))
	if _, err := Undo(t.Context(), path, mine); !errors.Is(err, ErrChanged) {
		t.Errorf("the change of somebody else was taken back: %v", err)
	}
	undone := must.Get(Undo(t.Context(), path, ""))(t)
	expect.Equal(t, by("Bob"), undone.Author)
	expect.Equal(t, []Change{{ID: "A", Line: 1, After: engine.Decision{Status: engine.Planned}}}, undone.Changes)
	must.Do(t, Edit(t.Context(), path, func(d *Editor) error { return d.Set("B", Fields{Status: of("")}) }))
	undone = must.Get(Undo(t.Context(), path, must.Get(Open(path))(t).Version()))(t)
	expect.Equal(t, Author{}, undone.Author)
	if len(undone.Changes) != 1 || undone.Changes[0].ID != "B" {
		t.Errorf("what was undone: %v", undone.Changes)
	}
}

// Authors are foreign text: it is quoted, and what a register does not hold is refused.
func TestHostileAuthor(t *testing.T) {
	for _, name := range []string{`"${x}" %{y}`, "a\"\n}\naction \"B\" {\n", "\u202eelif", "EOT", strings.Repeat("x", 201), "\x1b[31m", "é\u0301"} {
		path := place(t, planned)
		err := write(t, path, "A", version(t, path, "A"), name, Fields{Owner: of("x")})
		var refused *RefusedError
		if errors.As(err, &refused) {
			wantText(t, path, planned)
			continue
		}
		must.Do(t, err)
		r := must.Get(Open(path))(t)
		if got := r.Decisions(); len(got) != 1 || got["A"].ChangedBy != name {
			t.Errorf("%q became %+v", name, got)
		}
	}
}
