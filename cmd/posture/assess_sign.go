package main

import (
	"context"
	"crypto"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/report"
)

// signFlags say with which key an assessment is signed, and where the signed one goes.
type signFlags struct {
	key      string
	envelope string
}

func (f *signFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.key, "sign", "", "sign the assessment with the private key in a `FILE`, and write the signed one instead of a page")
	cmd.Flags().StringVar(&f.envelope, "envelope", "", "with --sign, write the signed assessment into a `FILE`, beside the page")
}

// check returns an error for flags that don't go together.
func (f *signFlags) check(format string) error {
	switch {
	case f.key == "" && f.envelope != "":
		return usageError{errors.New("--envelope says where the signed assessment goes: name the key with --sign")}
	case f.key != "" && f.envelope == "" && format != report.Formats(report.Assessment{})[0] && format != "json":
		return usageError{errors.New("--sign writes the signed assessment instead of a page: name a file for it with --envelope to have both, or leave out --format")}
	}
	return nil
}

// signer reads the key, before the work. It returns nil if there is none.
func (f *signFlags) signer(t terminal) (crypto.Signer, error) {
	if f.key == "" {
		return nil, nil
	}
	return t.privateKey(f.key)
}

// showSigned prints a page, or the signed assessment, or both, and writes the reports.
func (f *assessFlags) showSigned(ctx context.Context, t terminal, key crypto.Signer, templates map[string]*report.Template, page report.Assessment) error {
	outputs, err := f.outputs()
	if err != nil {
		return err
	}
	if key == nil {
		return t.showAll(outputs, templates, page)
	}
	text, err := f.signed(ctx, page.Assessment, key)
	if err != nil {
		return err
	}
	write := func(w io.Writer, _ report.Style) error {
		_, err := w.Write(text)
		return err
	}
	if f.sign.envelope == "" {
		return errors.Join(t.write(f.output, write), t.showAll(f.reports, templates, page))
	}
	return errors.Join(t.showAll(outputs, templates, page), t.write(f.sign.envelope, write))
}
