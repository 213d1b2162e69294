package signin

import (
	"bytes"
	"html/template"
	"net/http"
	"strings"
)

// page is what somebody sees who is not, or not yet, let in.
type page struct {
	Title   string
	Lines   []string
	Command string // what to type; "" for nothing
	Link    *link
	// Onward is a path that the browser goes to at once; "" to stay.
	Onward     string
	Stylesheet string
}

type link struct{ Path, Text string }

var pages = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
{{with .Onward}}<meta http-equiv="refresh" content="0; url={{.}}">
{{end}}<meta name="color-scheme" content="light dark">
<title>{{.Title}} · posture</title>
<link rel="icon" href="data:,">
{{with .Stylesheet}}<link rel="stylesheet" href="{{.}}">
{{end}}</head>
<body>
<main class="plain">
<h1>{{.Title}}</h1>
{{range .Lines}}<p>{{.}}</p>
{{end}}{{with .Command}}<pre><code>{{.}}</code></pre>
{{end}}{{with .Link}}<p><a href="{{.Path}}">{{.Text}}</a></p>
{{end}}</main>
</body>
</html>
`))

// wantsPage reports whether a browser asks for a page, and not a program or a script.
func wantsPage(r *http.Request) bool { return strings.Contains(r.Header.Get("Accept"), "text/html") }

// say answers with a page, or with its text where no page is asked for.
func (g *Gate) say(w http.ResponseWriter, r *http.Request, status int, p page) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Accept")
	h.Add("Vary", "Cookie")
	if !wantsPage(r) {
		if sayToProgram(w, r, status, p, g.options.Now()) {
			return
		}
		h.Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(status)
		text := p.Title + ". " + strings.Join(p.Lines, " ") + "\n"
		if p.Command != "" {
			text += "    " + p.Command + "\n"
		}
		_, _ = w.Write([]byte(text)) // who is gone gets nothing
		return
	}
	g.write(w, status, p)
}

// onward answers with a page that goes to a path of this server at once.
func (g *Gate) onward(w http.ResponseWriter, path string) {
	w.Header().Set("Cache-Control", "no-store")
	g.write(w, http.StatusOK, page{Title: "One moment", Onward: path, Link: &link{Path: path, Text: "Go on"}})
}

func (g *Gate) write(w http.ResponseWriter, status int, p page) {
	p.Stylesheet = g.options.Stylesheet
	var text bytes.Buffer
	if err := pages.Execute(&text, p); err != nil {
		g.options.Log.Error("writing a page", "error", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(text.Bytes()) // who is gone gets nothing
}
