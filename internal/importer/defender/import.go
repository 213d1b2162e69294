package defender

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"strings"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/importer/jsonfile"
	"github.com/posture-score/posture/internal/importer/psobject"
	"github.com/posture-score/posture/schemas"
)

const dataset = "defender_endpoint.secure_configuration"

// Importer is the [importer.Importer] of files about the settings of devices.
type Importer struct{}

// Info is part of [importer.Importer].
func (Importer) Info() importer.Info { return importer.Info{Name: "defender"} }

// Detect is part of [importer.Importer]. A record names a device and a setting; an answer of advanced hunting has a
// schema and results, or a context of its own.
func (Importer) Detect(_ context.Context, head importer.Head, _ fs.FS) importer.Match {
	if isRow(head.Members) || has(head.Members, "schema") && has(head.Members, "results") || strings.HasSuffix(head.Context, "huntingQueryResults") {
		return importer.Yes
	}
	return importer.No
}

// Import is part of [importer.Importer]. What is wrong with a file costs the dataset: its devices would be missing.
func (Importer) Import(ctx context.Context, in importer.Input) (*importer.Report, error) {
	schema, ok := in.Registry.Dataset(dataset)
	if !ok {
		return nil, fmt.Errorf("dataset %s has no schema", dataset)
	}
	a := &answers{files: in.Files, limits: in.Limits, dataset: schema}
	report := &importer.Report{Collector: evidence.Collector{Name: "Microsoft Defender"}, Write: a.write}
	for _, name := range in.Names {
		found, err := walk(ctx, in.Files, name, in.Limits, nil)
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil:
			a.add(name, fmt.Sprintf("%s: %v", name, err))
		case found.rows == 0 && found.others == 0: // of whatever table
			report.Skipped = append(report.Skipped, importer.Skipped{Path: name, Reason: "it holds no record of a device and a setting"})
		case found.rows == 0:
			report.Skipped = append(report.Skipped, importer.Skipped{Path: name, Reason: "it is an answer of advanced hunting, but not of the table DeviceTvmSecureConfigurationAssessment"})
		default:
			a.add(name, found.incomplete(name))
		}
	}
	if len(a.names) > 0 {
		report.Files = map[string]string{dataset: a.names[0]}
	}
	return report, nil
}

// answers are the files that make the dataset.
type answers struct {
	files   fs.FS
	limits  evidence.Limits
	dataset *schemas.Dataset
	names   []string
	failed  string // why no dataset can be made of them, or ""
}

// add adds a file. The first reason why no dataset can be made stays.
func (a *answers) add(name, failed string) {
	a.names = append(a.names, name)
	a.failed = cmp.Or(a.failed, failed)
}

// isRow reports whether the members of an object are about a device and a setting.
func isRow(names []string) bool {
	return has(names, "deviceId") && has(names, "configurationId") && (has(names, "isCompliant") || has(names, "isApplicable"))
}

func has(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
}

func (a *answers) write(ctx context.Context, w *evidence.Writer, wanted func(string) bool) error {
	switch {
	case len(a.names) == 0 || !wanted(dataset):
		return nil
	case a.failed != "":
		w.Fail(dataset, a.failed)
		return nil
	}
	saved := psobject.Files{}
	return importer.WriteDataset(ctx, w, a.dataset, a.records(ctx, saved), saved.Truncated)
}

// records streams the records of all files, in the order of their names.
func (a *answers) records(ctx context.Context, saved psobject.Files) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		for _, name := range a.names {
			file := saved.Of(name)
			_, err := walk(ctx, a.files, name, a.limits, func(record map[string]any, level int) error {
				if !yield(file.Convert(record, level, nil, a.dataset.Shape()), nil) {
					return jsonfile.ErrStop
				}
				return nil
			})
			if errors.Is(err, jsonfile.ErrStop) {
				return
			}
			if err != nil {
				yield(nil, fmt.Errorf("%s: %w", name, err))
				return
			}
		}
	}
}
