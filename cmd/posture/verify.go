package main

import (
	"bytes"
	"context"
	"crypto"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/assessmentfile"
	"github.com/posture-score/posture/internal/atomicfile"
	"github.com/posture-score/posture/internal/attest"
	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/importer/jsonfile"
	"github.com/posture-score/posture/internal/inputfile"
	"github.com/posture-score/posture/internal/report"
)

type verifyFlags struct {
	assessmentFlags
	printFlags
	evidence string
	key      string
	redact   redactFlags
}

func newVerify(t terminal) *cobra.Command {
	var f verifyFlags
	cmd := &cobra.Command{
		Use:   "verify RESULT --evidence PATH",
		Short: "Check the signature of a result, and make it again from the evidence",
		Long: `Check a result: an assessment that was saved with --format json, or a signed one.

The signature is checked with --key, a public key; an unsigned result is refused then. The assessment is made again, of the evidence at
--evidence, as of the time that the result says, with the catalog, parameters and register that the flags name: it has to be the
same, byte for byte. If it is not, what it was made of comes first (another catalog, register or version explains the rest), and
then each action and field that differs. The exit code is 0 if the result is verified, and 1 if it is not.

A signed result says how it was made (--validate, --failing); an unsigned one needs the same flags. One whose names were
replaced needs the key of the pseudonyms. Other commands take no signed results: with --output the assessment in one is written as
JSON for them, once it is verified.`,
		Example: `  posture verify assessment.json --evidence testdata/contoso
  posture verify assessment.intoto.json --evidence evidence.tar.zst --key key.pub --register register.hcl --output assessment.json`,
		Args: oneArg("RESULT"),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, t, args[0]) },
	}
	cmd.Flags().StringVar(&f.evidence, "evidence", "", "the evidence of the result, a `PATH` as assess takes it")
	cmd.Flags().StringVar(&f.key, "key", "", "require a signature by the public key in a `FILE`")
	f.catalogFlags.register(cmd)
	f.registerParameters(cmd)
	f.decisions.register(cmd)
	f.claims.register(cmd.Flags())
	f.registerInputs(cmd)
	f.redact.registerKey(cmd)
	f.printFlags.register(cmd, report.Attestation{})
	cmd.Flags().StringVarP(&f.output, "output", "o", "", "write the assessment to a `FILE` as JSON, if it is verified")
	return cmd
}

func (f *verifyFlags) run(cmd *cobra.Command, t terminal, path string) error {
	if f.evidence == "" {
		return usageError{errors.New("--evidence is needed: the evidence of the result")}
	}
	if path == importer.Stdin && f.evidence == importer.Stdin {
		return usageError{errors.New("RESULT and --evidence can't both be standard input")}
	}
	var key crypto.PublicKey
	if f.key != "" {
		var err error
		if key, err = publicKey(f.key); err != nil {
			return err
		}
	}
	r, err := t.readResult(path)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	page := report.Attestation{Signed: r.envelope != nil, Extra: r.Extra}
	if key != nil {
		if page.KeyID, err = dsse.SHA256KeyID(key); err != nil {
			return fmt.Errorf("naming the key %s: %w", f.key, err)
		}
		page.Problem = r.problem(cmd.Context(), key)
	}
	// What has a wrong signature is not worth the work, and may be made to cost much.
	if page.Problem == "" {
		if page.Comparison, err = f.again(cmd.Context(), t, r); err != nil {
			return err
		}
		page.OtherBuild = r.otherBuild()
	}
	as := f.printFlags
	as.output = "" // which is for the assessment
	if err := t.show(as, page); err != nil {
		return err
	}
	if !page.Verified() {
		return failure(exitFailure)
	}
	if f.output == "" {
		return nil
	}
	return t.write(f.output, func(w io.Writer, style report.Style) error {
		return report.Write(w, report.Assessment{Assessment: r.assessment}, "json", style)
	})
}

// result is a result that was read.
type result struct {
	*attest.Saved
	assessment *engine.Assessment
	envelope   *attest.Envelope // nil if it is not signed
}

// readResult reads an assessment or an envelope.
func (t terminal) readResult(path string) (*result, error) {
	text, err := t.readAll(path, attest.MaxBytes)
	if err != nil {
		return nil, err
	}
	if attest.Recognise(text) {
		e, err := attest.ReadEnvelope(text)
		if err != nil {
			return nil, err
		}
		return &result{&attest.Saved{Text: e.Statement.Predicate.Result}, e.Assessment, e}, nil
	}
	saved, err := attest.Read(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	a, err := assessmentfile.Read(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	return &result{saved, a, nil}, nil
}

// readAll reads a file or standard input of at most so many bytes.
func (t terminal) readAll(path string, most int64) ([]byte, error) {
	if path != importer.Stdin {
		text, err := inputfile.ReadFile(path, most)
		return decoded(text, atomicfile.Bare(err))
	}
	text, err := io.ReadAll(io.LimitReader(t.in, most+1))
	if err == nil && int64(len(text)) > most {
		err = fmt.Errorf("it is larger than %d MiB", most>>20)
	}
	return decoded(text, err)
}

// decoded returns text as UTF-8 without a byte order mark: shells save what they read otherwise.
func decoded(text []byte, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	return io.ReadAll(jsonfile.Text(bytes.NewReader(text)))
}

// problem returns what is wrong with the signature; "" if nothing is.
func (r *result) problem(ctx context.Context, key crypto.PublicKey) string {
	if r.envelope == nil {
		return "there is none: the result is not signed"
	}
	if err := r.envelope.Verify(ctx, key); err != nil {
		return err.Error()
	}
	return ""
}

// otherBuild reports whether a program with another digest made the result.
func (r *result) otherBuild() bool {
	if r.envelope == nil || r.envelope.Statement.Predicate.Engine.Digest == nil {
		return false
	}
	here := program()
	return here != "" && here != "sha256:"+r.envelope.Statement.Predicate.Engine.Digest.SHA256
}

// again makes a result again, and compares both.
func (f *verifyFlags) again(ctx context.Context, t terminal, r *result) (*attest.Comparison, error) {
	flags := f.assessmentFlags
	flags.limits.timeout = engine.DefaultTimeout
	flags.now = r.assessment.EvaluatedAt.Format(time.RFC3339Nano)
	if limits := r.assessment.Limits; limits != nil {
		flags.limits.steps, flags.limits.memory = steps(limits.Steps), size(limits.Memory)
	}
	if r.envelope != nil {
		inputs := r.envelope.Statement.Predicate.Inputs
		flags.validate, flags.failing = inputs.Validate, count(inputs.Failing)
	} else if flags.failing == 0 {
		flags.failing = named(r.assessment)
	}
	settings, err := flags.settings()
	if err != nil {
		return nil, err
	}
	f.redact.on = r.assessment.Redaction != nil
	names, err := f.redact.redactor(ctx, t, &flags.catalogFlags)
	if err != nil {
		return nil, err
	}
	a, err := assessEvidence(ctx, t, f.evidence, &flags, settings)
	if err != nil {
		return nil, err
	}
	if names != nil {
		a = names.Assessment(a)
	}
	text, err := attest.Canonical(a)
	if err != nil {
		return nil, err
	}
	return attest.Compare(r.Text, text)
}

// named returns how many records an assessment names for each action, as far as it shows: where it leaves some out, it names as many as it
// was to name.
func named(a *engine.Assessment) count {
	for _, action := range a.Actions {
		if f := action.Failing; f != nil && int64(len(f.Shown)) < f.Total {
			return count(len(f.Shown))
		}
		if x := action.Excluded; x != nil && int64(len(x.Shown)) < x.Total {
			return count(len(x.Shown))
		}
	}
	return -1 // all
}
