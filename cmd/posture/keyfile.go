package main

import (
	"crypto"
	"errors"
	"fmt"
	"os"
	"runtime"

	"github.com/posture-score/posture/internal/atomicfile"
	"github.com/posture-score/posture/internal/inputfile"
	"github.com/posture-score/posture/internal/keys"
)

// passphraseNames are the environment variables that hold the passphrase of an encrypted key; cosign knows the second one.
func passphraseNames() []string { return []string{"POSTURE_KEY_PASSWORD", "COSIGN_PASSWORD"} }

func passphrase() ([]byte, error) {
	for _, name := range passphraseNames() {
		if text, ok := os.LookupEnv(name); ok {
			return []byte(text), nil
		}
	}
	return nil, errors.New("it is encrypted: set POSTURE_KEY_PASSWORD or COSIGN_PASSWORD to its passphrase")
}

// privateKey reads a private key, and warns if others may read it, too.
func (t terminal) privateKey(path string) (crypto.Signer, error) {
	text, err := t.secret(path, keys.MaxBytes)
	if err != nil {
		return nil, fmt.Errorf("reading the key %s: %w", path, err)
	}
	key, err := keys.Private(text, passphrase)
	if err != nil {
		return nil, fmt.Errorf("reading the key %s: %w", path, err)
	}
	return key, nil
}

func publicKey(path string) (crypto.PublicKey, error) {
	text, err := inputfile.ReadFile(path, keys.MaxBytes)
	if err != nil {
		return nil, fmt.Errorf("reading the key %s: %w", path, atomicfile.Bare(err))
	}
	key, err := keys.Public(text)
	if err != nil {
		return nil, fmt.Errorf("reading the key %s: %w", path, err)
	}
	return key, nil
}

// secret reads a file that is for its owner alone, and warns if it is not.
func (t terminal) secret(path string, most int64) ([]byte, error) {
	text, err := inputfile.ReadFile(path, most)
	if err != nil {
		return nil, atomicfile.Bare(err)
	}
	const others = 0o077
	if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Mode().Perm()&others != 0 && runtime.GOOS != "windows" {
		t.warn("%s may be read by others (its mode is %04o): run chmod 600 %s", path, info.Mode().Perm(), path)
	}
	return text, nil
}
