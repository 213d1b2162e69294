package oci

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/opencontainers/go-digest"
	specs "github.com/opencontainers/image-spec/specs-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/content"
	"oras.land/oras-go/v2/errdef"
	"oras.land/oras-go/v2/registry"
	"oras.land/oras-go/v2/registry/remote"
	"oras.land/oras-go/v2/registry/remote/auth"
	"oras.land/oras-go/v2/registry/remote/credentials"
	"oras.land/oras-go/v2/registry/remote/errcode"
	"oras.land/oras-go/v2/registry/remote/retry"
)

// ArtifactType is the type of an image that is a catalog.
const ArtifactType = "application/vnd.posture.catalog.v1"

// Scheme begins the address of a catalog in a registry.
const Scheme = "oci://"

// Bounds of what a registry sends.
const (
	MaxBytes    = 64 << 20 // of a packed catalog
	maxManifest = 1 << 20
)

// The environment variables that hold a name and a password for the registry of an address. Without them the configuration of docker
// has them.
const (
	UserName     = "POSTURE_REGISTRY_USERNAME"
	PasswordName = "POSTURE_REGISTRY_PASSWORD"
)

// Options say how a registry is reached.
type Options struct {
	PlainHTTP bool          // without TLS; registries of this machine are reached so in any case
	Timeout   time.Duration // of all that is asked for one catalog; 0 is [DefaultTimeout]
}

// DefaultTimeout is enough for the largest catalog at 1 Mbit/s.
const DefaultTimeout = 10 * time.Minute

// bounded returns a context that ends when the registry took too long.
func (o Options) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	most := cmp.Or(o.Timeout, DefaultTimeout)
	return context.WithTimeoutCause(ctx, most, fmt.Errorf("the registry took longer than %s", most))
}

// Address is where a catalog is.
type Address struct{ reference registry.Reference }

// String returns the address with its scheme.
func (a Address) String() string { return Scheme + a.reference.String() }

// IsDigest reports whether the address names a digest, and not a tag.
func (a Address) IsDigest() bool { return a.reference.ValidateReferenceAsDigest() == nil }

// Parse reads an address such as oci://registry.contoso.example/security/catalog:1.2.
func Parse(text string) (Address, error) {
	_, host, _ := strings.Cut(text, "://")
	if host, _, _ = strings.Cut(host, "/"); strings.Contains(host, "@") { // it is not repeated, since it may be logged
		return Address{}, fmt.Errorf("an address holds no name and no password: log in with docker, or set %s and %s", UserName, PasswordName)
	}
	rest, ok := strings.CutPrefix(text, Scheme)
	if !ok {
		return Address{}, fmt.Errorf("%.200q is no address of a catalog in a registry, such as oci://registry.contoso.example/security/catalog:1.2", text)
	}
	reference, err := registry.ParseReference(rest)
	if err != nil {
		return Address{}, fmt.Errorf("the address %.200q can't be read: %w", text, err)
	}
	if reference.Reference == "" {
		return Address{}, fmt.Errorf("the address %.200q has no tag: name one, as in %s:1.2", text, text)
	}
	return Address{reference}, nil
}

// Push writes a packed catalog to a registry and returns the digest of its manifest. The same file has the same digest, wherever and
// whenever it is pushed.
func Push(ctx context.Context, to Address, text []byte, o Options) (string, error) {
	if to.IsDigest() {
		return "", fmt.Errorf("pushing to %s: an image is pushed to a tag, and its digest follows", to)
	}
	if len(text) > MaxBytes {
		return "", fmt.Errorf("pushing to %s: the catalog has more than %d MiB", to, MaxBytes>>20)
	}
	ctx, done := o.bounded(ctx)
	defer done()
	repository, err := open(to, o)
	if err != nil {
		return "", err
	}
	layer := content.NewDescriptorFromBytes(ocispec.MediaTypeImageLayerGzip, text)
	// The digest of the manifest follows from the file: nothing else is in it, and no time of day.
	image, err := json.Marshal(ocispec.Manifest{
		Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageManifest, ArtifactType: ArtifactType,
		Config: ocispec.DescriptorEmptyJSON, Layers: []ocispec.Descriptor{layer},
	})
	if err != nil {
		return "", fmt.Errorf("pushing to %s: %w", to, err)
	}
	manifest := content.NewDescriptorFromBytes(ocispec.MediaTypeImageManifest, image)
	manifest.ArtifactType = ArtifactType
	for _, part := range []struct {
		ocispec.Descriptor
		text []byte
	}{{layer, text}, {ocispec.DescriptorEmptyJSON, ocispec.DescriptorEmptyJSON.Data}, {manifest, image}} {
		if err := push(ctx, repository, part.Descriptor, part.text); err != nil {
			return "", fmt.Errorf("pushing to %s: %w", to, explained(ctx, err))
		}
	}
	if err := repository.Tag(ctx, manifest, to.reference.Reference); err != nil {
		return "", fmt.Errorf("pushing to %s: %w", to, explained(ctx, err))
	}
	return manifest.Digest.String(), nil
}

// push writes a part of an image, unless it is there already.
func push(ctx context.Context, repository *remote.Repository, part ocispec.Descriptor, text []byte) error {
	if there, err := repository.Exists(ctx, part); there && err == nil {
		return nil
	}
	return repository.Push(ctx, part, bytes.NewReader(text))
}

// Resolve returns the digest that an address leads to now.
func Resolve(ctx context.Context, from Address, o Options) (string, error) {
	ctx, done := o.bounded(ctx)
	defer done()
	repository, err := open(from, o)
	if err != nil {
		return "", err
	}
	found, err := repository.Resolve(ctx, from.reference.Reference)
	if err != nil {
		return "", fmt.Errorf("looking for %s: %w", from, explained(ctx, err))
	}
	return found.Digest.String(), nil
}

// Pull returns the packed catalog whose manifest has a digest, from the repository of an address. Both are what their digests say.
func Pull(ctx context.Context, from Address, manifestDigest string, o Options) ([]byte, error) {
	if _, err := digest.Parse(manifestDigest); err != nil {
		return nil, fmt.Errorf("pulling %s: %.100q is no digest", from, manifestDigest)
	}
	ctx, done := o.bounded(ctx)
	defer done()
	repository, err := open(from, o)
	if err != nil {
		return nil, err
	}
	found, err := repository.Resolve(ctx, manifestDigest)
	if err != nil {
		return nil, fmt.Errorf("pulling %s with the digest %s: %w", from, manifestDigest, explained(ctx, err))
	}
	if found.Size > maxManifest {
		return nil, fmt.Errorf("pulling %s: its manifest has more than %d KiB", from, maxManifest>>10)
	}
	text, err := content.FetchAll(ctx, repository, found)
	if err != nil {
		return nil, fmt.Errorf("pulling %s: %w", from, explained(ctx, err))
	}
	layer, err := layerOf(text)
	if err != nil {
		return nil, fmt.Errorf("pulling %s: %w", from, err)
	}
	catalog, err := content.FetchAll(ctx, repository, layer) // which compares digest and size
	if err != nil {
		return nil, fmt.Errorf("pulling %s: %w", from, explained(ctx, err))
	}
	return catalog, nil
}

// layerOf returns the one layer of an image.
func layerOf(manifest []byte) (ocispec.Descriptor, error) {
	var m ocispec.Manifest
	if err := json.Unmarshal(manifest, &m); err != nil {
		return ocispec.Descriptor{}, fmt.Errorf("its manifest can't be read: %w", err)
	}
	switch {
	case len(m.Layers) != 1 || m.Layers[0].MediaType != ocispec.MediaTypeImageLayerGzip:
		return ocispec.Descriptor{}, fmt.Errorf("it is no catalog, which is an image with one layer of the type %s", ocispec.MediaTypeImageLayerGzip)
	case m.Layers[0].Size > MaxBytes || m.Layers[0].Size < 0:
		return ocispec.Descriptor{}, fmt.Errorf("the catalog has more than %d MiB", MaxBytes>>20)
	case m.Layers[0].Digest.Validate() != nil:
		return ocispec.Descriptor{}, fmt.Errorf("the digest of the catalog is %.100q", m.Layers[0].Digest)
	}
	return m.Layers[0], nil
}

// open returns the repository of an address. Nothing is asked yet.
func open(at Address, o Options) (*remote.Repository, error) {
	repository, err := remote.NewRepository(at.reference.Registry + "/" + at.reference.Repository)
	if err != nil {
		return nil, fmt.Errorf("reaching %s: %w", at, err)
	}
	repository.PlainHTTP = o.PlainHTTP || loopback(at.reference.Registry)
	credential, err := credential(at.reference.Registry)
	if err != nil {
		return nil, fmt.Errorf("reaching %s: %w", at, err)
	}
	transport := http.DefaultTransport
	if !repository.PlainHTTP {
		transport = overTLS{transport}
	}
	client := &http.Client{Transport: retry.NewTransport(transport), CheckRedirect: fewRedirects}
	repository.Client = &auth.Client{Client: client, Cache: auth.NewCache(), Credential: credential, Header: http.Header{"User-Agent": {"posture"}}}
	return repository, nil
}

// overTLS refuses to go on without TLS: to where a registry redirects, and to where it says that tokens are, which gets the password.
type overTLS struct{ next http.RoundTripper }

// RoundTrip is part of http.RoundTripper.
func (o overTLS) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" {
		return nil, fmt.Errorf("the registry leads to %.200q, which has no TLS", r.URL.Host)
	}
	return o.next.RoundTrip(r)
}

// fewRedirects follows ten redirects at most.
func fewRedirects(_ *http.Request, past []*http.Request) error {
	if len(past) >= 10 {
		return errors.New("too many redirects")
	}
	return nil
}

// loopback reports whether a registry is on this machine.
func loopback(hostPort string) bool {
	host, _, err := net.SplitHostPort(hostPort)
	if err != nil {
		host = strings.Trim(hostPort, "[]")
	}
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

// credential returns where the name and password for a registry come from.
func credential(host string) (auth.CredentialFunc, error) {
	name, password := os.Getenv(UserName), os.Getenv(PasswordName)
	switch {
	case (name == "") != (password == ""):
		return nil, fmt.Errorf("one of %s and %s is set: set both, or none", UserName, PasswordName)
	case name != "":
		return auth.StaticCredential(host, auth.Credential{Username: name, Password: password}), nil
	}
	store, err := credentials.NewStoreFromDocker(credentials.StoreOptions{})
	if err != nil {
		return nil, fmt.Errorf("reading the configuration of docker: %w", err)
	}
	return credentials.Credential(store), nil
}

// explained adds to an error what to do.
func explained(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return context.Cause(ctx)
	}
	var refused *errcode.ErrorResponse
	switch text := err.Error(); {
	case errors.As(err, &refused) && (refused.StatusCode == http.StatusUnauthorized || refused.StatusCode == http.StatusForbidden):
		// What the registry says is left out: some repeat what they were sent.
		return fmt.Errorf("the registry answers %d %s: log in with docker, or set %s and %s", refused.StatusCode, http.StatusText(refused.StatusCode), UserName, PasswordName)
	case errors.Is(err, errdef.ErrNotFound):
		return fmt.Errorf("there is no such catalog (%w)", err)
	case strings.Contains(text, "server gave HTTP response to HTTPS client"):
		return fmt.Errorf("the registry has no TLS: --plain-http allows that (%w)", err)
	case strings.Contains(text, "401"), strings.Contains(text, "403"), strings.Contains(text, "basic credential not found"):
		return fmt.Errorf("%w: log in with docker, or set %s and %s", err, UserName, PasswordName)
	}
	return err
}
