package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/posture-score/posture/engine"
)

// A statement of in-toto, v1, with the predicate of test results, v0.1
// (https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md).
type (
	testResultStatement struct {
		Type          string       `json:"_type"`
		Subject       []descriptor `json:"subject"`
		PredicateType string       `json:"predicateType"`
		Predicate     testResult   `json:"predicate"`
	}
	descriptor struct {
		Name   string            `json:"name"`
		Digest map[string]string `json:"digest"`
	}
	testResult struct {
		Result        string       `json:"result"` // PASSED, WARNED or FAILED
		Configuration []descriptor `json:"configuration"`
		Passed        []string     `json:"passedTests"`
		Warned        []string     `json:"warnedTests"`
		Failed        []string     `json:"failedTests"`
	}
)

// writeInToto writes an assessment as a test result about its evidence: each gate and each action that counts is a test. What the organization accepted
// is a warning; what could not be assessed has failed, since nothing shows that it holds.
func writeInToto(w io.Writer, page assessed, _ Style) error {
	all := page.assessed()
	a := all.Assessment
	evidence, err := described("evidence", a.Evidence.Digest)
	if err != nil {
		return err
	}
	p := testResult{Result: "PASSED", Passed: []string{}, Warned: []string{}, Failed: []string{}}
	for _, v := range all.Gates {
		p.add(gateName(v), gateVerdict(v))
	}
	for i := range a.Actions {
		p.add(a.Actions[i].ID, verdictOf(&a.Actions[i]))
	}
	switch {
	case len(p.Failed) > 0 || len(p.Passed)+len(p.Warned) == 0:
		p.Result = "FAILED"
	case len(p.Warned) > 0:
		p.Result = "WARNED"
	}
	if p.Configuration, err = configuration(a); err != nil {
		return err
	}
	return encode(w, testResultStatement{
		Type: "https://in-toto.io/Statement/v1", Subject: []descriptor{evidence}, PredicateType: "https://in-toto.io/attestation/test-result/v0.1", Predicate: p,
	})
}

// add adds a test with its verdict.
func (p *testResult) add(name string, v verdict) {
	switch v {
	case met:
		p.Passed = append(p.Passed, name)
	case accepted:
		p.Warned = append(p.Warned, name)
	case open, unknown, broken:
		p.Failed = append(p.Failed, name)
	}
}

// configuration names what the result was made with: the catalog, and the parameters and decisions of the organization if there are any.
func configuration(a *engine.Assessment) ([]descriptor, error) {
	catalog, err := described("catalog", a.Catalog.Digest)
	if err != nil {
		return nil, err
	}
	all := []descriptor{catalog}
	if a.Catalog.Parameters != nil {
		parameters, err := described("parameters", a.Catalog.Parameters.Digest)
		if err != nil {
			return nil, err
		}
		all = append(all, parameters)
	}
	if a.Register != nil {
		register, err := described("register", a.Register.Digest)
		if err != nil {
			return nil, err
		}
		all = append(all, register)
	}
	return all, nil
}

func described(name, digest string) (descriptor, error) {
	algorithm, digits, ok := strings.Cut(digest, ":")
	if !ok || algorithm != "sha256" || len(digits) != 64 {
		return descriptor{}, fmt.Errorf("the digest of the %s is %.100q, where in-toto needs sha256: and 64 digits", name, digest)
	}
	return descriptor{Name: name, Digest: map[string]string{algorithm: digits}}, nil
}
