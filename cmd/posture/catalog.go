package main

import (
	"context"
	"crypto"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/schemas"
)

// catalogFlags say which catalog a command uses.
type catalogFlags struct {
	dirs       []string
	noBuiltin  bool
	parameters string
	key        string           // a public key that signed the catalogs
	pinned     bool             // posture.lock says which catalogs are meant
	loaded     *catalog.Catalog // nil before load
}

func (f *catalogFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.dirs, "catalog", nil, "add the controls of a `DIR` or .tar.gz file (repeatable)")
	cmd.Flags().StringVar(&f.key, "catalog-key", "", "require that the public key in a `FILE` signed the catalogs of --catalog, as bundles")
	f.registerNoBuiltin(cmd)
	f.pinned = true
}

// registerDatasets adds the flag of commands that need the datasets of catalogs, and not their controls.
func (f *catalogFlags) registerDatasets(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.dirs, "catalog", nil, "know the datasets of a `DIR` or .tar.gz file, too (repeatable)")
}

func (f *catalogFlags) registerNoBuiltin(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.noBuiltin, "no-builtin", false, "leave out the built-in controls")
}

func (f *catalogFlags) registerParameters(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.parameters, "parameters", "", "override parameters of controls with those of an HCL `FILE`")
}

// load returns the catalog of the flags, and reads it once.
func (f *catalogFlags) load(ctx context.Context) (*catalog.Catalog, error) {
	if f.noBuiltin && len(f.dirs) == 0 {
		return nil, usageError{fmt.Errorf("--no-builtin leaves no catalog at all: name one")}
	}
	if f.loaded != nil {
		return f.loaded, nil
	}
	cat, err := f.read(ctx, f.noBuiltin)
	if err == nil {
		f.loaded = cat
	}
	return cat, err
}

// datasets reads the schemas of the catalogs, on top of the built-in ones. Their controls may have mistakes.
func (f *catalogFlags) datasets(ctx context.Context) (*schemas.Registry, error) {
	registry, err := schemas.Builtin()
	if err != nil {
		return nil, err
	}
	key, err := f.catalogKey(ctx)
	if err != nil {
		return nil, err
	}
	sources := make([]catalog.Source, len(f.dirs))
	for i, dir := range f.dirs {
		if key != nil {
			sources[i], err = catalog.OpenSigned(dir, key)
		} else {
			sources[i], err = catalog.Open(dir)
		}
		if err != nil {
			return nil, err
		}
	}
	return catalog.Datasets(ctx, registry, sources...)
}

func (f *catalogFlags) read(ctx context.Context, productsAlone bool) (*catalog.Catalog, error) {
	options := []posture.Option{posture.WithCatalog(f.dirs...), posture.WithParameters(f.parameters)}
	if productsAlone {
		options = append(options, posture.WithoutBuiltin())
	}
	if !f.pinned {
		return posture.LoadCatalog(ctx, options...)
	}
	lock, err := openLock(ctx)
	if err != nil {
		return nil, err
	}
	pins, err := lock.pins(f.dirs)
	if err != nil {
		return nil, err
	}
	key, err := f.catalogKey(ctx)
	if err != nil {
		return nil, err
	}
	cat, err := posture.LoadCatalog(ctx, append(options, posture.WithPins(pins), posture.WithCatalogKey(key))...)
	return cat, lock.advice(err)
}

// catalogKey returns the public key that signed the catalogs: that of the flag, or of posture.hcl. It is nil if there is none.
func (f *catalogFlags) catalogKey(ctx context.Context) (crypto.PublicKey, error) {
	path := f.key
	if path == "" && len(f.dirs) > 0 {
		path = configured(ctx).settings.CatalogKey
	}
	if path == "" {
		return nil, nil
	}
	return publicKey(path)
}
