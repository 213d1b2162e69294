package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/atomicfile"
	"github.com/posture-score/posture/internal/cohort"
	"github.com/posture-score/posture/internal/gate"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/inputfile"
	"github.com/posture-score/posture/internal/report"
	"github.com/posture-score/posture/internal/securescore"
)

// templateFormat is the format of a template of the user; templateWord is how it is written on the command line.
const (
	templateFormat = "template"
	templateWord   = templateFormat + "=FILE"
)

// formatWords returns the formats of a page as they are written on the command line.
func formatWords(page report.Page) []string {
	words := report.Formats(page)
	if i := slices.Index(words, templateFormat); i >= 0 {
		words[i] = templateWord
	}
	return words
}

// reports are the values of --report: what is written besides the page, each in its format and to its file.
type reports []printFlags

// Set is part of pflag.Value.
func (r *reports) Set(text string) error {
	format, output, ok := strings.Cut(text, "=")
	if ok && format == templateFormat {
		var file string
		file, output, ok = strings.Cut(output, "=")
		format += "=" + file
	}
	if !ok || output == "" || !isChoice(format, formatWords(report.Assessment{})) {
		return errors.New("not a format and a file")
	}
	*r = append(*r, printFlags{format: format, output: output})
	return nil
}

// String is part of pflag.Value.
func (r *reports) String() string {
	if r == nil {
		return ""
	}
	var texts []string
	for _, one := range *r {
		texts = append(texts, one.format+"="+one.output)
	}
	return strings.Join(texts, " ")
}

// reportType is the type of reports as pflag knows it.
const reportType = "report"

// Type is part of pflag.Value.
func (*reports) Type() string { return reportType }

// outputs returns the page and the reports, without the page if a report takes its place on standard output, or an error if two of them
// lead to one place. A signed assessment that takes the place of the page stays.
func (f *assessFlags) outputs() ([]printFlags, error) {
	all := append([]printFlags{f.printFlags}, f.reports...)
	if f.format == report.Formats(report.Assessment{})[0] && standardOutput(f.output) && (f.sign.key == "" || f.sign.envelope != "") &&
		slices.ContainsFunc(f.reports, func(r printFlags) bool { return standardOutput(r.output) }) {
		all = all[1:]
	}
	names := []string{f.failingFile, f.sign.envelope}
	for _, one := range all {
		for _, name := range names {
			if name == "" {
				continue
			}
			if standardOutput(one.output) && standardOutput(name) || !standardOutput(one.output) && !standardOutput(name) && atomicfile.Same(one.output, name) {
				return nil, usageError{fmt.Errorf("two outputs lead to %s: name another file for one of --output, --report, --failing-file and --envelope", place(name))}
			}
		}
		output := one.output
		if output == "" {
			output = "-"
		}
		names = append(names, output)
	}
	return all, nil
}

// place returns where a name leads, in words.
func place(name string) string {
	if standardOutput(name) {
		return "standard output"
	}
	return "the same file, " + name
}

// writes reports whether the page or a report has one of some formats.
func (f *assessFlags) writes(formats ...string) bool {
	all := append([]printFlags{f.printFlags}, f.reports...)
	return slices.ContainsFunc(all, func(one printFlags) bool { return slices.Contains(formats, one.name()) })
}

// templates parses the templates, before the work, by the names of their files.
func (f *assessFlags) templates() (map[string]*report.Template, error) {
	parsed := map[string]*report.Template{}
	for _, one := range append([]printFlags{f.printFlags}, f.reports...) {
		_, file, _ := strings.Cut(one.format, "=")
		if one.name() != templateFormat || parsed[file] != nil {
			continue
		}
		text, err := inputfile.ReadFile(file, report.MaxTemplate)
		if err != nil {
			return nil, fmt.Errorf("opening %s: %w", file, atomicfile.Bare(err))
		}
		if parsed[file], err = report.ParseTemplate(file, string(text)); err != nil {
			return nil, err
		}
	}
	return parsed, nil
}

// page returns the page of an assessment, with what its formats need.
func (f *assessFlags) page(ctx context.Context, a *engine.Assessment, comparison *cohort.Comparison, gates []gate.Verdict, verdicts *engine.Verdicts, saved bool) (report.Assessment, error) {
	page := report.Assessment{Assessment: a, Comparison: comparison, Gates: gates, File: f.file(ctx, a, gates, verdicts, saved), Graph: f.graph(ctx, a)}
	var err error
	if f.writes(xlsx) && a.Redaction == nil {
		if page.History, err = f.past(ctx, a.Tenant.ID); err != nil {
			return page, err
		}
	}
	if !f.writes(report.Explaining()...) {
		return page, nil
	}
	page.Controls, err = f.load(ctx)
	return page, err
}

// xlsx is the format of a workbook, which has the history.
const xlsx = "xlsx"

// past returns the entries of a tenant in the history, newest first. There is none without a store.
func (f *assessFlags) past(ctx context.Context, tenant string) (entries []history.Entry, err error) {
	if tenant == "" {
		return nil, nil
	}
	url, err := f.store.find(ctx, f.decisions.path)
	if err != nil {
		return nil, err
	}
	store, err := history.OpenExisting(ctx, url)
	if errors.Is(err, history.ErrNone) && !typed(f.flags, "store") {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = store.Close() }() // it was only read
	for entry, err := range store.Entries(ctx, history.Filter{Tenant: tenant, Origin: history.Any, Newest: true}) {
		if err != nil {
			return nil, err
		}
		entries = append(entries, entry)
	}
	return entries, nil
}

// graph returns a function that writes an assessment as answers of Microsoft Graph, as 'posture export graph' does.
func (f *assessFlags) graph(ctx context.Context, a *engine.Assessment) func(io.Writer) error {
	return func(w io.Writer) error {
		if a.Tenant.ID == "" {
			return errNoTenant()
		}
		cat, err := f.load(ctx)
		if err != nil {
			return err
		}
		benchmark, err := cohort.Microsoft()
		if err != nil {
			return err
		}
		export := securescore.NewExport(a, cat, benchmark)
		return encodeAnswer(w, securescore.Combined{SecureScore: export.Scores, Profiles: export.Profiles})
	}
}

// showAll prints the page and writes the reports. One that can't be written does not keep the others from being written.
func (t terminal) showAll(outputs []printFlags, templates map[string]*report.Template, page report.Assessment) error {
	var errs []error
	for _, one := range outputs {
		_, file, _ := strings.Cut(one.format, "=")
		page.Template = templates[file]
		errs = append(errs, t.show(one, page))
	}
	return errors.Join(errs...)
}
