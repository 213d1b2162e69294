package serve

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/decide"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/page"
	"github.com/posture-score/posture/internal/register"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/internal/snapshot"
	"github.com/posture-score/posture/schemas"
)

// FuzzForm sends any body as a form. It is refused, or what it says is written into a valid register, as it was said.
func FuzzForm(f *testing.F) {
	for _, body := range []string{
		"form=status&version=&status=planned&owner=ada&due=2999-12-31", "status=risk_accepted&reason=a%0D%0Ab&expires=2999-01-01",
		"status=third_party&reason=%22%24%7Bx%7D%25%7By%7D%0A%7D%0Aaction+%22B%22+%7B&approved_by=%E2%80%AE", "status=to_address&ticket=%3C%3CEOT%0AEOT",
		"text=%22%0A%7D&tag=a&tag=b&add=c,%20d,,", "select=AdminMFAV2&version=&select=OneAdmin&version=&owner=%5C&due=", "good=80&okay=62%2C5", "with=microsoft+&name=%00",
		"a=%ff", "status=planned&status=planned", "%zz", "=&=&;",
	} {
		f.Add(body)
	}
	cat := must.Get(catalog.Load(context.Background(), must.Get(schemas.Builtin())(f), must.Get(catalog.Builtin())(f)))(f)
	now := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, body string) {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		values, err := posted(r)
		if err != nil {
			return
		}
		snap := &snapshot.Snapshot{
			Catalog: cat, Settings: &settings.Settings{}, Assessment: &engine.Assessment{}, Register: snapshot.Register{Path: filepath.Join(t.TempDir(), register.Name)},
		}
		desk := decide.New(snap, "Ada", now)
		fields := fieldsOf(values)
		_, err = desk.Set(t.Context(), "AdminMFAV2", "", fields)
		check(t, err)
		if read, open := register.Open(snap.Register.Path); err == nil && open == nil {
			snap.Register.Decisions = read.Decisions()
			d := decide.Values(snap.Register.Decisions["AdminMFAV2"])
			if fields.Owner != nil && !same(*fields.Owner, d["owner"]) || fields.Ticket != nil && !same(*fields.Ticket, d["ticket"]) {
				t.Errorf("%q became %q and %q", body, d["owner"], d["ticket"])
			}
		}
		_, err = desk.Note(t.Context(), "MFARegistrationV2", values.Get("text"))
		check(t, err)
		_, err = desk.Tag(t.Context(), "AdminMFAV2", register.VersionOf(snap.Register.Decisions, "AdminMFAV2"), tagsOf(values))
		check(t, err)
		if chosen, err := chosenOf(values); err == nil {
			_, err = desk.Plan(t.Context(), chosen, values.Get("owner"), values.Get("due"))
			check(t, err)
		}
		_, err = desk.Zones(t.Context(), "", &decide.Zones{Good: values.Get("good"), Okay: values.Get("okay")})
		check(t, err)
		if _, err := register.Open(snap.Register.Path); err != nil && !strings.Contains(err.Error(), "no such file") {
			t.Errorf("the register is broken: %v", err)
		}
	})
}

// same reports whether a text was written as it was given: without space around it, and in the normal form of HCL.
func same(given, written string) bool {
	return strings.TrimSpace(given) == written || len(given) != len([]rune(given))
}

// check accepts what a writer can be told.
func check(t *testing.T, err error) {
	t.Helper()
	var invalid *decide.Invalid
	var refused *decide.Refused
	if err != nil && !errors.As(err, &invalid) && !errors.As(err, &refused) && !errors.Is(err, register.ErrChanged) && !errors.Is(err, decide.ErrUnknown) {
		t.Error(err)
	}
}

// What came of a form is said in words of ours, whatever the cookie holds.
func TestFlash(t *testing.T) {
	s := &Server{}
	version := strings.Repeat("a", 64)
	for value, want := range map[string]string{
		"saved.register." + version:       "Saved. It takes effect with the next assessment.",
		"made.settings." + version:        "Saved, in a new file: posture.hcl beside the register.",
		"made.register." + version:        "Saved, in a new register. It takes effect with the next assessment.",
		"late.settings." + version:        "Done. The page shows it as soon as the evidence has been assessed again.",
		"late..":                          "Done. The page shows it as soon as the evidence has been assessed again.",
		"same..":                          "Nothing was changed: it was so already.",
		"undone..":                        "The change was taken back.",
		"saved.register." + version + "x": "",
		"saved.passwd." + version:         "",
		"<b>.register." + version:         "",
		"saved.register." + version[:63]:  "",
		"undone.register." + version:      "",
		"saved..":                         "",
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.AddCookie(&http.Cookie{Name: flashCookie, Value: value})
		text := ""
		var undo *page.Undo
		if f, ok := s.said(httptest.NewRecorder(), r); ok {
			text, undo = f.notice(&snapshot.Snapshot{})
		}
		if text != want || (undo != nil) != (strings.Contains(value, version) && want != "") {
			t.Errorf("%q says %q, %v", value, text, undo)
		}
	}
}
