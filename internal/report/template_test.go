package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

func TestTemplate(t *testing.T) {
	for text, want := range map[string]string{
		`{{.tenant.name}}: {{.score.percent}} %`:                                "Contoso: 50 %",
		`{{range $i, $a := .actions}}{{if lt $i 2}}{{$a.id}} {{end}}{{end}}`:    "",
		`{{printf "%-5s|" "a"}}{{html "<b>"}}{{print 1 "x"}}{{len .tenant.id}}`: "",
		`{{define "x"}}{{.}}{{end}}{{template "x" .tenant.id}}`:                 "",
		`{{with .nothing}}{{.}}{{else}}none{{end}}`:                             "none",
	} {
		page := Assessment{Assessment: ordinary(t), Template: must.Get(ParseTemplate("t.tmpl", text))(t)}
		if got := rendered(t, page, "template"); want != "" && !strings.HasPrefix(got, strings.SplitN(want, ":", 2)[0]) || got == "" {
			t.Errorf("%s writes %q", text, got)
		}
	}
}

// TestTemplateBounds holds templates to their bounds: none takes long, takes much memory, or reaches anything.
func TestTemplateBounds(t *testing.T) {
	for text, want := range map[string]string{
		`{{range 1000000000}}{{end}}`:                                         "more than 20000 steps",
		`{{range .actions}}{{range 1000000}}{{if true}}{{end}}{{end}}{{end}}`: "more than 20000 steps",
		`{{range 1000000000}}{{$x := 1}}{{end}}`:                              "more than 20000 steps",
		`{{range 19000}}{{printf "%999s" ""}}{{end}}`:                         "more than 16 MiB",
		`{{printf "%1000s" ""}}`:                                              "three digits",
		`{{printf "%*s" 100000 ""}}`:                                          "no width",
		`{{$x := "0123456789"}}{{range 100}}{{$x = print $x $x}}{{end}}`:      "more text than 64 MiB",
		`{{print .}}`: "is no text and no number",
		`{{define "x"}}{{template "x" .}}{{end}}{{template "x" .}}`: "more than 20000 steps",
		`{{call .tenant}}`: "nothing to call",
		`{{range .actions}}{{range $.actions}}{{range $.actions}}{{$.actions}}{{end}}{{end}}{{end}}`: "",
	} {
		var out bytes.Buffer
		template, err := ParseTemplate("t.tmpl", text)
		if err == nil {
			template.work.mostSteps = 20_000
			err = Write(&out, Assessment{Assessment: ordinary(t), Template: template}, "template", Style{})
		}
		if want != "" {
			errorHas(t, err, want)
		}
		if out.Len() > maxTemplateOutput {
			t.Errorf("%s writes %d bytes", text, out.Len())
		}
	}
	if most := must.Get(ParseTemplate("t", ""))(t).work.mostSteps; most != maxTemplateSteps {
		t.Errorf("a template may take %d steps", most)
	}
	for _, text := range []string{`{{readFile "/etc/passwd"}}`, `{{env "HOME"}}`, `{{include "x"}}`, `{{`, strings.Repeat("x", MaxTemplate+1)} {
		if _, err := ParseTemplate("t.tmpl", text); err == nil {
			t.Errorf("%.40s is taken", text)
		}
	}
	errorHas(t, Write(&bytes.Buffer{}, Assessment{Assessment: ordinary(t)}, "template", Style{}), "template=FILE")
}

// TestTemplateHostile gives a template the texts as they are, and its functions escape them; no text is taken for a part of the template.
func TestTemplateHostile(t *testing.T) {
	for _, text := range append(hostileTexts(), "{{.tenant.id}}", "{{", "}}") {
		page := pages(t)["empty"]
		page.Tenant.ID = "tenant"
		page.Actions = []engine.Action{action("ID", text, 0, 5, engine.NotMet)}
		write := func(template string) string {
			page.Template = must.Get(ParseTemplate("t", template))(t)
			return rendered(t, page, "template")
		}
		plain := write(`{{range .actions}}{{.title}}{{end}}`)
		expect.Equalf(t, string([]rune(text)), plain, "%.40q", text) // a byte that is no UTF-8 is U+FFFD, as in JSON
		if out := write(`{{range .actions}}{{html .title}}{{end}}`); strings.ContainsAny(out, "<>\"'") {
			t.Errorf("%.40q as html is %.100q", text, out)
		}
		if out := write(`{{range .actions}}{{printf "%q" .title}}{{end}}`); strings.ContainsAny(out, "\n\r\x00\x1b\u202e") {
			t.Errorf("%.40q as a quoted text is %.100q", text, out)
		}
	}
}
