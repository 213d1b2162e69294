package page

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"net/url"

	"github.com/posture-score/posture/internal/page/chart"
	"github.com/posture-score/posture/internal/snapshot"
)

//go:embed templates/*.html
var templates embed.FS

// ErrNotFound is a request for an action or an entry that is not there.
var ErrNotFound = errors.New("there is no such page")

// Request says which page to render, and for whom.
type Request struct {
	Tab    string     // name of a tab: overview, actions, ...
	ID     string     // of one action or entry; empty for the tab itself
	Query  url.Values // filters and the like; what is not known is ignored
	Viewer Viewer
	Origin string // scheme and host of the server, for links that others open; may be empty
	Notice string // a message of ours to show once, such as "Saved."; never foreign text
	Undo   *Undo  // the change that the notice is about; nil if it can't be taken back
}

// Viewer is who looks at the page.
type Viewer struct {
	Name   string // empty on the viewer's own machine
	Editor bool   // may change statuses, notes, tags, zones and comparisons
	Remote bool   // signed in at a provider, so that signing out makes sense
	Theme  string // light, dark, or empty for that of the system
}

// Renderer renders pages. It is safe for concurrent use.
type Renderer struct{ set *template.Template }

// New parses the templates.
func New() (*Renderer, error) {
	r := &Renderer{}
	set, err := template.New("page").Option("missingkey=error").Funcs(r.functions()).ParseFS(templates, "templates/*.html")
	if err == nil {
		set, err = chart.Define(set)
	}
	if err != nil {
		return nil, fmt.Errorf("parsing the templates of the page: %w", err)
	}
	r.set = set
	return r, nil
}

// Render writes the page of a tab for the server.
func (r *Renderer) Render(w io.Writer, s *snapshot.Snapshot, request Request) error {
	for _, tab := range tabs() {
		if tab.name != request.Tab {
			continue
		}
		frame := newFrame(s, request, links{base: "/tenants/" + url.PathEscape(s.Tenant.ID)})
		return r.write(w, "server", frame, tab)
	}
	return ErrNotFound
}

// File writes all tabs as one file that needs no server.
func (r *Renderer) File(w io.Writer, s *snapshot.Snapshot) error {
	frame := newFrame(s, Request{Query: url.Values{}}, links{file: true})
	return r.write(w, "file", frame, tabs()...)
}

// write renders tabs inside a layout.
func (r *Renderer) write(w io.Writer, layout string, f *frame, list ...tab) error {
	for _, tab := range list {
		if f.Links.file && !tab.inFile || !tab.shown(f.snapshot) {
			continue
		}
		model, err := tab.model(f)
		if err != nil {
			return fmt.Errorf("%s: %w", tab.name, err)
		}
		f.Sections = append(f.Sections, section{Name: tab.name, Title: tab.title, Template: templateOf(tab, f), Model: model})
	}
	if len(f.Sections) == 0 {
		return ErrNotFound
	}
	return r.execute(w, layout, f)
}

// execute renders the sections of a page inside a layout.
func (r *Renderer) execute(w io.Writer, layout string, f *frame) error {
	var page bytes.Buffer
	if err := r.set.ExecuteTemplate(&page, layout, f); err != nil {
		return fmt.Errorf("rendering the page: %w", err)
	}
	_, err := w.Write(page.Bytes())
	return err
}

// templateOf returns the template of a tab, or of one action or entry of it.
func templateOf(t tab, f *frame) string {
	if f.Request.ID != "" {
		return t.one
	}
	return t.name
}

// render executes a template of ours: a template's name can't be computed otherwise. Its result was escaped where it was made.
func (r *Renderer) render(name string, model any) (template.HTML, error) {
	var text bytes.Buffer
	if err := r.set.ExecuteTemplate(&text, name, model); err != nil {
		return "", err
	}
	return template.HTML(text.String()), nil
}
