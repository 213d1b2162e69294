package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/atomicfile"
	"github.com/posture-score/posture/internal/cohort"
	"github.com/posture-score/posture/internal/securescore"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/internal/snapshot"
)

type exportGraphFlags struct {
	assessmentFlags
	dir       string
	benchmark string
}

func newExport(t terminal) *cobra.Command {
	return group("export", "Write an assessment in the format of another program", "  posture export graph testdata/contoso -o answers", newExportGraph(t))
}

func newExportGraph(t terminal) *cobra.Command {
	var f exportGraphFlags
	cmd := &cobra.Command{
		Use:   "graph PATH -o DIR",
		Short: "Write an assessment as Microsoft Graph answers about Secure Score",
		Long: `Write evidence, or an assessment that was saved with assess --format json, in the format of Microsoft Graph's answers about Secure Score, so
that programs that read those read it unchanged: secureScores.json and secureScoreControlProfiles.json are the two answers, and
secureScore.json is both in one object, as heimdall2 reads them. Files of these names are replaced.

Controls that do not apply have a profile and no score; previews have neither. Averages of other tenants are those that Microsoft
published last, unless --benchmark or a comparison in posture.hcl names a file. Graph knows fewer statuses: risk accepted is Ignored, third party and alternate
mitigation are ThirdParty, which a comment tells apart, and planned is Reviewed. How many users are active or licensed is not known: 0.`,
		Example: `  posture export graph testdata/contoso -o answers
  posture export graph assessment.json -o answers --benchmark benchmark.json`,
		Args: oneArg("PATH"),
		RunE: func(cmd *cobra.Command, args []string) error { return runExportGraph(cmd, t, &f, args[0]) },
	}
	f.register(cmd)
	f.texts = true
	cmd.Flags().StringVarP(&f.dir, "output", "o", "", "the `DIR` to write into; it is made if it is missing")
	cmd.Flags().StringVar(&f.benchmark, "benchmark", "", "take the averages of other tenants from a benchmark `FILE`")
	return cmd
}

func runExportGraph(cmd *cobra.Command, t terminal, f *exportGraphFlags, path string) error {
	if f.dir == "" {
		return usageError{errors.New("say where to write: -o DIR")}
	}
	if within(f.dir, path) {
		return usageError{fmt.Errorf("%s is read: name a folder outside of it", path)}
	}
	benchmark, err := f.averages(configured(cmd.Context()).settings)
	if err != nil {
		return err
	}
	a, err := openAssessment(cmd.Context(), t, path, &f.assessmentFlags)
	if err != nil {
		return err
	}
	cat, err := f.load(cmd.Context())
	if err != nil {
		return err
	}
	if a.Tenant.ID == "" {
		return errNoTenant()
	}
	export := securescore.NewExport(a, cat, benchmark)
	if err := os.MkdirAll(f.dir, 0o755); err != nil { //nolint:gosec // the files in it are for their owner alone
		return fmt.Errorf("writing %s: %w", f.dir, atomicfile.Bare(err))
	}
	for _, file := range []struct {
		name   string
		answer any
	}{
		{"secureScores.json", export.Scores},
		{"secureScoreControlProfiles.json", export.Profiles},
		{"secureScore.json", securescore.Combined{SecureScore: export.Scores, Profiles: export.Profiles}},
	} {
		if err := t.writeAnswer(filepath.Join(f.dir, file.name), path, file.answer); err != nil {
			return err
		}
	}
	t.say("wrote %d scores and %d profiles of %s to %s", len(export.Scores.Value[0].ControlScores), len(export.Profiles.Value), a.Tenant.ID, f.dir)
	return nil
}

// within reports whether a folder is another one, or lies in it.
func within(dir, other string) bool {
	inner, err := filepath.Abs(dir)
	outer, failed := filepath.Abs(other)
	if err != nil || failed != nil {
		return false
	}
	info, err := os.Stat(outer)
	return err == nil && info.IsDir() && (inner == outer || strings.HasPrefix(inner, outer+string(filepath.Separator)))
}

// averages returns the benchmark that averages are taken from.
func (f *exportGraphFlags) averages(s *settings.Settings) (*cohort.Benchmark, error) {
	path := f.benchmark
	if path == "" && s.Comparison != nil {
		path = s.Comparison.Benchmark
	}
	return snapshot.OpenBenchmark(cmp.Or(path, settings.Microsoft))
}

// writeAnswer writes one file of the export. It never replaces what it was made of.
func (t terminal) writeAnswer(name, source string, answer any) error {
	if atomicfile.Same(name, source) {
		return usageError{fmt.Errorf("%s would be replaced, and is read: name another folder", name)}
	}
	var text bytes.Buffer
	if err := encodeAnswer(&text, answer); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return unwritten(name, t.overwrite(name, text.Bytes()))
}

// encodeAnswer writes an answer of Microsoft Graph.
func encodeAnswer(w io.Writer, answer any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(answer)
}

func errNoTenant() error {
	return usageError{errors.New("the evidence does not say of which tenant it is, and Graph's answers do: give --tenant ID")}
}
