package report

import (
	"cmp"
	"strings"
)

// Configuration is the page of the settings that hold, and where they come from.
type Configuration struct {
	Path     string // of the file; empty if there is none
	Named    bool   // the file was named, as against found
	Off      bool   // no file is wanted
	Settings []Setting
}

// The kinds of places that a setting comes from.
const (
	FromFlag     = "flag"
	FromVariable = "environment"
	FromFile     = "file"
	FromDefault  = "default"
)

// Setting is one of them.
type Setting struct {
	Name     string
	Values   []string // one, or those of a list; none if it is not set
	List     bool
	Kind     string // such as [FromFlag]
	Source   string // the flag, the variable, or the file with the line; empty for a default
	Flag     string // that sets it; empty if there is none
	Variable string // that sets it; empty if there is none
	Refused  bool   // it is not used as it is, since nobody named the file
}

func (page Configuration) document() any {
	type source struct {
		Kind string `json:"kind"`
		Name string `json:"name,omitempty"`
	}
	type document struct {
		Name     string `json:"name"`
		Value    any    `json:"value"` // a text, a list of texts, or null
		Source   source `json:"source"`
		Flag     string `json:"flag,omitempty"`
		Variable string `json:"variable,omitempty"`
		Refused  bool   `json:"refused,omitempty"`
	}
	list := []document{}
	for _, s := range page.Settings {
		d := document{Name: s.Name, Source: source{s.Kind, s.Source}, Variable: s.Variable, Refused: s.Refused}
		if s.Flag != "" {
			d.Flag = "--" + s.Flag
		}
		switch {
		case s.List && s.Values != nil:
			d.Value = s.Values
		case len(s.Values) > 0:
			d.Value = s.Values[0]
		}
		list = append(list, d)
	}
	return struct {
		SchemaVersion string     `json:"schema_version"`
		File          string     `json:"file,omitempty"`
		Named         bool       `json:"named"`
		Settings      []document `json:"settings"`
	}{schemaVersion, page.Path, page.Named, list}
}

func (page Configuration) table(p *printer) {
	where := "found here or above"
	switch {
	case page.Off:
		where = "none is wanted"
	case page.Path == "":
		where = "none is here or above"
	case page.Named:
		where = "named"
	}
	p.hang("", strings.TrimSpace(clean(cmp.Or(page.Path, "posture.hcl"))+": "+where), p.bold)
	p.printf("\n")
	t := grid{columns: []gridColumn{{head: "SETTING", id: true}, {head: "VALUE", least: leastCut}, {head: "FROM", least: leastCut}}}
	refused := false
	for _, s := range page.Settings {
		value := cmp.Or(strings.Join(s.Values, ", "), "-")
		if s.Refused {
			value, refused = value+" (refused)", true
		}
		t.add(s.Name, value, cmp.Or(s.Source, s.Kind))
	}
	p.grid(&t)
	if refused {
		p.printf("\n")
		p.hang("", "A database is connected to if the file that names it is named itself, by --config or POSTURE_CONFIG, or the database by --store or POSTURE_STORE.", p.faint)
	}
}
