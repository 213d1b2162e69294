package main

import (
	"bytes"
	"crypto"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/report"
)

func newPolicyBundle(t terminal) *cobra.Command {
	var (
		output printFlags
		key    string
	)
	cmd := &cobra.Command{
		Use:   "bundle [CATALOG] -o FILE",
		Short: "Pack a catalog as a bundle of OPA, and sign it",
		Long: `Pack a catalog, a folder or a .tar.gz file, as a bundle of OPA: a .tar.gz file with a manifest. Without one it is the built-in catalog.

--catalog takes the bundle, and OPA loads it as well. The same files give the same bytes. With --sign the digests of all files are
signed, as OPA defines it; with --catalog-key, or catalog_key in posture.hcl, catalogs are loaded only if OPA's own code verifies that
the key signed them. The key is Ed25519, or ECDSA over P-256, in a PEM file, as for 'posture sign'.

A catalog is not checked here: run 'posture policy check' and 'posture policy test' first.`,
		Example: `  posture policy bundle ./our-controls --output catalog.tar.gz --sign key.pem
  posture policy bundle --output builtin.tar.gz`,
		Args: atMostOne("CATALOG"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if output.output == "" {
				return usageError{errors.New("--output is needed: a file for the bundle, or - for standard output")}
			}
			source, err := sourceOf(args)
			if err != nil {
				return err
			}
			var signer crypto.Signer
			if key != "" {
				if signer, err = t.privateKey(key); err != nil {
					return err
				}
			}
			var text bytes.Buffer
			if err := source.WriteBundle(&text, signer); err != nil {
				return err
			}
			name := output.output
			if name == "-" {
				name = ""
			}
			err = t.write(name, func(w io.Writer, _ report.Style) error {
				_, err := w.Write(text.Bytes())
				return err
			})
			if err == nil {
				t.say("packed %s with the digest %s", source.Name, source.Digest())
			}
			return err
		},
	}
	output.registerOutput(cmd)
	cmd.Flags().StringVar(&key, "sign", "", "sign the bundle with the private key in a `FILE`")
	return cmd
}

// sourceOf reads the catalog that is named, or the built-in one.
func sourceOf(args []string) (catalog.Source, error) {
	if len(args) == 0 {
		return catalog.Builtin()
	}
	return catalog.Open(args[0])
}

// atMostOne requires one argument or none.
func atMostOne(name string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 1 {
			return usageError{fmt.Errorf("%s takes one %s at most, and was given %d; see '%s --help'", cmd.CommandPath(), name, len(args), cmd.CommandPath())}
		}
		return nil
	}
}
