package serve

import (
	"bytes"
	"html/template"
	"net/http"
	"strings"

	"github.com/posture-score/posture/internal/page/web"
	"github.com/posture-score/posture/internal/serve/signin"
)

// plain are the pages of the server itself: what went wrong, and who is signed in.
var plain = template.Must(template.New("plain").Parse(`
{{- define "head"}}<!doctype html>
<html lang="en"{{with .Theme}} data-theme="{{.}}"{{end}}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{.Title}} · posture</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/{{.Stylesheet}}">
</head>
<body>
<main class="plain">
<h1>{{.Title}}</h1>
{{end}}

{{- define "foot"}}<p><a href="/">Back to the score</a></p>
</main>
</body>
</html>
{{end}}

{{- define "failure"}}{{template "head" .}}<p>{{.Text}}</p>
{{template "foot" .}}{{end}}

{{- define "account"}}{{template "head" .}}<p>You are signed in as <bdi>{{.Name}}</bdi>, with the role {{.Role}}.</p>
<form method="post" action="/theme">
<input type="hidden" name="return" value="/account">
<fieldset>
<legend>Theme</legend>
{{range .Themes}}<label class="check"><input type="radio" name="theme" value="{{.Value}}"{{if .Chosen}} checked{{end}}> {{.Text}}</label>
{{end}}</fieldset>
<button type="submit" class="button">Use this theme</button>
</form>
<form method="post" action="/signout">
<button type="submit" class="button">Sign out</button>
</form>
{{template "foot" .}}{{end}}
`))

// head is what the top of a page of the server needs.
type head struct{ Title, Theme, Stylesheet string }

func newHead(r *http.Request, title string) head {
	return head{Title: title, Theme: theme(r), Stylesheet: web.Style().Name}
}

// fail answers with a status and a sentence, as a page where one is asked for.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, status int, sentence string) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Del("ETag")
	if !strings.Contains(r.Header.Get("Accept"), "text/html") {
		http.Error(w, sentence, status)
		return
	}
	s.plain(w, status, "failure", struct {
		head
		Text string
	}{newHead(r, http.StatusText(status)), sentence})
}

// choice is a theme that a reader may choose.
type choice struct {
	Value, Text string
	Chosen      bool
}

// account says who is signed in, and lets them sign out and choose a theme. It is the only page with their name.
func (s *Server) account(w http.ResponseWriter, r *http.Request) {
	u, _ := signin.Session(r.Context())
	model := struct {
		head
		Name   string
		Role   signin.Role
		Themes []choice
	}{newHead(r, "Account"), u.Name, u.Role, []choice{{Value: "", Text: "As the system"}, {Value: "light", Text: "Light"}, {Value: "dark", Text: "Dark"}}}
	for i := range model.Themes {
		model.Themes[i].Chosen = model.Themes[i].Value == model.Theme
	}
	s.plain(w, http.StatusOK, "account", model)
}

func (s *Server) plain(w http.ResponseWriter, status int, name string, model any) {
	var text bytes.Buffer
	if err := plain.ExecuteTemplate(&text, name, model); err != nil {
		s.Log.Error("writing a page", "page", name, "error", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(text.Bytes()) // who is gone gets nothing
}
