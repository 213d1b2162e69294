package posture

import (
	"context"
	"crypto"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attest"
)

// Sign returns an assessment as a signed statement of in-toto, in an envelope of DSSE: one line of JSON, which
// `posture verify` checks. The library of sigstore, which cosign is made of, verifies the signature, too. The key is Ed25519, or ECDSA over P-256; it may be in a device or
// a service. The options are those with which the assessment was made: [WithValidation] counts.
func Sign(ctx context.Context, a *engine.Assessment, key crypto.Signer, options ...Option) ([]byte, error) {
	o := optionsOf(options)
	validate := o.settings.Validate
	if validate == "" {
		validate = engine.ValidateSample
	}
	statement, err := attest.New(a, attest.Inputs{Validate: string(validate), Failing: o.engine.MaxFailing}, "")
	if err != nil {
		return nil, err
	}
	return attest.Sign(ctx, statement, key)
}
