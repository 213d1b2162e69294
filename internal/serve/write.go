package serve

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/posture-score/posture/internal/decide"
	"github.com/posture-score/posture/internal/diag"
	"github.com/posture-score/posture/internal/page"
	"github.com/posture-score/posture/internal/register"
	"github.com/posture-score/posture/internal/serve/signin"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/internal/snapshot"
)

// Invariant: what is written was seen. Each form has the version of what it was made from, and a writer who has not seen the latest one gets
// both, side by side.

// forms is what renders the pages with forms: [page.Renderer] does.
type forms interface {
	Form(w io.Writer, s *snapshot.Snapshot, r page.Request, form page.Form) error
}

// refresher is a source that can be told to look at its files at once.
type refresher interface {
	Refresh(ctx context.Context) error
}

// patience is how long a writer waits to see the effect. What takes longer shows later.
const patience = 20 * time.Second

// writeRoutes are those of what changes something, and of the forms for it.
func (s *Server) writeRoutes() []route {
	return []route{
		{"GET /tenants/{tenant}/actions/{id}/edit", editors, s.editAction},
		{"POST /tenants/{tenant}/actions/{id}", editors, s.writeAction},
		{"POST /tenants/{tenant}/plan", editors, s.writePlan},
		{"GET /tenants/{tenant}/zones", editors, s.editSettings(page.EditZones)},
		{"GET /tenants/{tenant}/goal", editors, s.editSettings(page.EditGoal)},
		{"GET /tenants/{tenant}/comparison", editors, s.editSettings(page.EditComparison)},
		{"POST /tenants/{tenant}/zones", editors, s.writeSettings(page.EditZones)},
		{"POST /tenants/{tenant}/goal", editors, s.writeSettings(page.EditGoal)},
		{"POST /tenants/{tenant}/comparison", editors, s.writeSettings(page.EditComparison)},
		{"POST /tenants/{tenant}/undo", editors, s.undo},
	}
}

// desk returns where the person decides who sent a request.
func (s *Server) desk(r *http.Request, snap *snapshot.Snapshot) *decide.Desk {
	u, _ := signin.Session(r.Context())
	return decide.New(snap, u.Name, s.Now())
}

// editAction shows the form of the status of an action.
func (s *Server) editAction(w http.ResponseWriter, r *http.Request) {
	snap, err := s.snapshot(r.Context(), r.PathValue("tenant"))
	if err != nil {
		s.failed(w, r, err)
		return
	}
	form := page.Form{Kind: page.EditStatus, ID: r.PathValue("id"), Refused: decide.Nowhere(snap)}
	if control, ok := snap.Catalog.Control(form.ID); ok && form.Refused == "" {
		form.Refused = decide.Locked(snap.Action(form.ID), control)
	}
	s.form(w, r, http.StatusOK, snap, form)
}

// editSettings shows the form of a block of the settings.
func (s *Server) editSettings(kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		snap, err := s.snapshot(r.Context(), r.PathValue("tenant"))
		if err != nil {
			s.failed(w, r, err)
			return
		}
		s.form(w, r, http.StatusOK, snap, s.withBenchmarks(r, snap, page.Form{Kind: kind}))
	}
}

// withBenchmarks adds to the form of a comparison what can be compared with.
func (s *Server) withBenchmarks(r *http.Request, snap *snapshot.Snapshot, form page.Form) page.Form {
	if form.Kind == page.EditComparison {
		form.Benchmarks = s.desk(r, snap).Benchmarks()
	}
	return form
}

// form answers with a page with a form. It is made for one writer, and not kept.
func (s *Server) form(w http.ResponseWriter, r *http.Request, status int, snap *snapshot.Snapshot, form page.Form) {
	renderer, ok := s.Pages.(forms)
	if !ok {
		s.failed(w, r, page.ErrNotFound)
		return
	}
	var text bytes.Buffer
	request := page.Request{Query: url.Values{}, Viewer: s.viewer(r), Origin: s.origin()}
	if err := renderer.Form(&text, snap, request, form); err != nil {
		s.failed(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(text.Bytes()) // who is gone gets nothing
}

// write reads a form, has it written, and sends the writer back to where the effect is seen, or shows what is in the way.
func (s *Server) write(w http.ResponseWriter, r *http.Request, form page.Form, back func(*snapshot.Snapshot) string, do func(*decide.Desk, url.Values) (decide.Receipt, error)) {
	snap, err := s.snapshot(r.Context(), r.PathValue("tenant"))
	if err != nil {
		s.failed(w, r, err)
		return
	}
	if form.Values, err = posted(r); err != nil {
		s.badForm(w, r, err)
		return
	}
	receipt, err := do(s.desk(r, snap), form.Values)
	if err != nil {
		s.unsaved(w, r, snap, s.withBenchmarks(r, snap, form), err)
		return
	}
	said := flash{Word: saidSame}
	if receipt.File != "" {
		said = flash{Word: saidSaved, File: receipt.File, Version: receipt.Version}
		if receipt.Made {
			said.Word = saidMade
		}
		if !s.refreshed(r) {
			said.Word = saidLate
		}
	}
	s.say(w, r, said)
	http.Redirect(w, r, "/tenants/"+url.PathEscape(r.PathValue("tenant"))+"/"+back(snap), http.StatusSeeOther)
}

// refreshed has the source look at what was written, and reports whether the pages show it now.
func (s *Server) refreshed(r *http.Request) bool {
	source, _, _ := s.shown.news()
	fresh, ok := source.(refresher)
	if !ok {
		return false
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), patience)
	defer cancel()
	if err := fresh.Refresh(ctx); err != nil {
		s.Log.Warn("showing what was written", "error", err)
		return false
	}
	return true
}

// writeAction writes the form of an action that says which one it is: of its status, of a note, or of its tags.
func (s *Server) writeAction(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	values, err := posted(r)
	if err != nil {
		s.badForm(w, r, err)
		return
	}
	form := page.Form{Kind: values.Get("form"), ID: id}
	var do func(*decide.Desk, url.Values) (decide.Receipt, error)
	switch form.Kind {
	case page.EditStatus:
		do = func(d *decide.Desk, v url.Values) (decide.Receipt, error) {
			return d.Set(r.Context(), id, v.Get("version"), fieldsOf(v))
		}
	case page.EditNote:
		do = func(d *decide.Desk, v url.Values) (decide.Receipt, error) {
			return d.Note(r.Context(), id, v.Get("text"))
		}
	case page.EditTags:
		do = func(d *decide.Desk, v url.Values) (decide.Receipt, error) {
			return d.Tag(r.Context(), id, v.Get("version"), tagsOf(v))
		}
	default:
		s.badForm(w, r, errForm)
		return
	}
	s.write(w, r, form, func(*snapshot.Snapshot) string { return "actions/" + url.PathEscape(id) }, do)
}

// writePlan plans the actions of a form.
func (s *Server) writePlan(w http.ResponseWriter, r *http.Request) {
	s.write(w, r, page.Form{Kind: page.EditPlan}, func(*snapshot.Snapshot) string { return "plan" },
		func(d *decide.Desk, v url.Values) (decide.Receipt, error) {
			chosen, err := chosenOf(v)
			if err != nil {
				return decide.Receipt{}, err
			}
			return d.Plan(r.Context(), chosen, v.Get("owner"), v.Get("due"))
		})
}

// writeSettings writes the form of a block of the settings.
func (s *Server) writeSettings(kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.write(w, r, page.Form{Kind: kind}, func(snap *snapshot.Snapshot) string { return page.EditShown(snap, kind) },
			func(d *decide.Desk, v url.Values) (decide.Receipt, error) {
				version, gone := v.Get("version"), v.Has("remove")
				switch {
				case kind == page.EditZones && gone:
					return d.Zones(r.Context(), version, nil)
				case kind == page.EditZones:
					return d.Zones(r.Context(), version, &decide.Zones{Good: v.Get("good"), Okay: v.Get("okay")})
				case kind == page.EditGoal && gone:
					return d.Goal(r.Context(), version, nil)
				case kind == page.EditGoal:
					return d.Goal(r.Context(), version, &decide.Goal{Percent: v.Get("percent"), By: v.Get("by")})
				case gone:
					return d.Compare(r.Context(), version, nil)
				}
				benchmark, cohort, _ := strings.Cut(v.Get("with"), " ")
				return d.Compare(r.Context(), version, &decide.Comparison{Name: v.Get("name"), Benchmark: benchmark, Cohort: cohort})
			})
	}
}

// undo takes back the change that a form names, and no other.
func (s *Server) undo(w http.ResponseWriter, r *http.Request) {
	snap, err := s.snapshot(r.Context(), r.PathValue("tenant"))
	if err != nil {
		s.failed(w, r, err)
		return
	}
	values, err := posted(r)
	if err != nil {
		s.badForm(w, r, err)
		return
	}
	_, err = s.desk(r, snap).Undo(r.Context(), values.Get("file"), values.Get("version"))
	var refused *decide.Refused
	var invalid *decide.Invalid
	switch {
	case errors.Is(err, register.ErrChanged):
		s.fail(w, r, http.StatusConflict, "Nothing was taken back: somebody has changed the file since. Open the page of the action, and decide anew.")
	case errors.Is(err, register.ErrNothingToUndo):
		s.fail(w, r, http.StatusConflict, "There is nothing to take back: it has been taken back already.")
	case errors.As(err, &refused), errors.As(err, &invalid):
		s.fail(w, r, http.StatusUnprocessableEntity, err.Error())
	case err != nil:
		s.unwritten(w, r, err)
	default:
		said := flash{Word: saidUndone}
		if !s.refreshed(r) {
			said.Word = saidLate
		}
		s.say(w, r, said)
		http.Redirect(w, r, signin.ReturnPath(values.Get("return")), http.StatusSeeOther)
	}
}

// unsaved answers with what is in the way, and what was filled in.
func (s *Server) unsaved(w http.ResponseWriter, r *http.Request, snap *snapshot.Snapshot, form page.Form, err error) {
	var (
		invalid  *decide.Invalid
		refused  *decide.Refused
		action   *register.ConflictError
		actions  decide.Conflicts
		block    *settings.ConflictError
		problems *diag.Problems
	)
	status := http.StatusConflict
	switch {
	case errors.As(err, &invalid):
		status, form.Wrong = http.StatusUnprocessableEntity, invalid.Fields
	case errors.As(err, &refused):
		form.Refused = refused.Reason
	case errors.As(err, &action):
		form.Conflicts = []page.Conflict{conflictOf(action)}
	case errors.As(err, &actions):
		for _, one := range actions {
			form.Conflicts = append(form.Conflicts, conflictOf(one))
		}
	case errors.As(err, &block):
		form.Conflicts = []page.Conflict{conflictOfBlock(block)}
	case errors.Is(err, register.ErrChanged):
		form.Refused = "Nothing was saved: somebody was writing into the file at this moment. Go back and try again."
	case errors.As(err, &problems):
		form.Refused = "Nothing was saved: the file has a mistake, and has to be mended first. " + problems.Diagnostics[0].Error()
	case errors.Is(err, decide.ErrUnknown):
		s.failed(w, r, page.ErrNotFound)
		return
	case errors.Is(err, errForm):
		s.failed(w, r, err)
		return
	default:
		s.unwritten(w, r, err)
		return
	}
	if form.Kind == page.EditTags && len(form.Conflicts) > 0 {
		form.Values["tag"] = tagsOf(form.Values) // what is sent again
		form.Values.Del("add")
	}
	s.form(w, r, status, snap, form)
}

// unwritten answers that a file could not be written. Its path is for the log.
func (s *Server) unwritten(w http.ResponseWriter, r *http.Request, err error) {
	s.Log.Error("writing", "method", r.Method, "path", r.URL.EscapedPath(), "error", err)
	s.fail(w, r, http.StatusInternalServerError, "Nothing was saved: the file could not be written. The log of the server says why.")
}
