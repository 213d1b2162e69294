package keys

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/secure-systems-lab/go-securesystemslib/encrypted"
)

// MaxBytes bounds the file of a key, which has some 200 bytes, and 700 if it is encrypted.
const MaxBytes = 64 << 10

// Passphrase returns the passphrase of an encrypted key. It is asked for only if the key is encrypted.
type Passphrase func() ([]byte, error)

// Private reads a private key: PKCS #8 ("PRIVATE KEY"), as `openssl genpkey` writes it, or SEC 1 ("EC PRIVATE KEY"), or what
// `cosign generate-key-pair` writes ("ENCRYPTED SIGSTORE PRIVATE KEY", "ENCRYPTED COSIGN PRIVATE KEY").
func Private(text []byte, passphrase Passphrase) (crypto.Signer, error) {
	block, err := decode(text)
	if err != nil {
		return nil, err
	}
	var key any
	switch block.Type {
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(block.Bytes)
	case "ENCRYPTED SIGSTORE PRIVATE KEY", "ENCRYPTED COSIGN PRIVATE KEY":
		return decrypt(block.Bytes, passphrase)
	case "ENCRYPTED PRIVATE KEY":
		return nil, errors.New("it is encrypted as PKCS #8: decrypt it with `openssl pkey`, or use an encrypted key of cosign")
	case "OPENSSH PRIVATE KEY":
		return nil, errors.New("it is a key of OpenSSH: make one with `openssl genpkey -algorithm ed25519 -out key.pem`")
	case "PUBLIC KEY":
		return nil, errors.New("it is a public key, and a private one is needed to sign")
	default:
		return nil, fmt.Errorf("it holds a %.40q, and no private key: make one with `openssl genpkey -algorithm ed25519 -out key.pem`", block.Type)
	}
	if err != nil {
		return nil, fmt.Errorf("the private key can't be read: %w", err)
	}
	return signer(key)
}

// decrypt reads a private key of cosign.
func decrypt(text []byte, passphrase Passphrase) (crypto.Signer, error) {
	if passphrase == nil {
		return nil, errors.New("it is encrypted, and there is no passphrase")
	}
	secret, err := passphrase()
	if err != nil {
		return nil, err
	}
	plain, err := encrypted.Decrypt(text, secret)
	if err != nil {
		return nil, fmt.Errorf("it can't be decrypted: is the passphrase right? (%w)", err)
	}
	key, err := x509.ParsePKCS8PrivateKey(plain)
	if err != nil {
		return nil, fmt.Errorf("the private key can't be read: %w", err)
	}
	return signer(key)
}

func signer(key any) (crypto.Signer, error) {
	s, ok := key.(crypto.Signer)
	if !ok {
		return nil, unsupported(key)
	}
	return s, Check(s.Public())
}

// Public reads a public key ("PUBLIC KEY"), as `openssl pkey -pubout` and cosign write it.
func Public(text []byte) (crypto.PublicKey, error) {
	block, err := decode(text)
	if err != nil {
		return nil, err
	}
	switch block.Type {
	case "PUBLIC KEY":
	case "PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED SIGSTORE PRIVATE KEY", "ENCRYPTED COSIGN PRIVATE KEY", "ENCRYPTED PRIVATE KEY":
		return nil, errors.New("it is a private key: give away the public one alone, which `openssl pkey -in key.pem -pubout` writes")
	default:
		return nil, fmt.Errorf("it holds a %.40q, and no public key", block.Type)
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("the public key can't be read: %w", err)
	}
	return key, Check(key)
}

// decode returns the one block of a PEM file.
func decode(text []byte) (*pem.Block, error) {
	if len(text) > MaxBytes {
		return nil, fmt.Errorf("it has more than %d KiB, and is no key", MaxBytes>>10)
	}
	block, rest := pem.Decode(text)
	if block == nil {
		return nil, errors.New("it is no PEM file, which begins with -----BEGIN")
	}
	// openssl ecparam writes the parameters of a curve before the key.
	if block.Type == "EC PARAMETERS" {
		if block, rest = pem.Decode(rest); block == nil {
			return nil, errors.New("it holds the parameters of a curve, and no key")
		}
	}
	if len(bytes.TrimSpace(rest)) > 0 {
		return nil, errors.New("something follows the key: one file holds one key")
	}
	return block, nil
}

// Check returns an error for a public key of a kind that is not supported.
func Check(key crypto.PublicKey) error {
	switch k := key.(type) {
	case ed25519.PublicKey:
		return nil
	case *ecdsa.PublicKey:
		if k.Curve == elliptic.P256() {
			return nil
		}
		return fmt.Errorf("it is a key over the curve %s: keys are Ed25519, or ECDSA over P-256", k.Params().Name)
	}
	return unsupported(key)
}

func unsupported(key any) error {
	return fmt.Errorf("it is a key of another kind (%T): keys are Ed25519, or ECDSA over P-256", key)
}

// Sign signs a message. Of the keys of this package the signature is the same each time (RFC 8032, RFC 6979). That of ECDSA is over the
// SHA-256 of the message, in ASN.1.
func Sign(key crypto.Signer, message []byte) ([]byte, error) {
	if err := Check(key.Public()); err != nil {
		return nil, err
	}
	if _, ok := key.Public().(ed25519.PublicKey); ok {
		return key.Sign(rand.Reader, message, crypto.Hash(0))
	}
	sum := sha256.Sum256(message)
	if _, ok := key.(*ecdsa.PrivateKey); ok {
		return key.Sign(nil, sum[:], crypto.SHA256) // without randomness it is deterministic
	}
	return key.Sign(rand.Reader, sum[:], crypto.SHA256)
}

// Verify reports whether [Sign] made a signature of a message.
func Verify(key crypto.PublicKey, message, signature []byte) bool {
	switch k := key.(type) {
	case ed25519.PublicKey:
		return ed25519.Verify(k, message, signature)
	case *ecdsa.PublicKey:
		sum := sha256.Sum256(message)
		return ecdsa.VerifyASN1(k, sum[:], signature)
	}
	return false
}

// ID returns a name of a public key: the SHA-256 of its DER, in hexadecimal digits.
func ID(key crypto.PublicKey) (string, error) {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return "", fmt.Errorf("naming the key: %w", err)
	}
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:]), nil
}

// PEM writes a public key as [Public] reads it.
func PEM(key crypto.PublicKey) ([]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return nil, fmt.Errorf("writing the key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), nil
}
