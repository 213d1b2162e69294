package oci_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/oci"
)

// hostile is a registry that sends what it likes: bodies by the end of the path.
type hostile struct {
	bodies map[string][]byte
	head   func(w http.ResponseWriter) // changes the headers of an answer; may be nil
	answer http.HandlerFunc            // answers everything instead, if it is not nil
}

func (h *hostile) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h.answer != nil {
		h.answer(w, r)
		return
	}
	name := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	body, ok := h.bodies[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	if strings.Contains(r.URL.Path, "/manifests/") {
		w.Header().Set("Content-Type", ocispec.MediaTypeImageManifest)
	}
	w.Header().Set("Docker-Content-Digest", string(digest.FromBytes(body)))
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	if h.head != nil {
		h.head(w)
	}
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

// image returns a registry with an image of such layers, and its digest.
func image(text []byte, layers ...ocispec.Descriptor) (*hostile, string) {
	manifest, _ := json.Marshal(ocispec.Manifest{MediaType: ocispec.MediaTypeImageManifest, Config: ocispec.DescriptorEmptyJSON, Layers: layers})
	name := string(digest.FromBytes(manifest))
	return &hostile{bodies: map[string][]byte{name: manifest, "1": manifest, string(digest.FromBytes(text)): text}}, name
}

func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return oci.Scheme + strings.TrimPrefix(server.URL, "http://")
}

// TestHostile pulls from registries that lie about types, sizes and digests, and that send without end: nothing is taken, and each ends.
func TestHostile(t *testing.T) {
	text := []byte("a packed catalog")
	layer := ocispec.Descriptor{MediaType: ocispec.MediaTypeImageLayerGzip, Digest: digest.FromBytes(text), Size: int64(len(text))}
	with := func(change func(*ocispec.Descriptor)) ocispec.Descriptor {
		changed := layer
		change(&changed)
		return changed
	}
	endless := func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 1<<16)); err != nil {
				return
			}
		}
	}
	tests := map[string]struct {
		layers []ocispec.Descriptor
		change func(*hostile)
		want   string
	}{
		"honest":          {[]ocispec.Descriptor{layer}, nil, ""},
		"no layer":        {nil, nil, "it is no catalog"},
		"two layers":      {[]ocispec.Descriptor{layer, layer}, nil, "it is no catalog"},
		"another type":    {[]ocispec.Descriptor{with(func(d *ocispec.Descriptor) { d.MediaType = "text/plain" })}, nil, "it is no catalog"},
		"negative size":   {[]ocispec.Descriptor{with(func(d *ocispec.Descriptor) { d.Size = -1 })}, nil, "the catalog has more than 64 MiB"},
		"large size":      {[]ocispec.Descriptor{with(func(d *ocispec.Descriptor) { d.Size = 1 << 40 })}, nil, "the catalog has more than 64 MiB"},
		"smaller size":    {[]ocispec.Descriptor{with(func(d *ocispec.Descriptor) { d.Size-- })}, nil, "mismatch"},
		"larger size":     {[]ocispec.Descriptor{with(func(d *ocispec.Descriptor) { d.Size++ })}, nil, "mismatch"},
		"no digest":       {[]ocispec.Descriptor{with(func(d *ocispec.Descriptor) { d.Digest = "sha256:../../etc" })}, nil, "the digest of the catalog is"},
		"weak digest":     {[]ocispec.Descriptor{with(func(d *ocispec.Descriptor) { d.Digest = "md5:d41d8cd98f00b204e9800998ecf8427e" })}, nil, "the digest of the catalog is"},
		"another content": {[]ocispec.Descriptor{layer}, func(h *hostile) { h.bodies[string(layer.Digest)] = []byte("another catalog!") }, "mismatch"},
		"endless":         {[]ocispec.Descriptor{layer}, func(h *hostile) { h.answer = endless }, "registry"},
		"another digest in the header": {[]ocispec.Descriptor{layer}, func(h *hostile) {
			h.head = func(w http.ResponseWriter) { w.Header().Set("Docker-Content-Digest", string(digest.FromString("x"))) }
		}, "mismatch"},
		"large manifest": {[]ocispec.Descriptor{layer}, func(h *hostile) {
			h.head = func(w http.ResponseWriter) { w.Header().Set("Content-Length", strconv.Itoa(1<<30)) }
		}, "its manifest has more than 1024 KiB"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			registry, pinned := image(text, test.layers...)
			if test.change != nil {
				test.change(registry)
			}
			limit := time.Minute
			if name == "endless" {
				limit = time.Second
			}
			got, err := oci.Pull(t.Context(), parse(t, serve(t, registry)+"/c:1"), pinned, oci.Options{Timeout: limit})
			switch {
			case test.want == "" && (err != nil || string(got) != string(text)):
				t.Errorf("got %q, error %v", got, err)
			case test.want != "" && (err == nil || got != nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("got %q, error %v, want %q", got, err, test.want)
			}
		})
	}
}

// TestSlow ends what a registry does not answer, answers byte by byte, or puts off for a day.
func TestSlow(t *testing.T) {
	slowly := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", ocispec.MediaTypeImageManifest)
		w.Header().Set("Docker-Content-Digest", string(digest.FromString("x")))
		w.Header().Set("Content-Length", "1000")
		w.WriteHeader(http.StatusOK)
		for r.Method != http.MethodHead && r.Context().Err() == nil {
			_, _ = w.Write([]byte("{"))
			_ = http.NewResponseController(w).Flush()
			time.Sleep(20 * time.Millisecond)
		}
	}
	for name, answer := range map[string]http.HandlerFunc{
		"silent": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"slow":   slowly,
		"put off": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "86400")
			w.WriteHeader(http.StatusTooManyRequests)
		},
	} {
		t.Run(name, func(t *testing.T) {
			at := parse(t, serve(t, &hostile{answer: answer})+"/c:1")
			options := oci.Options{Timeout: 300 * time.Millisecond}
			for what, do := range map[string]func(context.Context) error{
				"pull": func(ctx context.Context) error {
					_, err := oci.Pull(ctx, at, string(digest.FromString("x")), options)
					return err
				},
				"push": func(ctx context.Context) error {
					_, err := oci.Push(ctx, at, []byte("x"), options)
					return err
				},
			} {
				began := time.Now()
				err := do(t.Context())
				if err == nil || name != "slow" && !strings.Contains(err.Error(), "the registry took longer than 300ms") || time.Since(began) > time.Minute {
					t.Errorf("%s: after %s the error is %v", what, time.Since(began), err)
				}
			}
		})
	}
}

// TestRedirected follows a redirect to another host, which does not get the password.
func TestRedirected(t *testing.T) {
	text := []byte("a packed catalog")
	registry, pinned := image(text, ocispec.Descriptor{MediaType: ocispec.MediaTypeImageLayerGzip, Digest: digest.FromBytes(text), Size: int64(len(text))})
	var told atomic.Bool
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			told.Store(true)
		}
		registry.ServeHTTP(w, r)
	}))
	defer elsewhere.Close()
	other := strings.Replace(elsewhere.URL, "127.0.0.1", "localhost", 1)
	host := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, _, ok := r.BasicAuth(); !ok {
			w.Header().Set("WWW-Authenticate", `Basic realm="posture"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if strings.Contains(r.URL.Path, "/blobs/") {
			http.Redirect(w, r, other+r.URL.Path, http.StatusTemporaryRedirect)
			return
		}
		registry.ServeHTTP(w, r)
	}))
	t.Setenv(oci.UserName, "ada")
	t.Setenv(oci.PasswordName, "s3cret-word")
	got := must.Get(oci.Pull(t.Context(), parse(t, host+"/c:1"), pinned, oci.Options{}))(t)
	if string(got) != string(text) || told.Load() {
		t.Errorf("got %q; the password was sent on: %v", got, told.Load())
	}
}

// TestNoPasswordInErrors refuses credentials in a way that repeats them: the error does not.
func TestNoPasswordInErrors(t *testing.T) {
	t.Setenv(oci.UserName, "ada")
	t.Setenv(oci.PasswordName, "s3cret-word")
	host := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("WWW-Authenticate", `Basic realm="posture"`)
		_, password, _ := r.BasicAuth()
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = fmt.Fprintf(w, `{"errors":[{"code":"UNAUTHORIZED","message":"%s is wrong, as in %s"}]}`, password, r.Header.Get("Authorization"))
	}))
	_, pull := oci.Pull(t.Context(), parse(t, host+"/c:1"), string(digest.FromString("x")), oci.Options{})
	_, push := oci.Push(t.Context(), parse(t, host+"/c:1"), []byte("x"), oci.Options{})
	_, resolve := oci.Resolve(t.Context(), parse(t, host+"/c:1"), oci.Options{})
	_, address := oci.Parse("oci://ada:s3cret-word@registry.contoso.example/c:1")
	_, web := oci.Parse("https://ada:s3cret-word@registry.contoso.example/c:1")
	for _, err := range []error{pull, push, resolve, address, web} {
		if err == nil || strings.Contains(err.Error(), "s3cret-word") || strings.Contains(err.Error(), "YWRhOnMzY3JldC13b3Jk") {
			t.Errorf("error is %v", err)
		}
	}
}
