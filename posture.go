// Package posture assesses exported evidence against a catalog of recommended actions. It is the entry
// point for programs; the command of the same name is in cmd/posture.
//
//	assessment, err := posture.Assess(ctx, "evidence", posture.WithCatalog("our-controls"))
//
// A program that assesses many tenants makes one [Assessor], which loads and compiles the catalog once.
//
// [LoadCatalog] gives programs that only inspect controls the catalog without an engine.
//
// The package does not print, and it does not read a register of decisions: pass them by [WithDecisions].
//
// # Stability
//
// The module is at v0: until v1 a minor version may change the API, and the changelog says how. The
// public packages are posture, engine, engine/catalog, evidence and schemas; everything else is internal.
// The JSON documents carry a schema_version, which changes with their meaning.
package posture

import (
	"cmp"
	"context"
	"crypto"
	"fmt"
	"strings"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/gcpace"
	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/importer/builtin"
	"github.com/posture-score/posture/internal/inputfile"
	"github.com/posture-score/posture/schemas"
)

// Assess loads the catalog, opens the evidence at path, and assesses it. See [Assessor.Assess].
func Assess(ctx context.Context, path string, options ...Option) (*engine.Assessment, error) {
	assessor, err := New(ctx, options...)
	if err != nil {
		return nil, err
	}
	return assessor.Assess(ctx, path)
}

// An Option changes how evidence is assessed.
type Option func(*options)

type options struct {
	catalogs   []string
	catalogKey crypto.PublicKey
	pins       Pins
	noBuiltin  bool
	parameters string
	evidence   importer.Options
	engine     engine.Options
	settings   engine.AssessOptions
}

// WithCatalog adds the controls and datasets of catalogs: folders or .tar.gz files.
func WithCatalog(paths ...string) Option {
	return func(o *options) { o.catalogs = append(o.catalogs, paths...) }
}

// WithCatalogKey requires the catalogs of [WithCatalog] to be bundles that a key signed, which OPA's own code verifies. The key is
// Ed25519, or ECDSA over P-256.
func WithCatalogKey(key crypto.PublicKey) Option { return func(o *options) { o.catalogKey = key } }

// Pins say which catalogs are meant, by their digests. A catalog with another digest is a [*PinError].
type Pins struct {
	Builtin  string            // of the built-in catalog: see [catalog.Catalog.Digest]; empty for any
	Catalogs map[string]string // by the path that [WithCatalog] names: see [catalog.Source.Digest]
}

// PinError says that a catalog is not the one that is meant.
type PinError struct {
	Path      string // empty for the built-in catalog
	Version   string // of the built-in catalog
	Want, Got string // digests
}

// Error is part of error.
func (e *PinError) Error() string {
	if e.Path == "" {
		return fmt.Sprintf("the built-in catalog is %s with the digest %s, and %s is pinned", e.Version, e.Got, e.Want)
	}
	return fmt.Sprintf("the catalog %s has the digest %s, and %s is pinned", e.Path, e.Got, e.Want)
}

// WithPins refuses catalogs that are not those that are meant.
func WithPins(pins Pins) Option { return func(o *options) { o.pins = pins } }

// WithoutBuiltin leaves out the built-in controls. The products that the built-in catalog declares stay.
func WithoutBuiltin() Option { return func(o *options) { o.noBuiltin = true } }

// WithParameters overrides parameters of controls with those of an HCL file.
func WithParameters(path string) Option { return func(o *options) { o.parameters = path } }

// WithDecisions says what the organization decided, by control id.
func WithDecisions(decisions map[string]engine.Decision) Option {
	return func(o *options) { o.settings.Decisions = decisions }
}

// WithTime sets the time of the assessment. The default is the time at which the evidence was collected.
func WithTime(now time.Time) Option { return func(o *options) { o.settings.Now = now } }

// WithCollectedAt says when evidence was collected that does not say it itself. Evidence that says it is
// taken at its word.
func WithCollectedAt(at time.Time) Option { return func(o *options) { o.evidence.CollectedAt = at } }

// WithTenant names the tenant of evidence that does not say it. It is an error if the evidence says
// another.
func WithTenant(tenant evidence.Tenant) Option {
	return func(o *options) { o.evidence.Tenant = tenant }
}

// WithValidation says how much of the evidence is checked against its schemas. The default is
// [engine.ValidateSample].
func WithValidation(mode engine.Validation) Option {
	return func(o *options) { o.settings.Validate = mode }
}

// WithSkipped is called for each file of an export that is not evidence, with the reason.
func WithSkipped(skipped func(file, reason string)) Option {
	return func(o *options) { o.evidence.Skipped = skipped }
}

func optionsOf(list []Option) options {
	o := options{evidence: importer.Options{Importers: builtin.Importers(), Limits: evidence.DefaultLimits()}}
	for _, option := range list {
		option(&o)
	}
	return o
}

// LoadCatalog loads the catalog that the options name: the built-in one, unless [WithoutBuiltin] leaves it
// out, those of [WithCatalog] on top of it, and the values of [WithParameters]. Other options have no
// effect on it. An error of a policy file is a [*catalog.Problems].
func LoadCatalog(ctx context.Context, options ...Option) (*catalog.Catalog, error) {
	return optionsOf(options).loadCatalog(ctx)
}

// maxParameters bounds a file of parameters, as one of a catalog is.
const maxParameters = 4 << 20

func (o options) loadCatalog(ctx context.Context) (*catalog.Catalog, error) {
	registry, err := schemas.Builtin()
	if err != nil {
		return nil, err
	}
	base := catalog.Builtin
	if o.noBuiltin {
		base = catalog.Products
	}
	source, err := base()
	if err != nil {
		return nil, err
	}
	sources := []catalog.Source{source}
	for _, path := range o.catalogs {
		source, err := o.open(path)
		if err != nil {
			return nil, err
		}
		sources = append(sources, source)
	}
	if err := o.checkBuiltin(ctx, registry, source); err != nil {
		return nil, err
	}
	loaded, err := catalog.Load(ctx, registry, sources...)
	if err != nil || o.parameters == "" {
		return loaded, err
	}
	text, err := inputfile.ReadFile(o.parameters, maxParameters)
	if err != nil {
		return nil, fmt.Errorf("reading parameters: %w", err)
	}
	return loaded.WithParameters(o.parameters, text)
}

// open opens a catalog, and compares it with its pin.
func (o options) open(path string) (source catalog.Source, err error) {
	if o.catalogKey != nil {
		source, err = catalog.OpenSigned(path, o.catalogKey)
	} else {
		source, err = catalog.Open(path)
	}
	if want := o.pins.Catalogs[path]; err == nil && want != "" && want != source.Digest() {
		return source, &PinError{Path: path, Want: want, Got: source.Digest()}
	}
	return source, err
}

// checkBuiltin compares the built-in catalog with its pin, if it is used.
func (o options) checkBuiltin(ctx context.Context, registry *schemas.Registry, builtin catalog.Source) error {
	if o.pins.Builtin == "" || o.noBuiltin {
		return nil
	}
	loaded, err := catalog.Load(ctx, registry, builtin)
	if err != nil || loaded.Digest() == o.pins.Builtin {
		return err
	}
	return &PinError{Version: loaded.Version(), Want: o.pins.Builtin, Got: loaded.Digest()}
}

// PaceMemory sets the pace of the garbage collector of the whole process: the heap may grow by so many bytes
// beyond what is in use before it is collected again. 0 stands for what the command posture lets it, which
// keeps the memory of one large tenant low. It has no effect if the environment variable GOGC is set.
//
// It is for main functions, since it concerns all that a program does, and is called once: nothing else in
// this module changes the collector. A program that assesses many small tenants holds little more than its
// compiled catalog, which each collection looks through again: some 100 MiB save it most of that.
func PaceMemory(room int64) { gcpace.Relax(cmp.Or(room, gcpace.Room)) }

// An Assessor is a compiled catalog with options. It is immutable: assess with it from any number of
// goroutines.
type Assessor struct {
	engine  *engine.Engine
	options options
}

// New loads and compiles the catalog.
func New(ctx context.Context, options ...Option) (*Assessor, error) {
	o := optionsOf(options)
	loaded, err := o.loadCatalog(ctx)
	if err != nil {
		return nil, err
	}
	compiled, err := engine.Compile(ctx, loaded, o.engine)
	if err != nil {
		return nil, err
	}
	return &Assessor{engine: compiled, options: o}, nil
}

// Assess opens the evidence at path and assesses it. Path is a bundle, an export or the results of
// ScubaGear, or a folder or an archive of saved Microsoft Graph responses and of answers of PowerShell
// cmdlets. An [*evidence.Error] says what is wrong with the evidence and how to mend it. Evidence that does
// not say when it was collected needs [WithCollectedAt] or [WithTime]: the clock is never read.
func (a *Assessor) Assess(ctx context.Context, path string) (*engine.Assessment, error) {
	open := a.options.evidence
	if open.CollectedAt.IsZero() {
		open.CollectedAt = a.options.settings.Now
	}
	bundle, err := open.Open(ctx, path, strings.NewReader(""))
	if err != nil {
		return nil, err
	}
	defer bundle.Close()
	return a.engine.Assess(ctx, bundle, a.options.settings)
}
