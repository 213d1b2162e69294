package main

import (
	"context"
	"crypto"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attest"
	"github.com/posture-score/posture/internal/report"
)

func newSign(t terminal) *cobra.Command {
	var (
		f    assessmentFlags // of which a signature records some
		key  string
		file printFlags
	)
	cmd := &cobra.Command{
		Use:   "sign RESULT --key FILE",
		Short: "Sign a saved assessment",
		Long: `Write an assessment that was saved with --format json as a signed statement of in-toto, in an envelope of DSSE.

The statement is about the evidence, by its digest, and says the whole result with the digests of the catalog, the parameters, the
register and the program. 'posture verify' checks it; the library of sigstore, which cosign is made of, verifies the signature, too.

The key is Ed25519, or ECDSA over P-256, in a PEM file: one of openssl, or of cosign, whose passphrase is in POSTURE_KEY_PASSWORD or
COSIGN_PASSWORD. If the result was made with --validate or --failing, say so here, too: it can be verified only by the same.`,
		Example: "  posture sign assessment.json --key key.pem --output assessment.intoto.json",
		Args:    oneArg("RESULT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if key == "" {
				return usageError{errors.New("--key is needed: a private key in a PEM file")}
			}
			signer, err := t.privateKey(key)
			if err != nil {
				return err
			}
			a, err := t.savedAssessment(args[0])
			if err != nil {
				return err
			}
			if a == nil {
				return fmt.Errorf("%s: it is no assessment that was saved with --format json", args[0])
			}
			text, err := f.signed(cmd.Context(), a, signer)
			if err != nil {
				return err
			}
			return t.write(file.output, func(w io.Writer, _ report.Style) error {
				_, err := w.Write(text)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&key, "key", "", "sign with the private key in a `FILE`")
	f.registerInputs(cmd)
	file.registerOutput(cmd)
	return cmd
}

// registerInputs adds the flags that determine a result and that the result does not tell.
func (f *assessmentFlags) registerInputs(cmd *cobra.Command) {
	f.registerValidate(cmd)
	f.registerFailing(cmd, "100")
}

// signed returns an assessment that was made by the flags in a signed envelope.
func (f *assessmentFlags) signed(ctx context.Context, a *engine.Assessment, key crypto.Signer) ([]byte, error) {
	statement, err := attest.New(a, attest.Inputs{Validate: f.validate, Failing: int(f.failing)}, program())
	if err != nil {
		return nil, err
	}
	return attest.Sign(ctx, statement, key)
}

// program returns the digest of the file of this program, or "" if it can't be read.
func program() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return ""
	}
	return "sha256:" + hex.EncodeToString(hash.Sum(nil))
}
