package main

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/cohort"
	"github.com/posture-score/posture/internal/gate"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/redact"
	"github.com/posture-score/posture/internal/report"
)

type assessFlags struct {
	assessmentFlags
	printFlags
	benchmark   benchmarkFlags
	reports     reports
	failingFile string
	gates       gateFlags
	record      bool
	recordKeys  bool
	store       storeFlags
	sign        signFlags
	redact      redactFlags
	screen      screenFlags
}

// screenFlags say how much of an assessment the table has.
type screenFlags struct {
	all, quiet bool
	top        count
}

func (f *screenFlags) register(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.all, "all", false, "print every action with its reasons, instead of what fits one screen")
	cmd.Flags().Var(&f.top, "top", "print the `N` actions that come next, or all (default 10)")
	cmd.Flags().BoolVarP(&f.quiet, "quiet", "q", false, "print one line: the score and counts")
}

// check checks that what was asked for goes together.
func (f *screenFlags) check() error {
	given := 0
	for _, is := range []bool{f.all, f.quiet, f.top != 0} {
		if is {
			given++
		}
	}
	if given > 1 {
		return usageError{errors.New("--all, --quiet and --top each say how much to print: give one of them")}
	}
	return nil
}

func (f *screenFlags) screen() report.Screen {
	return report.Screen{All: f.all, Quiet: f.quiet, Top: f.top.most()}
}

func newAssess(t terminal) *cobra.Command {
	var f assessFlags
	cmd := &cobra.Command{
		Use:   "assess PATH",
		Short: "Evaluate evidence and print the score",
		Long: `Evaluate the catalog over evidence, and print the score, its parts, what to do next, and what could not be assessed: what fits one screen.
--top says how many actions come next, --all prints every action with the reasons behind it, and --quiet one line.

PATH is an evidence bundle (a folder, .zip, .tar.gz or .tar.zst), or a folder or an archive of exports: ScubaGear's
ProviderSettingsExport.json or ScubaResults, saved Microsoft Graph responses and answers of PowerShell cmdlets, together or alone. It may
be one such file, or - for standard input. An assessment that was saved with --format json is shown as it is.

--format html writes everything that 'posture serve' shows into one file that opens in any browser, offline, and is complete without
scripts. It has the history of the tenant, if there is one, and prints as a summary or as a whole.

The assessment is made as of the time at which the evidence was collected, so that the same input gives the same result; --now
says another time. Saved responses and answers don't say when they were collected: give --collected-at for a result that can be
repeated. Where no file says which tenant it is, --tenant does.

Of the records that fail an action all are counted, and JSON names the first 100, in the order of the evidence; --failing says
how many. The table of --all names three at most. However many there are, --failing-file writes each of them into a file, as a line of JSON, or of
CSV if its name ends in .csv, with the action, the dataset, the key of the record, and the reasons. It takes no memory for them, and the file is replaced as a
whole once the evidence has been assessed. A pipe or a device is written to while the evidence is read, and the digests of the
manifest are those of what was read: what it got counts only if the command does not fail.

--format xlsx writes a workbook with the summary, the actions, the failing records that are named, and the history, if there is one.

--report FORMAT=FILE writes a file beside the page, and may be given several times; - is standard output. docs/formats.md says what each
format is for. --format template=FILE writes what a text/template of Go makes of the assessment as JSON.

Gates say what the assessment has to be like; the exit code is 3 if one is not met: --fail-under for the score or a part of it, --fail-on
for events such as a regression since --baseline, --require-assessed and --max-age for the evidence. A gate that can't be judged, for
want of evidence or of a baseline, fails, too, and says so. Those of posture.hcl hold where no flag says otherwise. PATH may be a saved
assessment. See docs/gates.md.

With --benchmark, or a comparison in posture.hcl, the score is shown beside those of cohorts: the gap, the percentile, and the actions
that most of the cohort that suits best has completed and that are open here. See docs/benchmarks.md.

--sign makes the assessment a signed statement of in-toto in an envelope of DSSE, which 'posture verify' checks. It is written
instead of a page, or into the file of --envelope beside one. 'posture sign' signs an assessment that was saved.

--redact replaces names, addresses and ids of people, records, tenants and owners, and what somebody wrote, by pseudonyms, in every format
and in --failing-file: what can be passed on. The key is in a file (--redact-key) or in POSTURE_REDACT_KEY; with it the same name has
the same pseudonym each time. What --record keeps stays as it is. See docs/trust.md.

--record keeps the assessment in the history, from which 'posture history' tells what changed since when and why. With --record-keys it
keeps hashes of the keys of all records, too, with what each control said of them: then users that came and left are told from
settings that changed when the evidence is gone. Hashes of keys are pseudonyms: they are not anonymous.`,
		Example: `  posture assess testdata/contoso
  posture assess testdata/contoso --all
  posture assess assessment.json --quiet --fail-under 70
  posture assess ProviderSettingsExport.json --format json --output assessment.json
  posture assess evidence.tar.zst --catalog ./our-controls --parameters parameters.hcl --fail-under 70
  posture assess evidence.tar.zst --fail-under identity=80 --fail-on regression --baseline main.json --max-age 48h
  posture assess evidence.tar.zst --failing-file failing.ndjson
  posture assess evidence.tar.zst --benchmark microsoft
  posture assess evidence.tar.zst --record --record-keys
  posture assess testdata/contoso --sign key.pem --envelope assessment.intoto.json
  posture assess testdata/contoso --redact --redact-key redact.key --format json -o redacted.json
  posture assess testdata/contoso --format html -o contoso.html
  posture assess testdata/contoso --report sarif=posture.sarif --report junit=posture.xml --report markdown=summary.md`,
		Args: oneArg("PATH"),
		RunE: func(cmd *cobra.Command, args []string) error { return assess(cmd.Context(), t, f, args[0]) },
	}
	f.register(cmd)
	return cmd
}

func (f *assessFlags) register(cmd *cobra.Command) {
	f.assessmentFlags.register(cmd)
	f.printFlags.register(cmd, report.Assessment{})
	f.registerOutput(cmd)
	f.registerFailing(cmd, "100")
	f.benchmark.register(cmd)
	cmd.Flags().Var(&f.reports, "report", "write a file beside the page: `FORMAT=FILE`, such as sarif=posture.sarif (repeatable)")
	cmd.Flags().StringVar(&f.failingFile, "failing-file", "", "write every failing record into a `FILE`, one on a line: as CSV if its name ends in .csv, and otherwise as NDJSON")
	cmd.Flags().BoolVar(&f.record, "record", false, "keep the assessment in the history")
	cmd.Flags().BoolVar(&f.recordKeys, "record-keys", false, "with --record, keep hashes of the keys of records, too: so who came and left is told from settings")
	f.sign.register(cmd)
	f.redact.register(cmd)
	f.store.register(cmd, "the store of --record, which is made if it is missing")
	f.gates.register(cmd)
	f.screen.register(cmd)
}

// settings validates the flags and returns the settings of the engine.
func (f *assessFlags) settings() (engine.AssessOptions, error) {
	if _, err := f.outputs(); err != nil {
		return engine.AssessOptions{}, err
	}
	if typed(f.flags, "store") && !f.record && !f.writes(html, xlsx) && !f.gates.compares() {
		return engine.AssessOptions{}, usageError{errors.New("--store says where --record keeps the assessment, whose history --format html and xlsx show, or what gates compare with: give one of them, too")}
	}
	if f.recordKeys && !f.record {
		return engine.AssessOptions{}, usageError{errors.New("--record-keys says what --record keeps: give --record, too")}
	}
	if err := errors.Join(f.sign.check(f.askedFormat()), f.redact.check(), f.screen.check()); err != nil {
		return engine.AssessOptions{}, err
	}
	settings, err := f.assessmentFlags.settings()
	if f.recordKeys {
		settings.Verdicts = new(engine.Verdicts)
	}
	return settings, err
}

// askedFormat returns the format, if the command line asks for it: one that holds for all pages gives way to what is written instead of a page.
func (f *assessFlags) askedFormat() string {
	if typed(f.flags, "format") {
		return f.format
	}
	return report.Formats(report.Assessment{})[0]
}

// preparation is what an assessment takes beside the evidence.
type preparation struct {
	settings  engine.AssessOptions
	key       crypto.Signer
	names     *redact.Redactor
	templates map[string]*report.Template
	compare   func(*engine.Assessment) (*cohort.Comparison, error)
	gates     *gatekeeper
	keep      func(*engine.Assessment) error
}

// prepare opens all that flags name, so that what can't be used is reported before the work. Whoever calls it calls keep.
func (f *assessFlags) prepare(ctx context.Context, t terminal) (with preparation, err error) {
	if with.settings, err = f.settings(); err != nil {
		return with, err
	}
	if with.key, err = f.sign.signer(t); err != nil {
		return with, err
	}
	if with.names, err = f.redact.redactor(ctx, t, &f.catalogFlags); err != nil {
		return with, err
	}
	if with.templates, err = f.templates(); err != nil {
		return with, err
	}
	if with.compare, err = f.comparer(ctx); err != nil {
		return with, err
	}
	if err = f.historyKeys(ctx, &with.settings); err != nil {
		return with, err
	}
	if with.gates, err = f.gatekeeper(ctx, t, &with.settings); err != nil {
		return with, err
	}
	with.keep, err = f.recorder(ctx, t, with.settings.Verdicts)
	return with, err
}

func assess(ctx context.Context, t terminal, f assessFlags, path string) error {
	with, err := f.prepare(ctx, t)
	if err != nil {
		return err
	}
	assessment, saved, err := f.evaluate(ctx, t, path, with.settings, with.names)
	if err == nil {
		if err = f.gates.knows(with.gates.rules, assessment); err != nil {
			assessment = nil // a mistake of the command line records nothing
		}
	}
	kept := with.keep(assessment)
	if err != nil {
		return errors.Join(err, kept)
	}
	comparison, err := with.compare(assessment)
	if err != nil {
		return errors.Join(err, kept)
	}
	verdicts, err := with.gates.judge(ctx, assessment, with.settings.Verdicts)
	if err != nil {
		return errors.Join(err, kept)
	}
	// What could not be kept is shown all the same.
	shown, since := assessment, with.gates.since
	if with.names != nil {
		if shown, comparison, err = redacted(with.names, assessment, comparison); err != nil {
			return errors.Join(fmt.Errorf("%s: %w", path, err), kept)
		}
		since = with.names.Attribution(since)
	}
	page, err := f.page(ctx, shown, comparison, verdicts, with.settings.Verdicts, saved)
	if err == nil {
		page.Screen, page.Baseline = f.screen.screen(), since
		err = f.showSigned(ctx, t, with.key, with.templates, page)
	}
	err = errors.Join(err, kept)
	t.sayGates(verdicts)
	if err == nil && gate.Failed(verdicts) {
		return failure(exitGate)
	}
	return err
}

// recorder returns a function that keeps an assessment in the history if --record is given, and closes the store. The store is opened
// first, so that one that can't be is reported before the work.
func (f *assessFlags) recorder(ctx context.Context, t terminal, verdicts *engine.Verdicts) (keep func(*engine.Assessment) error, err error) {
	if !f.record {
		return func(*engine.Assessment) error { return nil }, nil
	}
	if !f.recordKeys {
		verdicts = nil
	}
	url, err := f.store.find(ctx, f.decisions.path)
	if err != nil {
		return nil, err
	}
	store, err := history.Open(ctx, url)
	if err != nil {
		return nil, err
	}
	return func(a *engine.Assessment) error {
		if a == nil {
			return store.Close()
		}
		t.stage("record")
		entry, isNew, err := store.AppendRecords(ctx, a, history.Posture, verdicts)
		if err = errors.Join(err, store.Close()); err != nil {
			return err
		}
		switch {
		case isNew:
			t.say("recorded as entry %d in %s", entry.ID, store)
		case verdicts != nil && entry.Digests.Records == "":
			t.say("%s has the same assessment already, as entry %d, without record keys: an entry stays as it is", store, entry.ID)
		default:
			t.say("%s has the same assessment already, as entry %d", store, entry.ID)
		}
		return nil
	}, nil
}

// evaluate assesses the evidence at a path and writes the failing records to --failing-file, if it is given; or it reads an assessment
// that was saved.
func (f *assessFlags) evaluate(ctx context.Context, t terminal, path string, settings engine.AssessOptions, names *redact.Redactor) (a *engine.Assessment, saved bool, err error) {
	commit := func() error { return nil }
	if f.failingFile != "" {
		// Opened first, so that a file that can't be written is reported before the work.
		file, err := t.create(f.failingFile)
		if err != nil {
			return nil, false, unwritten(f.failingFile, err)
		}
		defer file.Discard()
		list := report.NewFailures(file, f.failingFile)
		settings.Failures = func(record engine.Failure) error {
			if names != nil {
				record = names.Failure(record)
			}
			return unwritten(f.failingFile, list.Add(record))
		}
		commit = func() error {
			if err := list.Flush(); err != nil {
				return unwritten(f.failingFile, err)
			}
			return unwritten(f.failingFile, file.Commit())
		}
	}
	if path, err = t.stream(path); err != nil {
		return nil, false, err
	}
	if a, err = t.savedAssessment(path); a != nil || err != nil && !errors.Is(err, fs.ErrNotExist) { // which is told below
		if given := f.madeWithEvidence(); err == nil && given != "" {
			return nil, false, usageError{fmt.Errorf("%s is a saved assessment, made with a catalog and a time of its own: leave out --%s", path, given)}
		}
		return a, true, err
	}
	if a, err = assessEvidence(ctx, t, path, &f.assessmentFlags, settings); err != nil {
		return nil, false, err
	}
	return a, false, commit()
}

// madeWithEvidence returns the name of a flag that was given and only applies to evidence, or "". The page takes texts from a catalog.
func (f *assessFlags) madeWithEvidence() string {
	flags := f.assessmentFlags
	flags.texts = f.writes(append(report.Explaining(), html, "graph")...) || f.redact.on
	if f.gates.maxAge != "" { // it is the time at which the age is judged
		flags.now = ""
	}
	switch {
	case f.failingFile != "":
		return "failing-file"
	case f.record:
		return "record"
	case f.sign.key != "":
		return "sign"
	}
	return flags.given()
}
