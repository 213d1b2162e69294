package attest_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/sigstore/sigstore/pkg/signature"
	sigstoredsse "github.com/sigstore/sigstore/pkg/signature/dsse"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/attest"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/schemas"
)

var contoso = sync.OnceValues(func() (*engine.Assessment, error) {
	ctx := context.Background()
	registry, err := schemas.Builtin()
	if err != nil {
		return nil, err
	}
	source, err := catalog.Builtin()
	if err != nil {
		return nil, err
	}
	cat, err := catalog.Load(ctx, registry, source)
	if err != nil {
		return nil, err
	}
	compiled, err := engine.Compile(ctx, cat, engine.Options{Version: "1.2.3"})
	if err != nil {
		return nil, err
	}
	bundle, err := evidence.Open(ctx, filepath.Join("..", "..", "testdata", "contoso"), evidence.DefaultLimits())
	if err != nil {
		return nil, err
	}
	defer bundle.Close()
	decisions := map[string]engine.Decision{"AdminMFAV2": {Status: engine.Planned, Reason: "<soon> & \"all\""}}
	return compiled.Assess(ctx, bundle, engine.AssessOptions{Decisions: decisions})
})

// assessment is one of a sample tenant, with a decision.
func assessment(t testing.TB) *engine.Assessment { return must.Get(contoso())(t) }

func statement(t testing.TB) *attest.Statement {
	digest := "sha256:" + strings.Repeat("0f", 32)
	return must.Get(attest.New(assessment(t), attest.Inputs{Validate: "full", Failing: 7}, digest))(t)
}

func signers(t testing.TB) map[string]crypto.Signer {
	return map[string]crypto.Signer{
		"ed25519": ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)),
		"ecdsa":   must.Get(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t),
	}
}

// TestSigned signs a statement, and reads it back: the result in it is that of the assessment, byte for byte. The library of sigstore,
// which cosign is made of, accepts the signature.
func TestSigned(t *testing.T) {
	for name, key := range signers(t) {
		t.Run(name, func(t *testing.T) {
			text := must.Get(attest.Sign(t.Context(), statement(t), key))(t)
			expect.Equalf(t, text, must.Get(attest.Sign(t.Context(), statement(t), key))(t), "signed again")
			expect.Equal(t, true, attest.Recognise(text))
			e := must.Get(attest.ReadEnvelope(text))(t)
			must.Do(t, e.Verify(t.Context(), key.Public()))
			expect.Equal(t, assessment(t), e.Assessment)
			expect.Equal(t, string(must.Get(attest.Canonical(assessment(t)))(t)), string(e.Statement.Predicate.Result))
			expect.Equal(t, attest.Inputs{Validate: "full", Failing: 7}, e.Statement.Predicate.Inputs)

			var payload []byte
			verifier := must.Get(signature.LoadVerifier(key.Public(), crypto.SHA256))(t)
			wrapped := sigstoredsse.WrapVerifier(verifier, sigstoredsse.WithExpectedPayloadType(attest.PayloadType), sigstoredsse.WithDecodedPayload(&payload))
			must.Do(t, wrapped.VerifySignature(bytes.NewReader(text), nil))
			expect.Equal(t, string(must.Get(statement(t).Encode())(t)), string(payload))
		})
	}
}

// envelope is an envelope to tamper with.
type envelope struct {
	PayloadType string           `json:"payloadType"`
	Payload     string           `json:"payload"`
	Signatures  []map[string]any `json:"signatures"`
}

// TestTampered changes an envelope: it is refused when it is read, or its signature does not hold.
func TestTampered(t *testing.T) {
	all := signers(t)
	key, other := all["ed25519"], all["ecdsa"]
	signed := must.Get(attest.Sign(t.Context(), statement(t), key))(t)
	payload := func(e *envelope, change func(string) string) {
		text := string(must.Get(base64.StdEncoding.DecodeString(e.Payload))(t))
		changed := change(text)
		if changed == text {
			t.Fatal("nothing was changed")
		}
		e.Payload = base64.StdEncoding.EncodeToString([]byte(changed))
	}
	replace := func(from, to string) func(*envelope) {
		return func(e *envelope) {
			payload(e, func(text string) string { return strings.Replace(text, from, to, 1) })
		}
	}
	tests := map[string]struct {
		change func(*envelope)
		key    crypto.PublicKey
		want   string // a part of the error; empty for a signature that holds
	}{
		"nothing":       {func(*envelope) {}, key.Public(), ""},
		"no key id":     {func(e *envelope) { delete(e.Signatures[0], "keyid") }, key.Public(), ""},
		"another key":   {func(*envelope) {}, other.Public(), "the signature is not by the key SHA256:"},
		"no signature":  {func(e *envelope) { e.Signatures = nil }, key.Public(), "the envelope has no signature"},
		"another media": {func(e *envelope) { e.PayloadType = "text/plain" }, key.Public(), `the envelope holds "text/plain", and a signed assessment is application/vnd.in-toto+json`},
		"no base64":     {func(e *envelope) { e.Payload = "%" }, key.Public(), "reading the payload of the envelope"},
		"no statement":  {func(e *envelope) { e.Payload = "e30=" }, key.Public(), "the statement is of another kind"},
		"title":         {replace(`"title":"Ensure`, `"title":"Assure`), key.Public(), "or the envelope was changed after it was signed"},
		"score":         {replace(`"score":{"achieved":`, `"score":{"achieved":9`), key.Public(), "the assessment was changed"},
		"digest beside": {replace(`"digest":{"sha256":"`, `"digest":{"sha256":"0`), key.Public(), "is not what its schema says"},
		"unknown field": {replace(`"subject":`, `"more":1,"subject":`), key.Public(), "is not what its schema says"},
		"version":       {replace(`"engine":{"version":"1.2.3"`, `"engine":{"version":"1.2.4"`), key.Public(), "the statement was not made by posture"},
		"twice":         {replace(`"subject":`, `"_type":"x","subject":`), key.Public(), "the statement is not sound JSON"},
		"a strange signature behind": {func(e *envelope) {
			e.Signatures = append(e.Signatures, map[string]any{"keyid": "SHA256:x", "sig": "AAAA"})
		}, key.Public(), ""},
		"a strange signature before": {func(e *envelope) {
			e.Signatures = append([]map[string]any{{"keyid": "", "sig": "AAAA"}}, e.Signatures...)
		}, key.Public(), ""},
		"the key id of another":        {func(e *envelope) { e.Signatures[0]["keyid"] = "SHA256:x" }, key.Public(), "it says that it is by SHA256:x"},
		"signature of another":         {func(e *envelope) { e.Signatures[0]["sig"] = "AAAA" }, key.Public(), "or the envelope was changed after it was signed"},
		"signature no base64":          {func(e *envelope) { e.Signatures[0]["sig"] = "%" }, key.Public(), "signature"},
		"a key of RSA":                 {func(*envelope) {}, &must.Get(rsa.GenerateKey(rand.Reader, 2048))(t).PublicKey, "the signature is not by the key SHA256:"},
		"a curve that is none of ours": {func(*envelope) {}, must.Get(ecdsa.GenerateKey(elliptic.P384(), rand.Reader))(t).Public(), "the signature is not by the key SHA256:"},
		"another media type inside":    {replace(`"predicateType":"https://`, `"predicateType":"http://`), key.Public(), "the statement is of another kind"},
		"many signatures": {func(e *envelope) {
			for range 20 {
				e.Signatures = append(e.Signatures, e.Signatures[0])
			}
		}, key.Public(), "the envelope has 21 signatures, and at most 16 are verified"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var e envelope
			must.Do(t, json.Unmarshal(signed, &e))
			test.change(&e)
			read, err := attest.ReadEnvelope(must.Get(json.Marshal(e))(t))
			if err == nil {
				err = read.Verify(t.Context(), test.key)
			}
			if got := fmt.Sprint(err); test.want == "" && err != nil || !strings.Contains(got, test.want) {
				t.Errorf("error is %v, want %q", err, test.want)
			}
		})
	}
}

// TestTwoSignatures verifies an envelope that two signed by the key of either.
func TestTwoSignatures(t *testing.T) {
	all := signers(t)
	var both envelope
	for _, key := range all {
		var one envelope
		must.Do(t, json.Unmarshal(must.Get(attest.Sign(t.Context(), statement(t), key))(t), &one))
		both = envelope{one.PayloadType, one.Payload, append(both.Signatures, one.Signatures...)}
	}
	e := must.Get(attest.ReadEnvelope(must.Get(json.Marshal(both))(t)))(t)
	for name, key := range all {
		if err := e.Verify(t.Context(), key.Public()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	expect.Equal(t, 2, len(e.KeyIDs))
}

// TestLargeEnvelope refuses what is larger than any statement, and what is nested without end.
func TestLargeEnvelope(t *testing.T) {
	for name, text := range map[string][]byte{
		"large":  append([]byte(`{"payloadType":"application/vnd.in-toto+json","payload":"`), make([]byte, attest.MaxBytes)...),
		"nested": []byte(`{"payloadType":"application/vnd.in-toto+json","payload":` + strings.Repeat("[", 1<<20)),
		"nested statement": []byte(`{"payloadType":"application/vnd.in-toto+json","signatures":[],"payload":"` +
			base64.StdEncoding.EncodeToString([]byte(`{"_type":`+strings.Repeat("[", 1<<20))) + `"}`),
	} {
		attest.Recognise(text)
		if _, err := attest.ReadEnvelope(text); err == nil || len(err.Error()) > 500 {
			t.Errorf("%s: error is %.600v", name, err)
		}
	}
}

// TestCompare names what is different: first what the results were made of, then the rest, then the actions.
func TestCompare(t *testing.T) {
	before := must.Get(attest.Canonical(assessment(t)))(t)
	changed := *assessment(t)
	changed.Catalog.Digest, changed.Engine.Version = "sha256:1", "2.0.0"
	changed.Evidence.Datasets = append([]engine.Dataset{}, changed.Evidence.Datasets...)
	changed.Evidence.Datasets[0].Records++
	changed.Actions = append([]engine.Action{}, changed.Actions...)
	first, last := changed.Actions[0].ID, changed.Actions[len(changed.Actions)-1]
	changed.Actions[0].Outcome, changed.Actions[0].Points.Achieved = "error", 123
	changed.Actions = changed.Actions[:len(changed.Actions)-1]
	c := must.Get(attest.Compare(before, must.Get(attest.Canonical(&changed))(t)))(t)
	expect.Equal(t, false, c.Same)
	expect.Equal(t, []string{"the catalog", "the version of posture"}, []string{c.Made[0].About, c.Made[1].About})
	expect.Equal(t, 2, len(c.Made))
	expect.Equal(t, "evidence.datasets[admin_center.settings].records", c.Rest[0].Field)
	expect.Equal(t, 1, len(c.Rest))
	expect.Equal(t, []string{first, last.ID}, []string{c.Actions[0].ID, c.Actions[1].ID})
	expect.Equal(t, []string{"outcome", "points.achieved"}, []string{c.Actions[0].Fields[0].Field, c.Actions[0].Fields[1].Field})
	expect.Equal(t, `"error"`, c.Actions[0].Fields[0].Again)
	expect.Equal(t, "", c.Actions[1].Fields[0].Again)

	same := must.Get(attest.Compare(before, before))(t)
	expect.Equal(t, true, same.Same)

	// The same values in another order are not the same bytes.
	other := must.Get(attest.Compare([]byte(`{"score":{},"findings":[]}`), []byte(`{"findings":[],"score":{}}`)))(t)
	expect.Equal(t, false, other.Same)
	expect.Equal(t, 1, len(other.Rest))
}

// TestRead keeps the bytes of an assessment, without white space and without what is beside it.
func TestRead(t *testing.T) {
	canonical := string(must.Get(attest.Canonical(assessment(t)))(t))
	var indented bytes.Buffer
	must.Do(t, json.Indent(&indented, []byte(canonical), "", "  "))
	tests := map[string]struct {
		text  string
		extra []string
	}{
		"as it is":   {canonical, nil},
		"indented":   {indented.String() + "\n", nil},
		"with a BOM": {"\ufeff" + indented.String(), nil},
		"with more":  {strings.TrimSuffix(canonical, "}") + `,"comparison":{"a":[1]},"gates":[]}`, []string{"comparison", "gates"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			saved := must.Get(attest.Read(strings.NewReader(test.text)))(t)
			expect.Equal(t, canonical, string(saved.Text))
			expect.Equal(t, test.extra, saved.Extra)
		})
	}
	for _, text := range []string{"", "[]", "{", `{"score":`, `{"score"`, "x"} {
		if _, err := attest.Read(strings.NewReader(text)); err == nil {
			t.Errorf("%q was read", text)
		}
	}
	expect.Equal(t, "{}", string(must.Get(attest.Read(strings.NewReader("{}")))(t).Text))
}

// ExampleSign signs a statement and verifies it.
func ExampleSign() {
	a, err := contoso()
	if err != nil {
		fmt.Println(err)
		return
	}
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	statement, err := attest.New(a, attest.Inputs{Validate: "sample"}, "")
	if err != nil {
		fmt.Println(err)
		return
	}
	text, err := attest.Sign(context.Background(), statement, key)
	if err != nil {
		fmt.Println(err)
		return
	}
	envelope, err := attest.ReadEnvelope(text)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(envelope.Statement.Type, envelope.Verify(context.Background(), key.Public()))
	// Output: https://in-toto.io/Statement/v1 <nil>
}

// FuzzReadEnvelope reads anything: nothing panics, and nothing that was not signed is verified.
func FuzzReadEnvelope(f *testing.F) {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	f.Add([]byte(`{"payloadType":"application/vnd.in-toto+json","payload":"e30=","signatures":[{"keyid":"","sig":"AA=="}]}`))
	f.Add([]byte(`{"payloadType":"application/vnd.in-toto+json","payload":"e30="}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		attest.Recognise(text)
		if e, err := attest.ReadEnvelope(text); err == nil && e.Verify(t.Context(), key.Public()) == nil {
			t.Errorf("verified: %q", text)
		}
		if saved, err := attest.Read(bytes.NewReader(text)); err == nil {
			_, _ = attest.Compare(saved.Text, []byte(`{"actions":[{"id":"A"}]}`))
		}
	})
}
