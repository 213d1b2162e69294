package defender

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"strings"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer/psobject"
	"github.com/posture-score/posture/schemas"
)

// Dataset is what the files make.
const Dataset = "defender_endpoint.secure_configuration"

// Skipped is a file that made no evidence.
type Skipped struct{ Path, Reason string }

// Answers are files about devices.
type Answers struct {
	files   fs.FS
	limits  evidence.Limits
	dataset *schemas.Dataset
	names   []string
	fault   string // why no dataset can be made of them, or ""
	skipped []Skipped
}

// IsRow tells from the names of the members of a JSON object whether it is about a device and a setting.
func IsRow(names []string) bool {
	return has(names, "deviceId") && has(names, "configurationId") && (has(names, "isCompliant") || has(names, "isApplicable"))
}

// IsAnswer tells from the names of the members of a JSON object whether it is an answer of advanced hunting.
func IsAnswer(names []string) bool { return has(names, "schema") && has(names, "results") }

// IsContext tells whether the "@odata.context" of an answer of Graph is that of advanced hunting.
func IsContext(context string) bool { return strings.HasSuffix(context, "huntingQueryResults") }

func has(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
}

// Read looks through files. What is wrong with one of them costs the dataset: the devices in it would be missing.
func Read(ctx context.Context, files fs.FS, names []string, registry *schemas.Registry, limits evidence.Limits) (*Answers, error) {
	dataset, ok := registry.Dataset(Dataset)
	if !ok {
		return nil, fmt.Errorf("dataset %s has no schema", Dataset)
	}
	a := &Answers{files: files, limits: limits, dataset: dataset}
	for _, name := range names {
		found, err := walk(ctx, files, name, limits, nil)
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil:
			a.names = append(a.names, name)
			a.spoil(fmt.Sprintf("%s: %v", name, err))
		case found.rows == 0 && found.others == 0: // of whatever table
			a.skipped = append(a.skipped, Skipped{Path: name, Reason: "it holds no record of a device and a setting"})
		case found.rows == 0:
			a.skipped = append(a.skipped, Skipped{Path: name, Reason: "it is an answer of advanced hunting, but not of the table DeviceTvmSecureConfigurationAssessment"})
		default:
			a.names = append(a.names, name)
			a.spoil(found.doubt(name))
		}
	}
	return a, nil
}

// spoil notes why no dataset can be made; the first reason stays.
func (a *Answers) spoil(why string) {
	if a.fault == "" {
		a.fault = why
	}
}

// Skipped tells which files made no evidence.
func (a *Answers) Skipped() []Skipped { return a.skipped }

// Datasets names the dataset that Write will write, and a file of it.
func (a *Answers) Datasets() map[string]string {
	if len(a.names) == 0 {
		return nil
	}
	return map[string]string{Dataset: a.names[0]}
}

// Write writes the dataset.
func (a *Answers) Write(ctx context.Context, w *evidence.Writer) error {
	switch {
	case len(a.names) == 0:
		return nil
	case a.fault != "":
		w.Fail(Dataset, a.fault)
		return nil
	}
	saved := psobject.Files{}
	err := w.Records(Dataset, a.records(ctx, saved))
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		w.Fail(Dataset, err.Error())
	default:
		w.Truncated(Dataset, saved.Truncated()...)
	}
	return nil
}

// errStop ends a walk whose records nobody wants any more.
var errStop = errors.New("stop")

// records streams the records of all files, in the order of their names.
func (a *Answers) records(ctx context.Context, saved psobject.Files) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		for _, name := range a.names {
			file := saved.Of(name)
			_, err := walk(ctx, a.files, name, a.limits, func(record map[string]any, level int) error {
				if !yield(file.Convert(record, level, nil, a.dataset.Shape()), nil) {
					return errStop
				}
				return nil
			})
			if errors.Is(err, errStop) {
				return
			}
			if err != nil {
				yield(nil, fmt.Errorf("%s: %w", name, err))
				return
			}
		}
	}
}
