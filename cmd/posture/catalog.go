package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/schemas"
)

// catalogFlags say which catalog a command works with.
type catalogFlags struct {
	dirs       []string
	noBuiltin  bool
	parameters string
	loaded     *catalog.Catalog // once it is
}

func (f *catalogFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.dirs, "catalog", nil, "add the controls of a `DIR` or .tar.gz file (repeatable)")
	f.registerNoBuiltin(cmd)
}

func (f *catalogFlags) registerNoBuiltin(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.noBuiltin, "no-builtin", false, "leave out the built-in controls")
}

func (f *catalogFlags) registerParameters(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.parameters, "parameters", "", "override parameters of controls with those of an HCL `FILE`")
}

// load reads the catalog that the flags ask for, once.
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

func (f *catalogFlags) read(ctx context.Context, productsAlone bool) (*catalog.Catalog, error) {
	registry, err := schemas.Builtin()
	if err != nil {
		return nil, err
	}
	base := catalog.Builtin
	if productsAlone {
		base = catalog.Products
	}
	source, err := base()
	if err != nil {
		return nil, err
	}
	sources := []catalog.Source{source}
	for _, dir := range f.dirs {
		source, err := catalog.Open(dir)
		if err != nil {
			return nil, err
		}
		sources = append(sources, source)
	}
	cat, err := catalog.Load(ctx, registry, sources...)
	if err != nil || f.parameters == "" {
		return cat, err
	}
	text, err := os.ReadFile(f.parameters)
	if err != nil {
		return nil, fmt.Errorf("reading parameters: %w", err)
	}
	return cat.WithParameters(f.parameters, text)
}
