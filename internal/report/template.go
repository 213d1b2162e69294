package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/template"
	"text/template/parse"
)

// Bounds of a template of the user: of its text, of what it writes, of the texts that its functions make, and of its steps: how many
// bodies of templates, loops and conditions it enters. They are sizes and no times, so that a busy machine writes the same.
const (
	MaxTemplate       = 1 << 20
	maxTemplateOutput = 16 << 20
	maxTemplateText   = 64 << 20
	maxTemplateSteps  = 1_000_000
)

// stepName is the name of the function that counts steps. A template that calls it counts one more.
const stepName = "posture_step"

// Template is a template of a user, for an assessment as JSON.
type Template struct {
	parsed *template.Template
	work   *work
}

// work is what a template has used up.
type work struct{ steps, text, mostSteps int }

// ParseTemplate parses the text of a template. Its functions are those of text/template, and none reaches files, the network or the
// environment; call is not among them. Errors name the file and the line.
func ParseTemplate(name, text string) (*Template, error) {
	if len(text) > MaxTemplate {
		return nil, fmt.Errorf("the template %s has more than %d MiB", name, MaxTemplate>>20)
	}
	t := &Template{work: &work{mostSteps: maxTemplateSteps}}
	parsed, err := template.New(name).Funcs(t.work.functions()).Parse(text)
	if err != nil {
		return nil, fmt.Errorf("reading the template: %w", err)
	}
	for _, one := range parsed.Templates() {
		if one.Tree != nil && one.Root != nil {
			countSteps(one.Root)
		}
	}
	t.parsed = parsed
	return t, nil
}

var errTemplateText = errors.New("the template makes more text than 64 MiB in its functions") //nolint:gochecknoglobals // a sentinel

// functions are those that make texts, bounded, and the one that counts steps.
func (w *work) functions() template.FuncMap {
	bounded := func(make func(...any) string) func(...any) (string, error) {
		return func(args ...any) (string, error) {
			if err := w.take(args); err != nil {
				return "", err
			}
			return make(args...), nil
		}
	}
	return template.FuncMap{
		stepName: w.step,
		"print":  bounded(fmt.Sprint), "println": bounded(fmt.Sprintln), "html": bounded(template.HTMLEscaper), "js": bounded(template.JSEscaper), "urlquery": bounded(template.URLQueryEscaper),
		"printf": func(format string, args ...any) (string, error) {
			if err := widths(format); err != nil {
				return "", err
			}
			if err := w.take(append([]any{format}, args...)); err != nil {
				return "", err
			}
			return fmt.Sprintf(format, args...), nil
		},
		"call": func(...any) (string, error) { return "", errors.New("there is nothing to call") },
	}
}

// step counts a step. It returns the text that takes its place.
func (w *work) step() (string, error) {
	if w.steps++; w.steps > w.mostSteps {
		return "", fmt.Errorf("the template takes more than %d steps: a loop in a loop, perhaps", w.mostSteps)
	}
	return "", nil
}

// take charges the texts that a function gets. It takes texts, numbers and words alone, whose length is known.
func (w *work) take(args []any) error {
	for _, arg := range args {
		switch arg := arg.(type) {
		case string:
			w.text += len(arg)
		case json.Number:
			w.text += len(arg)
		case nil, bool, int, int64, float64:
		default:
			return fmt.Errorf("%T is no text and no number: name a field of it", arg)
		}
	}
	if w.text += 16; w.text > maxTemplateText {
		return errTemplateText
	}
	return nil
}

// widths refuses a width or precision of more than three digits, which would make a text of that length.
func widths(format string) error {
	digits := 0
	for _, r := range format {
		switch {
		case r == '*':
			return errors.New("printf takes no width from its arguments")
		case r < '0' || r > '9':
			digits = 0
		default:
			if digits++; digits > 3 {
				return errors.New("printf takes a width of at most three digits")
			}
		}
	}
	return nil
}

// countSteps puts a step at the beginning of each body.
func countSteps(list *parse.ListNode) {
	if list == nil {
		return
	}
	for _, node := range list.Nodes {
		switch node := node.(type) {
		case *parse.RangeNode:
			countSteps(node.List)
			countSteps(node.ElseList)
		case *parse.IfNode:
			countSteps(node.List)
			countSteps(node.ElseList)
		case *parse.WithNode:
			countSteps(node.List)
			countSteps(node.ElseList)
		}
	}
	list.Nodes = append([]parse.Node{stepNode()}, list.Nodes...)
}

// stepNode returns the node of an action that calls the step.
func stepNode() parse.Node {
	tree := template.Must(template.New("step").Funcs(template.FuncMap{stepName: func() string { return "" }}).Parse("{{" + stepName + "}}"))
	return tree.Root.Nodes[0]
}

// writeTemplate writes an assessment by the template of a user.
func writeTemplate(w io.Writer, page interface{ template(io.Writer) error }, _ Style) error {
	return page.template(w)
}

func (page Assessment) template(w io.Writer) error {
	if page.Template == nil {
		return errors.New("the format template needs a file: template=FILE")
	}
	text, err := json.Marshal(page.document())
	if err != nil {
		return err
	}
	var value any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		return err
	}
	page.Template.work.steps, page.Template.work.text = 0, 0
	if err := page.Template.parsed.Execute(&atMost{w: w, left: maxTemplateOutput}, value); err != nil {
		return fmt.Errorf("running the template: %s", strings.ReplaceAll(clean(err.Error()), stepName, "loop"))
	}
	return nil
}

// atMost writes so many bytes, and then fails.
type atMost struct {
	w    io.Writer
	left int
}

// Write is part of io.Writer.
func (a *atMost) Write(p []byte) (int, error) {
	if len(p) > a.left {
		return 0, fmt.Errorf("the template writes more than %d MiB", maxTemplateOutput>>20)
	}
	a.left -= len(p)
	return a.w.Write(p)
}
