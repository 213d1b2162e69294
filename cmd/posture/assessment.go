package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/assessmentfile"
	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/inputfile"
)

// assessmentFlags determine the result of an assessment.
type assessmentFlags struct {
	catalogFlags
	decisions decisionFlags
	claims    claimFlags
	limits    limitFlags
	now       string
	validate  string
	failing   count
	flags     *pflag.FlagSet
	texts     bool // the command takes texts from the catalog, so that one may be given with a saved assessment, too
	current   bool // the command shows what is decided now, so that a register may be given with a saved assessment, too
	dated     bool // the command shows what is decided at a time, so that one may be given with a saved assessment, too
}

func (f *assessmentFlags) register(cmd *cobra.Command) {
	f.flags = cmd.Flags()
	f.catalogFlags.register(cmd)
	f.registerParameters(cmd)
	f.decisions.register(cmd)
	f.claims.register(cmd.Flags())
	f.limits.register(cmd.Flags())
	cmd.Flags().StringVar(&f.now, "now", "", "assess as of this `TIME`, such as 2026-01-31T12:00:00Z, or day")
	f.registerValidate(cmd)
}

func (f *assessmentFlags) registerValidate(cmd *cobra.Command) {
	registerChoice(cmd.Flags(), &f.validate, "validate", "sample", []string{"full", "sample", "off"}, "check evidence against its schemas as `MODE` says: full, sample or off")
}

// registerFailing adds --failing; usually says how many failing records the output names without it.
func (f *assessmentFlags) registerFailing(cmd *cobra.Command, usually string) {
	cmd.Flags().Var(&f.failing, "failing", "name the first `N` failing records of an action, or all (default "+usually+")")
}

// settings validates the flags and returns the settings of the engine.
func (f *assessmentFlags) settings() (engine.AssessOptions, error) {
	settings := engine.AssessOptions{Validate: engine.Validation(f.validate)}
	if _, err := f.claims.read(); err != nil {
		return settings, err
	}
	if err := f.limits.apply(&engine.Options{}); err != nil {
		return settings, err
	}
	now, err := dateFlag("now", f.now, false)
	settings.Now = now
	return settings, err
}

// given returns the name of a flag that was typed and only applies to evidence, or "".
func (f *assessmentFlags) given() string {
	switch {
	case f.now != "" && !f.dated:
		return "now"
	case typed(f.flags, "tenant"):
		return "tenant"
	case f.claims.collectedAt != "":
		return "collected-at"
	case typed(f.flags, "register") && !f.current:
		return "register"
	case f.failing != 0:
		return "failing"
	case f.limits.given() != "":
		return f.limits.given()
	case f.texts:
	case typed(f.flags, "catalog"):
		return "catalog"
	case f.noBuiltin:
		return "no-builtin"
	case typed(f.flags, "parameters"):
		return "parameters"
	}
	return ""
}

// openAssessment reads a saved assessment or assesses evidence, depending on the content at the path. The flags apply only to
// evidence: a saved assessment was made with its own.
func openAssessment(ctx context.Context, t terminal, path string, f *assessmentFlags) (*engine.Assessment, error) {
	settings, err := f.settings()
	if err != nil {
		return nil, err
	}
	if path, err = t.stream(path); err != nil {
		return nil, err
	}
	saved, err := t.savedAssessment(path)
	switch {
	case err != nil:
		return nil, err
	case saved == nil:
		return assessEvidence(ctx, t, path, f, settings)
	case f.given() != "":
		return nil, usageError{fmt.Errorf("%s is a saved assessment, made with a catalog and a time of its own: leave out --%s", path, f.given())}
	}
	return saved, nil
}

// stream returns the path of standard input for a pipe that the shell opened, such as <(...): either can be read once.
func (t *terminal) stream(path string) (string, error) {
	if !inputfile.Given(path) {
		return path, nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("opening %s: %w", path, err)
	}
	if info.Mode().IsRegular() || info.IsDir() {
		return path, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("opening %s: %w", path, err)
	}
	t.in = file
	return importer.Stdin, nil
}

// savedAssessment reads the assessment at a path. It returns nil if something else is there, which is for whoever opens evidence: what
// was read of standard input is put back.
func (t *terminal) savedAssessment(path string) (*engine.Assessment, error) {
	file, err := openFile(path)
	if err != nil {
		return nil, err
	}
	in := t.in
	switch {
	case file != nil:
		defer file.Close()
		in = file
	case path != importer.Stdin:
		return nil, nil
	}
	var seen bytes.Buffer
	found := assessmentfile.Recognise(io.TeeReader(in, &seen))
	in = io.MultiReader(&seen, in)
	if path == importer.Stdin {
		t.in = in
	}
	if !found {
		return nil, nil
	}
	a, err := assessmentfile.Read(in)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return a, nil
}

// openFile opens a file. It returns nil for a folder and for standard input.
func openFile(path string) (*os.File, error) {
	if path == importer.Stdin {
		return nil, nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	if info.IsDir() {
		return nil, nil
	}
	file, err := inputfile.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	return file, nil
}

// assessEvidence assesses the evidence at a path.
func assessEvidence(ctx context.Context, t terminal, path string, f *assessmentFlags, options engine.AssessOptions) (*engine.Assessment, error) {
	var assessment *engine.Assessment
	err := f.withEvidence(ctx, t, path, options, func(e *engine.Engine, bundle *evidence.Bundle, options engine.AssessOptions) (err error) {
		assessment, err = e.Assess(ctx, bundle, options)
		return err
	})
	return assessment, err
}

// withEvidence compiles the catalog, opens the evidence at a path, and calls a function with both and with the decisions of the register.
func (f *assessmentFlags) withEvidence(ctx context.Context, t terminal, path string, options engine.AssessOptions, function func(*engine.Engine, *evidence.Bundle, engine.AssessOptions) error) error {
	var err error
	if options.Decisions, err = f.decisions.read(); err != nil {
		return err
	}
	t.stage("load catalog")
	catalog, err := f.load(ctx)
	if err != nil {
		return err
	}
	engineOptions := engine.Options{Version: version(), MaxFailing: int(f.failing)}
	if err := f.limits.apply(&engineOptions); err != nil {
		return err
	}
	t.stage("compile")
	compiled, err := engine.Compile(ctx, catalog, engineOptions)
	if err != nil {
		return err
	}
	t.stage("read")
	bundle, err := openEvidence(ctx, t, path, &f.claims, options.Now)
	if err != nil {
		return err
	}
	defer bundle.Close()
	show, clear := t.progress()
	defer clear()
	options.Progress = show
	options.Stage = func(stage engine.AssessStage) { t.stage(string(stage)) }
	return function(compiled, bundle, options)
}
