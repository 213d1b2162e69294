package keys_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/secure-systems-lab/go-securesystemslib/encrypted"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/keys"
	"github.com/posture-score/posture/internal/must"
)

// pkcs8 writes a private key.
func pkcs8(t testing.TB, key any) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: must.Get(x509.MarshalPKCS8PrivateKey(key))(t)})
}

func p256(t testing.TB) *ecdsa.PrivateKey {
	return must.Get(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t)
}

func ed(t testing.TB) ed25519.PrivateKey {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	must.Do(t, err)
	return key
}

// TestSign signs with keys of each kind, from each kind of file: always the same, and verified with the public key alone.
func TestSign(t *testing.T) {
	secret := func() ([]byte, error) { return []byte("secret"), nil }
	ec := p256(t)
	sec1 := pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: must.Get(x509.MarshalECPrivateKey(ec))(t)})
	cosign := func(name string) []byte {
		plain := must.Get(x509.MarshalPKCS8PrivateKey(ec))(t)
		return pem.EncodeToMemory(&pem.Block{Type: name, Bytes: must.Get(encrypted.Encrypt(plain, []byte("secret")))(t)})
	}
	tests := map[string][]byte{
		"ed25519":       pkcs8(t, ed(t)),
		"ecdsa":         pkcs8(t, ec),
		"sec1":          sec1,
		"sec1 of curve": append([]byte("-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"), sec1...),
		"cosign":        cosign("ENCRYPTED SIGSTORE PRIVATE KEY"),
		"older cosign":  cosign("ENCRYPTED COSIGN PRIVATE KEY"),
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			key := must.Get(keys.Private(text, secret))(t)
			one, other := must.Get(keys.Sign(key, []byte("message")))(t), must.Get(keys.Sign(key, []byte("message")))(t)
			expect.Equalf(t, one, other, "signatures differ")
			public := must.Get(keys.Public(must.Get(keys.PEM(key.Public()))(t)))(t)
			expect.Equal(t, true, keys.Verify(public, []byte("message"), one))
			expect.Equal(t, false, keys.Verify(public, []byte("massage"), one))
			expect.Equal(t, false, keys.Verify(public, []byte("message"), one[1:]))
		})
	}
}

// device is a key that only signs, as one of a service does.
type device struct{ crypto.Signer }

func TestSignByDevice(t *testing.T) {
	for _, key := range []crypto.Signer{device{p256(t)}, device{ed(t)}} {
		signature := must.Get(keys.Sign(key, []byte("message")))(t)
		expect.Equal(t, true, keys.Verify(key.Public(), []byte("message"), signature))
	}
}

// TestPrivateRefuses says what is wrong with a file that holds no private key, and how to mend it.
func TestPrivateRefuses(t *testing.T) {
	rsaKey := must.Get(rsa.GenerateKey(rand.Reader, 2048))(t)
	p384 := must.Get(ecdsa.GenerateKey(elliptic.P384(), rand.Reader))(t)
	plain := must.Get(x509.MarshalPKCS8PrivateKey(p256(t)))(t)
	block := func(name string, bytes []byte) []byte {
		return pem.EncodeToMemory(&pem.Block{Type: name, Bytes: bytes})
	}
	cosign := block("ENCRYPTED SIGSTORE PRIVATE KEY", must.Get(encrypted.Encrypt(plain, []byte("secret")))(t))
	wrong := func() ([]byte, error) { return []byte("wrong"), nil }
	none := func() ([]byte, error) { return nil, errors.New("set POSTURE_KEY_PASSWORD") }
	tests := map[string]struct {
		text       []byte
		passphrase keys.Passphrase
		want       string
	}{
		"nothing":              {nil, nil, "it is no PEM file"},
		"text":                 {[]byte("a key"), nil, "it is no PEM file"},
		"large":                {make([]byte, keys.MaxBytes+1), nil, "it has more than 64 KiB, and is no key"},
		"rsa":                  {pkcs8(t, rsaKey), nil, "it is a key of another kind (*rsa.PublicKey): keys are Ed25519, or ECDSA over P-256"},
		"another curve":        {pkcs8(t, p384), nil, "it is a key over the curve P-384"},
		"public":               {must.Get(keys.PEM(p256(t).Public()))(t), nil, "it is a public key, and a private one is needed"},
		"pkcs1":                {block("RSA PRIVATE KEY", []byte("x")), nil, `it holds a "RSA PRIVATE KEY"`},
		"openssh":              {block("OPENSSH PRIVATE KEY", []byte("x")), nil, "it is a key of OpenSSH"},
		"encrypted pkcs8":      {block("ENCRYPTED PRIVATE KEY", []byte("x")), nil, "it is encrypted as PKCS #8: decrypt it"},
		"damaged":              {block("PRIVATE KEY", []byte("x")), nil, "the private key can't be read"},
		"two keys":             {append(pkcs8(t, p256(t)), pkcs8(t, p256(t))...), nil, "something follows the key"},
		"wrong passphrase":     {cosign, wrong, "it can't be decrypted: is the passphrase right?"},
		"no passphrase":        {cosign, none, "set POSTURE_KEY_PASSWORD"},
		"nobody to ask":        {cosign, nil, "it is encrypted, and there is no passphrase"},
		"parameters, no key":   {[]byte("-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"), nil, "it holds the parameters of a curve, and no key"},
		"costly key of cosign": {block("ENCRYPTED SIGSTORE PRIVATE KEY", []byte(`{"kdf":{"name":"scrypt","params":{"N":1073741824,"r":8,"p":1}}}`)), wrong, "it can't be decrypted"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := keys.Private(test.text, test.passphrase)
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("error is %v, want %q", err, test.want)
			}
		})
	}
}

func TestPublicRefuses(t *testing.T) {
	tests := map[string]struct {
		text []byte
		want string
	}{
		"private":     {pkcs8(t, ed(t)), "it is a private key: give away the public one alone"},
		"certificate": {pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("x")}), `it holds a "CERTIFICATE", and no public key`},
		"damaged":     {pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: []byte("x")}), "the public key can't be read"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := keys.Public(test.text)
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("error is %v, want %q", err, test.want)
			}
		})
	}
}

// ExampleSign signs a message and verifies the signature.
func ExampleSign() {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	signature, err := keys.Sign(key, []byte("message"))
	fmt.Println(keys.Verify(key.Public(), []byte("message"), signature), err)
	// Output: true <nil>
}

// FuzzPrivate reads anything: it is a key that signs, or an error.
func FuzzPrivate(f *testing.F) {
	f.Add(pkcs8(f, ed(f)))
	f.Add(pkcs8(f, p256(f)))
	f.Add([]byte("-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if key, err := keys.Private(text, nil); err == nil {
			signature := must.Get(keys.Sign(key, text))(t)
			expect.Equal(t, true, keys.Verify(key.Public(), text, signature))
		}
		if key, err := keys.Public(text); err == nil {
			must.Do(t, keys.Check(key))
		}
	})
}
