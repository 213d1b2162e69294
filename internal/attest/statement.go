package attest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/assessmentfile"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/schemas"
)

// The types of a statement. Those of in-toto and of its media type are from the specification, v1.
const (
	StatementType = "https://in-toto.io/Statement/v1"
	PayloadType   = "application/vnd.in-toto+json"
	PredicateType = "https://github.com/posture-score/posture/attestation/assessment/v1"
)

// maxBytes bounds a statement: an assessment, which has at most 64 MiB, and little else.
const maxBytes = 65 << 20

// Statement is a statement of in-toto about evidence.
type Statement struct {
	Type          string    `json:"_type"`
	Subject       []Subject `json:"subject"` // the evidence, alone
	PredicateType string    `json:"predicateType"`
	Predicate     Predicate `json:"predicate"`
}

// Subject names what a statement is about.
type Subject struct {
	Name   string    `json:"name"`
	Digest DigestSet `json:"digest"`
}

// DigestSet is a digest by its algorithm, as in-toto has it.
type DigestSet struct {
	SHA256 string `json:"sha256"`
}

// Predicate is what is stated: what the result was made of, and the result.
type Predicate struct {
	Catalog    Material        `json:"catalog"`              // with the parameters
	Parameters *Material       `json:"parameters,omitempty"` // that were overridden; nil if none were
	Register   *Material       `json:"register,omitempty"`   // decisions; nil if there were none
	Engine     Material        `json:"engine"`               // the program
	Inputs     Inputs          `json:"inputs"`
	Result     json.RawMessage `json:"result"` // the assessment, as JSON without white space
}

// Material is something that a result was made of.
type Material struct {
	Version string     `json:"version,omitempty"`
	Digest  *DigestSet `json:"digest,omitempty"` // nil if it is not known
}

// Inputs are what a result depends on besides evidence, catalog and register, and does not say itself.
type Inputs struct {
	Validate string `json:"validate"`          // full, sample or off
	Failing  int    `json:"failing,omitempty"` // failing records that are named for each action; less than 0 for all, 0 for the usual number
}

// New returns a statement of an assessment. program is the digest of the program that made it, such as "sha256:0f…", or empty.
func New(a *engine.Assessment, inputs Inputs, program string) (*Statement, error) {
	result, err := Canonical(a)
	if err != nil {
		return nil, err
	}
	subject, err := digestSet(a.Evidence.Digest)
	if err != nil {
		return nil, fmt.Errorf("the evidence: %w", err)
	}
	p := Predicate{Engine: Material{Version: a.Engine.Version}, Catalog: Material{Version: a.Catalog.Version}, Inputs: inputs, Result: result}
	if p.Catalog.Digest, err = digestSet(a.Catalog.Digest); err != nil {
		return nil, fmt.Errorf("the catalog: %w", err)
	}
	if overridden := a.Catalog.Parameters; overridden != nil {
		p.Parameters = &Material{}
		if p.Parameters.Digest, err = digestSet(overridden.Digest); err != nil {
			return nil, fmt.Errorf("the parameters: %w", err)
		}
	}
	if a.Register != nil {
		p.Register = &Material{}
		if p.Register.Digest, err = digestSet(a.Register.Digest); err != nil {
			return nil, fmt.Errorf("the register: %w", err)
		}
	}
	if program != "" {
		if p.Engine.Digest, err = digestSet(program); err != nil {
			return nil, fmt.Errorf("the program: %w", err)
		}
	}
	return &Statement{Type: StatementType, Subject: []Subject{{Name: "evidence", Digest: *subject}}, PredicateType: PredicateType, Predicate: p}, nil
}

func digestSet(digest string) (*DigestSet, error) {
	digits, ok := strings.CutPrefix(digest, "sha256:")
	if !ok || len(digits) != 64 {
		return nil, fmt.Errorf("%.100q is no digest, which is sha256: and 64 digits", digest)
	}
	return &DigestSet{SHA256: digits}, nil
}

// Canonical returns an assessment as JSON without white space, as statements hold it.
func Canonical(a *engine.Assessment) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(a); err != nil {
		return nil, fmt.Errorf("writing the assessment: %w", err)
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), nil
}

// Encode returns the statement as JSON.
func (s *Statement) Encode() ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(s); err != nil {
		return nil, fmt.Errorf("writing the statement: %w", err)
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), nil
}

// document is the name of the schema of a statement.
const document = "attestation"

// decodeStatement reads a statement, and the assessment in it.
func decodeStatement(text []byte) (*Statement, *engine.Assessment, error) {
	if len(text) > maxBytes {
		return nil, nil, fmt.Errorf("the statement has more than %d MiB", maxBytes>>20)
	}
	// A name that stands twice would be ambiguous: this decoder refuses it.
	dec := jsontext.NewDecoder(bytes.NewReader(text))
	if err := dec.SkipValue(); err != nil {
		return nil, nil, fmt.Errorf("the statement is not sound JSON: %w", err)
	}
	if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, nil, errors.New("something follows the end of the statement")
	}
	value, err := records.Decode(text, records.Limits{RecordBytes: maxBytes})
	if err != nil {
		return nil, nil, fmt.Errorf("reading the statement: %w", err)
	}
	if object, ok := value.(map[string]any); ok {
		if kind, _ := object["predicateType"].(string); kind != PredicateType {
			return nil, nil, fmt.Errorf("the statement is of another kind: its predicateType is %.100q, and that of an assessment %q", kind, PredicateType)
		}
	}
	if err := schemas.Mismatch("the statement", schemas.Validate(document, value)); err != nil {
		return nil, nil, err
	}
	var s Statement
	if err := json.Unmarshal(text, &s); err != nil {
		return nil, nil, fmt.Errorf("reading the statement: %w", err)
	}
	a, err := assessmentfile.Read(bytes.NewReader(s.Predicate.Result))
	if err != nil {
		return nil, nil, err
	}
	return &s, a, s.agrees(a)
}

// agrees compares what a statement says of its result with the result: it would be ambiguous otherwise.
func (s *Statement) agrees(a *engine.Assessment) error {
	want, err := New(a, s.Predicate.Inputs, "")
	if err != nil {
		return err
	}
	said, made := s.Predicate, want.Predicate
	said.Engine.Digest = nil
	said.Result, made.Result = nil, nil
	one, errs := json.Marshal(said)
	other, err := json.Marshal(made)
	if err := errors.Join(errs, err); err != nil {
		return err
	}
	if !bytes.Equal(one, other) || len(s.Subject) != 1 || s.Subject[0] != want.Subject[0] {
		return errors.New("the statement was not made by posture: the digests beside its result are not those in it")
	}
	return nil
}
