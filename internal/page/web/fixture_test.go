package web_test

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/posture-score/posture/internal/browser"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/page/web"
)

var chromium browser.Browser

func TestMain(m *testing.M) { os.Exit(chromium.Main(m)) }

// list is the page of a table, of which the script knows nothing but the contract.
type list struct {
	assets
	File    bool
	Version int
	Columns []string
	Sorted  string // how, by rank
	Rows    []action
}

type assets struct {
	Script, Style web.Asset
	InlineScript  template.JS
	InlineStyle   template.CSS
}

// action is a row, and the page that it leads to.
type action struct {
	assets
	ID, Title, Impact, Status, Tone, Category, Day, Note string
	Rank, Order, Version                                 int
	Page                                                 string
	Tags                                                 []string
	Regressed, Refused, Rest, Saved                      bool
	Link                                                 string
}

func bundled() assets {
	return assets{Script: web.Script(), Style: web.Style(), InlineScript: web.InlineScript(), InlineStyle: web.InlineStyle()}
}

// rows makes n actions: a1, a2, ... Each fifth has no day, and each seventh has two tags.
func rows(n int) []action {
	all := make([]action, n)
	for i := range all {
		status := i % 3
		a := action{
			ID: "a" + strconv.Itoa(i+1), Link: "/actions/a" + strconv.Itoa(i+1), Rank: i + 1, Title: fmt.Sprintf("Require factor %d of word%d", i+1, i%97),
			Impact: fmt.Sprintf("%d.%02d", i%2, i%100), Status: []string{"To address", "Planned", "Completed"}[status],
			Tone: []string{"neutral", "info", "good"}[status], Order: status, Category: []string{"Identity", "Device", "Apps", "Data"}[i%4],
			Day: fmt.Sprintf("2026-11-%02d", i%28+1), Note: "Note of " + strconv.Itoa(i+1), Regressed: i%10 == 0, Page: "1",
		}
		if i%5 == 4 {
			a.Day = ""
		}
		if i%7 == 0 {
			a.Tags = []string{"quick", "q4"}
		}
		all[i] = a
	}
	return all
}

// site is a server of a list and its actions, whose notes can be written.
type site struct {
	t       *testing.T
	pages   *template.Template
	rows    []action
	news    chan struct{} // closed when there is a new version
	refuses bool          // writes, as a conflict
	slow    time.Duration // until a write is answered

	frozen []byte // the list, where rendering it is not what a test measures

	mu      sync.Mutex
	version int
	posts   []string // the bodies
	themes  []string
}

func newSite(t *testing.T, n int) (*site, string) {
	t.Helper()
	chromium.Need(t)
	s := &site{
		t: t, rows: rows(n), version: 1, news: make(chan struct{}),
		pages: must.Get(template.ParseGlob("testdata/*.html"))(t),
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /actions", s.list)
	mux.HandleFunc("GET /actions/{id}", s.action)
	mux.HandleFunc("POST /actions/{id}", s.write)
	mux.HandleFunc("GET /events", s.events)
	mux.HandleFunc("POST /theme", s.theme)
	for _, asset := range []web.Asset{web.Script(), web.Style()} {
		mux.HandleFunc("GET /assets/"+asset.Name, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", asset.ContentType)
			_, _ = w.Write([]byte(asset.Content))
		})
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "+
			"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'")
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return s, server.URL
}

func (s *site) list(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.frozen != nil {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(s.frozen)
		return
	}
	model := s.model()
	if r.FormValue("sorted") != "" {
		model.Sorted = "ascending"
	}
	s.render(w, "list.html", model)
}

func (s *site) model() list {
	return list{assets: bundled(), Version: s.version, Columns: columns(), Rows: s.rows}
}

// freeze renders the list once for all who ask.
func (s *site) freeze() {
	var page bytes.Buffer
	if err := s.pages.ExecuteTemplate(&page, "list.html", s.model()); err != nil {
		s.t.Fatal(err)
	}
	s.frozen = page.Bytes()
}

func columns() []string {
	return []string{"rank", "title", "impact", "status", "category", "evaluated", "tags", "notes"}
}

func (s *site) render(w http.ResponseWriter, name string, model any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := s.pages.ExecuteTemplate(w, name, model); err != nil {
		s.t.Error(err)
	}
}

// find returns an action; whoever calls it holds the lock.
func (s *site) find(r *http.Request) *action {
	for i := range s.rows {
		if s.rows[i].ID == r.PathValue("id") {
			return &s.rows[i]
		}
	}
	return nil
}

func (s *site) action(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.find(r)
	if found == nil {
		http.NotFound(w, r)
		return
	}
	model := *found
	model.assets, model.Version = bundled(), s.version
	model.Saved = r.FormValue("saved") != ""
	if page := r.FormValue("page"); page != "" {
		model.Page = page
	}
	s.render(w, "action.html", model)
}

func (s *site) write(w http.ResponseWriter, r *http.Request) {
	if s.slow > 0 {
		s.change() // as a register that changes: it is told before the write is answered
		time.Sleep(s.slow)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := r.ParseForm(); err != nil {
		s.t.Error(err)
	}
	s.posts = append(s.posts, r.PostForm.Encode())
	found := s.find(r)
	if s.refuses {
		model := *found
		model.assets, model.Refused, model.Note = bundled(), true, r.PostFormValue("note")
		w.WriteHeader(http.StatusPreconditionFailed)
		s.render(w, "action.html", model)
		return
	}
	found.Note = r.PostFormValue("note")
	http.Redirect(w, r, r.URL.Path+"?saved=1", http.StatusSeeOther)
}

func (s *site) theme(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.themes = append(s.themes, r.PostFormValue("theme"))
	http.Redirect(w, r, r.PostFormValue("return"), http.StatusSeeOther)
}

// events tells the version, and each one that follows.
func (s *site) events(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	for {
		s.mu.Lock()
		version, news := s.version, s.news
		s.mu.Unlock()
		_, _ = fmt.Fprintf(w, "event: snapshot\ndata: %d\n\n", version)
		if err := http.NewResponseController(w).Flush(); err != nil {
			return
		}
		select {
		case <-news:
		case <-r.Context().Done():
			return
		}
	}
}

// change makes a new version in which the first action has another title.
func (s *site) change() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.version++
	s.rows[0].Title = fmt.Sprintf("Require factor of version %d", s.version)
	close(s.news)
	s.news = make(chan struct{})
}

// written returns the bodies of the writes until now.
func (s *site) written() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.posts...)
}

// file writes the list as one file, and returns its URL.
func file(t *testing.T, n int) string {
	t.Helper()
	chromium.Need(t)
	var page bytes.Buffer
	pages := must.Get(template.ParseGlob("testdata/*.html"))(t)
	model := list{assets: bundled(), File: true, Version: 1, Columns: columns(), Rows: rows(n)}
	for i := range model.Rows {
		model.Rows[i].Link = "#action-" + model.Rows[i].ID
	}
	if err := pages.ExecuteTemplate(&page, "list.html", model); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(path, page.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return browser.File(t, path)
}
