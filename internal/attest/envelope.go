package attest

import (
	"bytes"
	"context"
	"crypto"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/keys"
)

// MaxBytes bounds an envelope: a statement in base64.
const MaxBytes = maxBytes/3*4 + 1<<20

// maxSignatures bounds the signatures of an envelope, each of which is verified.
const maxSignatures = 16

// Sign returns a statement in a signed envelope, as one line of JSON. The same statement and key give the same bytes, unless the key is
// elsewhere, in a device or a service.
func Sign(ctx context.Context, s *Statement, key crypto.Signer) ([]byte, error) {
	payload, err := s.Encode()
	if err != nil {
		return nil, err
	}
	signer, err := dsse.NewEnvelopeSigner(signer{key})
	if err != nil {
		return nil, fmt.Errorf("signing: %w", err)
	}
	envelope, err := signer.SignPayload(ctx, PayloadType, payload)
	if err != nil {
		return nil, fmt.Errorf("signing: %w", err)
	}
	text, err := json.Marshal(envelope)
	if err != nil {
		return nil, fmt.Errorf("writing the envelope: %w", err)
	}
	return append(text, '\n'), nil
}

// signer is a dsse.Signer.
type signer struct{ key crypto.Signer }

// Sign is part of dsse.Signer.
func (s signer) Sign(_ context.Context, message []byte) ([]byte, error) {
	return keys.Sign(s.key, message)
}

// KeyID is part of dsse.Signer. It is the name that the library gives a key that has none, so that other verifiers agree.
func (s signer) KeyID() (string, error) { return dsse.SHA256KeyID(s.key.Public()) }

// verifier is a dsse.Verifier.
type verifier struct{ key crypto.PublicKey }

// Verify is part of dsse.Verifier.
func (v verifier) Verify(_ context.Context, message, signature []byte) error {
	if !keys.Verify(v.key, message, signature) {
		return errors.New("the signature is of another key or message")
	}
	return nil
}

// KeyID is part of dsse.Verifier.
func (v verifier) KeyID() (string, error) { return dsse.SHA256KeyID(v.key) }

// Public is part of dsse.Verifier.
func (v verifier) Public() crypto.PublicKey { return v.key }

// Envelope is a signed statement that was read, and not yet verified.
type Envelope struct {
	Statement  *Statement
	Assessment *engine.Assessment // the result in it
	KeyIDs     []string           // of the signatures; a signature need not say whose it is
	signed     *dsse.Envelope
}

// Recognise reports whether a text is an envelope: an object with payloadType and payload, in any order.
func Recognise(text []byte) bool {
	var fields map[string]json.RawMessage
	return json.Unmarshal(text, &fields) == nil && fields["payload"] != nil && fields["payloadType"] != nil
}

// ReadEnvelope reads an envelope with the statement of an assessment.
func ReadEnvelope(text []byte) (*Envelope, error) {
	if len(text) > MaxBytes {
		return nil, fmt.Errorf("the envelope has more than %d MiB", MaxBytes>>20)
	}
	var signed dsse.Envelope
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&signed); err != nil {
		return nil, fmt.Errorf("reading the envelope: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the end of the envelope")
	}
	switch {
	case signed.PayloadType != PayloadType:
		return nil, fmt.Errorf("the envelope holds %.100q, and a signed assessment is %s", signed.PayloadType, PayloadType)
	case len(signed.Signatures) > maxSignatures:
		return nil, fmt.Errorf("the envelope has %d signatures, and at most %d are verified", len(signed.Signatures), maxSignatures)
	}
	payload, err := base64.StdEncoding.DecodeString(signed.Payload)
	if err != nil {
		return nil, fmt.Errorf("reading the payload of the envelope: %w", err)
	}
	e := &Envelope{signed: &signed}
	if e.Statement, e.Assessment, err = decodeStatement(payload); err != nil {
		return nil, err
	}
	for _, s := range signed.Signatures {
		e.KeyIDs = append(e.KeyIDs, s.KeyID)
	}
	return e, nil
}

// Verify returns nil if the key signed the envelope, and otherwise what is wrong.
func (e *Envelope) Verify(ctx context.Context, key crypto.PublicKey) error {
	if len(e.signed.Signatures) == 0 {
		return errors.New("the envelope has no signature")
	}
	id, err := dsse.SHA256KeyID(key)
	if err != nil {
		return fmt.Errorf("naming the key: %w", err)
	}
	checked, err := dsse.NewEnvelopeVerifier(verifier{key})
	if err != nil {
		return fmt.Errorf("verifying the signature: %w", err)
	}
	if _, err := checked.Verify(ctx, e.signed); err == nil {
		return nil
	}
	for _, other := range e.KeyIDs {
		if other != "" && other != id {
			return fmt.Errorf("the signature is not by the key %s: it says that it is by %.100s", id, other)
		}
	}
	return fmt.Errorf("the signature is not by the key %s, or the envelope was changed after it was signed", id)
}
