package catalog

import (
	"context"
	"fmt"
	"path"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/version"

	"github.com/posture-score/posture/engine/internal/codec"
	"github.com/posture-score/posture/engine/internal/rego/check"
	"github.com/posture-score/posture/schemas"
)

// Invariant: a snapshot is used for the very texts that it was made of, by the same version of OPA,
// or not at all; and a restored catalog equals the one that the snapshot was made of.

// state is what a snapshot holds.
type state struct {
	key      string // of what it was made of
	version  string
	digest   string
	controls []*Control
	products []*Product
	licenses []*License
	packages map[string]pkg
	modules  []check.Module // without their texts, which the source has, and shapes
	ready    string
}

// Snapshot returns the compiled built-in catalog, for programs to embed: pack adds the compiled
// rules of the engine.
func Snapshot(ctx context.Context, pack func(context.Context, *Catalog) ([]byte, error)) ([]byte, error) {
	datasets, err := schemas.Builtin()
	if err != nil {
		return nil, err
	}
	source, err := Builtin()
	if err != nil {
		return nil, err
	}
	catalog, err := load(ctx, datasets, []Source{source})
	if err != nil {
		return nil, err
	}
	ready, err := pack(ctx, catalog)
	if err != nil {
		return nil, err
	}
	s := &state{
		key: key(datasets, source), version: catalog.version, digest: catalog.digest, controls: catalog.controls,
		products: catalog.Products(), licenses: catalog.Licenses(), packages: catalog.packages, modules: catalog.modules, ready: string(ready),
	}
	c := codec.NewWriter()
	s.code(c)
	if err := c.End(); err != nil {
		return nil, fmt.Errorf("packing the catalog: %w", err)
	}
	return c.Packed(), nil
}

// key names all that a snapshot is made of; it is empty where no snapshot will do.
func key(datasets *schemas.Registry, source Source) string {
	if datasets.Digest() == "" {
		return ""
	}
	parts := [][]byte{[]byte(version.Version), []byte(datasets.Digest()), []byte(source.Name)}
	for _, p := range source.paths() {
		parts = append(parts, []byte(p), source.files[p])
	}
	return digest(parts...)
}

// restore returns the catalog of the sources if the snapshot is one of them, and nil otherwise.
func restore(ctx context.Context, snapshot string, datasets *schemas.Registry, sources []Source) *Catalog {
	if len(sources) != 1 || ctx.Err() != nil {
		return nil
	}
	c, s, source := codec.NewReader(snapshot), &state{}, sources[0]
	codec.Text(c, &s.key)
	if wanted := key(datasets, source); c.Err() != nil || wanted == "" || s.key != wanted {
		return nil
	}
	s.codeRest(c)
	if c.End() != nil {
		return nil
	}
	catalog := s.catalog(source)
	catalog.datasets = datasets
	full := context.WithoutCancel(ctx)
	catalog.compiled = sync.OnceValue(func() *compiled { return loadedInFull(full, datasets, sources, catalog) })
	return catalog
}

// loadedInFull returns what loading the sources of a catalog in full compiles.
func loadedInFull(ctx context.Context, datasets *schemas.Registry, sources []Source, catalog *Catalog) *compiled {
	loaded, err := load(ctx, datasets, sources)
	if err != nil { // there was none when the same texts were loaded before
		set, _ := check.Compile(ctx, nil)
		return &compiled{rules: set, byID: catalog.byID}
	}
	return loaded.compiled()
}

// catalog returns the catalog without its compiled rules.
func (s *state) catalog(source Source) *Catalog {
	c := &Catalog{
		version: s.version, digest: s.digest, controls: s.controls, packages: s.packages, modules: s.modules, ready: s.ready,
		byID: make(map[string]*Control, len(s.controls)), products: map[string]*Product{}, licenses: map[string]*License{}, origins: map[string]string{}, texts: map[string][]byte{},
	}
	for _, control := range s.controls {
		c.byID[control.ID] = control
	}
	for _, product := range s.products {
		c.products[product.ID] = product
	}
	for _, license := range s.licenses {
		c.licenses[license.ID] = license
	}
	for i, module := range c.modules {
		c.modules[i].Source = source.files[strings.TrimPrefix(module.Path, source.Name+"/")]
	}
	for p, text := range source.files {
		shown := path.Join(source.Name, p)
		c.origins[shown] = path.Clean(source.Name)
		if strings.HasSuffix(p, ".hcl") {
			c.texts[shown] = text
		}
	}
	return c
}
