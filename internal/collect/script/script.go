package script

import (
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"regexp"
	"strings"
	"text/template"
	"unicode"

	"github.com/posture-score/posture/internal/collect"
	"github.com/posture-score/posture/internal/score"
)

//go:embed powershell.tmpl
var powershellText string

//go:embed curl.tmpl
var curlText string

// page is what the templates see.
type page struct {
	Plan     *collect.Plan
	Graph    []string // permissions of Graph
	Sections []section
	Hand     []collect.Dataset // no script can fetch them
	Others   []collect.Dataset // another script fetches them
	Uses     map[string]bool   // functions that a dataset needs
}

// section is the datasets of one service, which is signed in to once.
type section struct {
	Service collect.Service
	Title   string
	Connect string
	Tenant  string // prints the tenant; "" if no command does
	End     string
	Items   []item
}

// item is one dataset and the commands that fetch it, the preferred one first.
type item struct {
	collect.Dataset
	Commands []string
}

// render fills a template in, as a whole or not at all.
func render(w io.Writer, name, text string, p *page) error {
	parsed, err := template.New(name).Funcs(template.FuncMap{
		"ps": quotePowerShell, "sh": quoteShell, "note": note, "needs": needs, "worth": worth, "count": count,
		"join": func(texts []string) string { return strings.Join(texts, ", ") },
	}).Parse(text)
	if err != nil {
		return err
	}
	var script bytes.Buffer
	if err := parsed.Execute(&script, p); err != nil {
		return fmt.Errorf("writing the %s script: %w", name, err)
	}
	_, err = w.Write(script.Bytes())
	return err
}

var (
	cmdletName  = regexp.MustCompile(`^Get-[A-Za-z0-9]+$`)
	datasetName = regexp.MustCompile(`^[a-z0-9_]+\.[a-z0-9_]+$`)
	fieldName   = regexp.MustCompile(`^[A-Za-z0-9_]+$`)
)

// check refuses a dataset whose name is not safe in a script or as the name of a file.
func check(d collect.Dataset) error {
	if !datasetName.MatchString(d.Name) {
		return fmt.Errorf("the name of the dataset %q can't stand in a script", d.Name)
	}
	for _, way := range d.Ways {
		switch way.Service {
		case collect.Exchange, collect.Purview, collect.Teams, collect.SharePoint:
			if !cmdletName.MatchString(way.From) {
				return fmt.Errorf("dataset %s: the cmdlet %q can't stand in a script", d.Name, way.From)
			}
		}
	}
	return nil
}

// quotePowerShell writes a literal. PowerShell treats typographic quotes as plain ones, so they are
// doubled as well.
func quotePowerShell(text any) string {
	var b strings.Builder
	b.WriteByte('\'')
	for _, r := range printable(fmt.Sprint(text)) {
		if strings.ContainsRune("'\u2018\u2019\u201a\u201b", r) {
			b.WriteRune(r)
		}
		b.WriteRune(r)
	}
	b.WriteByte('\'')
	return b.String()
}

// quoteShell writes a literal for a POSIX shell.
func quoteShell(text any) string {
	return "'" + strings.ReplaceAll(printable(fmt.Sprint(text)), "'", `'\''`) + "'"
}

// printable makes line breaks and control characters spaces: a comment must not end early, and a
// reader must see what there is.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
}

// noteWidth is how many columns a line of a comment has at most.
const noteWidth = 100

// note writes text as a comment of as many lines as it needs, the second and later ones indented.
func note(text string) string {
	var b strings.Builder
	line := "#"
	for _, word := range strings.Fields(printable(text)) {
		if len(line)+1+len(word) > noteWidth && line != "#" && line != "#  " {
			b.WriteString(line + "\n")
			line = "#  "
		}
		line += " " + word
	}
	return b.String() + line
}

// needs says who waits for a dataset.
func needs(d collect.Dataset) string {
	var parts []string
	if d.Purpose != "" {
		parts = append(parts, d.Purpose)
	}
	if len(d.Controls) > 0 {
		var names []string
		for _, control := range d.Controls {
			names = append(names, fmt.Sprintf("%s (%s)", control.ID, control.Points))
		}
		parts = append(parts, fmt.Sprintf("needed by %s worth %s: %s", count(len(d.Controls), "control"), worth(d.Points), strings.Join(names, ", ")))
	}
	return strings.Join(parts, "; ")
}

// worth writes points with their noun.
func worth(points score.Points) string {
	if points == 1_00 {
		return "1 point"
	}
	return points.String() + " points"
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
