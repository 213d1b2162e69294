package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/atomicfile"
	"github.com/posture-score/posture/internal/inputfile"
	"github.com/posture-score/posture/internal/oci"
	"github.com/posture-score/posture/internal/pin"
)

func registerPlainHTTP(cmd *cobra.Command, o *oci.Options) {
	cmd.Flags().BoolVar(&o.PlainHTTP, "plain-http", false, "reach a registry without TLS; one on this machine is reached so in any case")
}

func newPolicyPush(t terminal) *cobra.Command {
	var options oci.Options
	cmd := &cobra.Command{
		Use:   "push FILE oci://REGISTRY/REPOSITORY:TAG",
		Short: "Push a packed catalog to a registry of containers",
		Long: `Push a bundle to a registry of containers (OCI), as an image with one layer, from where 'posture policy pull' and OPA get it. The digest
that it has there is printed: it follows from the file alone.

The name and password are those of docker's configuration, or of the environment variables POSTURE_REGISTRY_USERNAME and
POSTURE_REGISTRY_PASSWORD.`,
		Example: "  posture policy push catalog.tar.gz oci://registry.contoso.example/security/catalog:1.2",
		Args:    twoArgs("a FILE and an address", false),
		RunE: func(cmd *cobra.Command, args []string) error {
			to, err := oci.Parse(args[1])
			if err != nil {
				return usageError{err}
			}
			text, err := inputfile.ReadFile(args[0], oci.MaxBytes)
			if err != nil {
				return fmt.Errorf("reading %s: %w", args[0], atomicfile.Bare(err))
			}
			if _, err := catalog.Archive(args[0], bytes.NewReader(text)); err != nil {
				return fmt.Errorf("%w: pack one with 'posture policy bundle'", err)
			}
			digest, err := oci.Push(cmd.Context(), to, text, options)
			if err != nil {
				return err
			}
			fmt.Fprintln(t.out, digest)
			return nil
		},
	}
	registerPlainHTTP(cmd, &options)
	return cmd
}

// pullFlags say what is pulled, and where to.
type pullFlags struct {
	oci.Options
	output string
	key    string
	update bool
}

func newPolicyPull(t terminal) *cobra.Command {
	var f pullFlags
	cmd := &cobra.Command{
		Use:   "pull oci://REGISTRY/REPOSITORY:TAG",
		Short: "Pull a catalog from a registry of containers, and pin it",
		Long: `Pull a catalog from a registry of containers (OCI) into a file for --catalog, and pin it in posture.lock by its digest.

What is pinned is pulled again by its digest, even if the tag has moved on; that is told, and --update takes what the tag names now. A
registry can't give another catalog for a digest. With --catalog-key, or catalog_key in posture.hcl, the catalog has to be signed by
that key, or nothing is written.

The name and password are those of docker's configuration, or of the environment variables POSTURE_REGISTRY_USERNAME and
POSTURE_REGISTRY_PASSWORD.`,
		Example: `  posture policy pull oci://registry.contoso.example/security/catalog:1.2 --output catalog.tar.gz
  posture policy pull oci://registry.contoso.example/security/catalog:1.3 --output catalog.tar.gz --update`,
		Args: oneArg("address"),
		RunE: func(cmd *cobra.Command, args []string) error {
			from, err := oci.Parse(args[0])
			if err != nil {
				return usageError{err}
			}
			return f.pull(cmd.Context(), t, from)
		},
	}
	cmd.Flags().StringVarP(&f.output, "output", "o", "catalog.tar.gz", "write the catalog to a `FILE`")
	cmd.Flags().BoolVar(&f.update, "update", false, "take what the tag names now, and pin that")
	cmd.Flags().StringVar(&f.key, "catalog-key", "", "require that the public key in a `FILE` signed the catalog")
	registerPlainHTTP(cmd, &f.Options)
	return cmd
}

func (f *pullFlags) pull(ctx context.Context, t terminal, from oci.Address) error {
	lock, err := openLock(ctx)
	if err != nil {
		return err
	}
	pinned, err := lock.find(f.output)
	if err != nil {
		return err
	}
	if pinned == nil {
		if err := f.free(); err != nil {
			return err
		}
	}
	digest, err := f.choose(ctx, t, from, pinned)
	if err != nil {
		return err
	}
	text, err := oci.Pull(ctx, from, digest, f.Options)
	if err != nil {
		return err
	}
	source, err := f.check(ctx, from, text)
	if err != nil {
		return err
	}
	if err := t.overwrite(f.output, text); err != nil {
		return unwritten(f.output, err)
	}
	if standardOutput(f.output) { // a catalog is pinned by the name of its file
		return nil
	}
	if err := lock.pinCatalog(t, f.output, pin.Catalog{Digest: source.Digest(), From: from.String(), Manifest: digest}); err != nil {
		return err
	}
	return lock.write(t)
}

// free returns an error if the output would replace what is no catalog, or make a file where a link leads: nobody may have typed its name, and a
// folder from elsewhere may hold such a link.
func (f *pullFlags) free() error {
	info, err := os.Lstat(f.output)
	if standardOutput(f.output) || err != nil || !info.Mode().IsRegular() && info.Mode().Type() != fs.ModeSymlink {
		return nil //nolint:nilerr // what can't be written is told when it is
	}
	text, err := inputfile.ReadFile(f.output, oci.MaxBytes)
	if err == nil {
		_, err = catalog.Archive(f.output, bytes.NewReader(text))
	}
	if err != nil {
		return fmt.Errorf("%s is there, and is no catalog: remove it, or name another file with --output", f.output)
	}
	return nil
}

// choose returns the digest to pull: the pinned one, unless it is to be renewed.
func (f *pullFlags) choose(ctx context.Context, t terminal, from oci.Address, pinned *pin.Catalog) (string, error) {
	if pinned != nil && pinned.Manifest != "" && pinned.From != from.String() && !f.update {
		return "", fmt.Errorf("%s is pinned as %s from %s: give --update to pin what %s names", f.output, pinned.Manifest, pinned.From, from)
	}
	if pinned != nil && pinned.Manifest == "" && !f.update {
		return "", fmt.Errorf("%s is pinned, and was not pulled: give --update to replace it, or name another file with --output", f.output)
	}
	now, err := oci.Resolve(ctx, from, f.Options)
	if pinned == nil || f.update {
		return now, err
	}
	// The pinned one may be there though the tag is gone.
	if err != nil || now != pinned.Manifest {
		t.warn("%s names another catalog now, or none: %s is pulled, which is pinned. --update takes the new one", from, pinned.Manifest)
	}
	return pinned.Manifest, nil
}

// check reads a catalog before it is written, and has the signature verified if a key is wanted.
func (f *pullFlags) check(ctx context.Context, from oci.Address, text []byte) (catalog.Source, error) {
	keyPath := f.key
	if keyPath == "" {
		keyPath = configured(ctx).settings.CatalogKey
	}
	if keyPath == "" {
		return catalog.Archive(from.String(), bytes.NewReader(text))
	}
	key, err := publicKey(keyPath)
	if err != nil {
		return catalog.Source{}, err
	}
	return catalog.ArchiveSigned(from.String(), bytes.NewReader(text), key)
}
