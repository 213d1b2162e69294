package serve

import (
	"bytes"
	"html/template"
	"net/http"
	"strings"

	"github.com/posture-score/posture/internal/page/web"
)

var failure = template.Must(template.New("failure").Parse(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}} · posture</title>
<link rel="stylesheet" href="{{.Stylesheet}}">
</head>
<body class="signin">
<main>
<h1>{{.Title}}</h1>
<p>{{.Text}}</p>
<p><a href="/">Back to the score</a></p>
</main>
</body>
</html>
`))

// fail answers with a status and a sentence, as a page where one is asked for.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, status int, sentence string) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Del("ETag")
	if !strings.Contains(r.Header.Get("Accept"), "text/html") {
		http.Error(w, sentence, status)
		return
	}
	var text bytes.Buffer
	err := failure.Execute(&text, struct{ Title, Text, Stylesheet string }{http.StatusText(status), sentence, "/assets/" + web.Style().Name})
	if err != nil {
		http.Error(w, sentence, status)
		return
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(text.Bytes()) // who is gone gets nothing
}
