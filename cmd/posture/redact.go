package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/cohort"
	"github.com/posture-score/posture/internal/redact"
)

// redactKeyName is the environment variable that holds the key of the pseudonyms.
const redactKeyName = "POSTURE_REDACT_KEY"

// redactFlags say whether names are replaced by pseudonyms, and with which key.
type redactFlags struct {
	on   bool
	path string
}

func (f *redactFlags) register(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.on, "redact", false, "replace names, addresses, ids and free texts by pseudonyms, in every format")
	f.registerKey(cmd)
}

func (f *redactFlags) registerKey(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.path, "redact-key", "", "take the key of the pseudonyms from a `FILE` instead of the environment variable "+redactKeyName)
}

func (f *redactFlags) check() error {
	if f.path != "" && !f.on {
		return usageError{errors.New("--redact-key is the key of --redact: give it, too")}
	}
	return nil
}

// redactor returns what replaces names, or nil if --redact was not given. The catalog says which texts are its own.
func (f *redactFlags) redactor(ctx context.Context, t terminal, flags *catalogFlags) (*redact.Redactor, error) {
	if !f.on {
		return nil, nil
	}
	key, err := f.read(t)
	if err != nil {
		return nil, err
	}
	cat, err := flags.load(ctx)
	if err != nil {
		return nil, err
	}
	return redact.New(key, cat.Literals())
}

// redacted returns an assessment and its comparison with pseudonyms.
func redacted(names *redact.Redactor, a *engine.Assessment, c *cohort.Comparison) (*engine.Assessment, *cohort.Comparison, error) {
	if a.Redaction != nil {
		return nil, nil, errors.New("its names were replaced already: leave out --redact")
	}
	return names.Assessment(a), names.Comparison(c), nil
}

// read returns the key. Line feeds at its end, as editors leave them, are no part of it.
func (f *redactFlags) read(t terminal) ([]byte, error) {
	if f.path != "" {
		text, err := t.secret(f.path, redact.MaxKey+2)
		if err != nil {
			return nil, fmt.Errorf("reading the key of the pseudonyms %s: %w", f.path, err)
		}
		return []byte(strings.TrimRight(string(text), "\r\n")), nil
	}
	text := os.Getenv(redactKeyName)
	if text == "" {
		return nil, usageError{fmt.Errorf("pseudonyms need the organization's key: name a file with --redact-key, or set %s", redactKeyName)}
	}
	return []byte(strings.TrimRight(text, "\r\n")), nil
}
