package oci_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/registry"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/oci"
)

// start runs a registry on this machine and returns the beginning of its addresses. guard may be nil.
func start(t *testing.T, guard func(http.Handler) http.Handler) string {
	t.Helper()
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	handler := registry.New(registry.Logger(log.New(io.Discard, "", 0)))
	if guard != nil {
		handler = guard(handler)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return oci.Scheme + strings.TrimPrefix(server.URL, "http://")
}

func parse(t *testing.T, text string) oci.Address { return must.Get(oci.Parse(text))(t) }

// TestPushPull pushes a file twice, under two tags, and pulls it by its digest: the digest is the same, and so is the file.
func TestPushPull(t *testing.T) {
	host := start(t, nil)
	text := []byte("a packed catalog")
	one := must.Get(oci.Push(t.Context(), parse(t, host+"/security/catalog:1.0"), text, oci.Options{}))(t)
	other := must.Get(oci.Push(t.Context(), parse(t, host+"/another/place:latest"), text, oci.Options{}))(t)
	expect.Equal(t, one, other)
	// It follows from the file alone. A change here is one for everybody who pinned a catalog.
	expect.Equal(t, "sha256:89e959c1eecfc31d6abeaca09b9213134267175cc31b15a2f915672b281b6988", one)
	expect.Equal(t, one, must.Get(oci.Resolve(t.Context(), parse(t, host+"/security/catalog:1.0"), oci.Options{}))(t))
	expect.Equal(t, text, must.Get(oci.Pull(t.Context(), parse(t, host+"/security/catalog:1.0"), one, oci.Options{}))(t))

	// The tag moves on. What was pinned is still there.
	newer := must.Get(oci.Push(t.Context(), parse(t, host+"/security/catalog:1.0"), []byte("a newer one"), oci.Options{}))(t)
	expect.Equal(t, newer, must.Get(oci.Resolve(t.Context(), parse(t, host+"/security/catalog:1.0"), oci.Options{}))(t))
	expect.Equal(t, text, must.Get(oci.Pull(t.Context(), parse(t, host+"/security/catalog:1.0"), one, oci.Options{}))(t))
}

// TestRefuses says what can't be pushed or pulled, and what to do.
func TestRefuses(t *testing.T) {
	host := start(t, nil)
	digest := "sha256:" + strings.Repeat("0", 64)
	pushed := must.Get(oci.Push(t.Context(), parse(t, host+"/c:1"), []byte("x"), oci.Options{}))(t)
	tests := map[string]struct {
		do   func(context.Context) error
		want string
	}{
		"no such digest": {func(ctx context.Context) error {
			_, err := oci.Pull(ctx, parse(t, host+"/c:1"), digest, oci.Options{})
			return err
		}, "there is no such catalog"},
		"no such tag": {func(ctx context.Context) error {
			_, err := oci.Resolve(ctx, parse(t, host+"/c:2"), oci.Options{})
			return err
		}, "there is no such catalog"},
		"no digest": {func(ctx context.Context) error {
			_, err := oci.Pull(ctx, parse(t, host+"/c:1"), "1", oci.Options{})
			return err
		}, `"1" is no digest`},
		"push to a digest": {func(ctx context.Context) error {
			_, err := oci.Push(ctx, parse(t, host+"/c@"+pushed), []byte("x"), oci.Options{})
			return err
		}, "an image is pushed to a tag"},
		"large": {func(ctx context.Context) error {
			_, err := oci.Push(ctx, parse(t, host+"/c:1"), make([]byte, oci.MaxBytes+1), oci.Options{})
			return err
		}, "the catalog has more than 64 MiB"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if err := test.do(t.Context()); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v, want %q", err, test.want)
			}
		})
	}
}

// TestLies pulls from a registry that sends something else than the digest names.
func TestLies(t *testing.T) {
	lie := ""
	host := start(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if lie != "" && r.Method == http.MethodGet && strings.Contains(r.URL.Path, lie) {
				recorded := httptest.NewRecorder()
				next.ServeHTTP(recorded, r)
				for name, values := range recorded.Header() {
					w.Header()[name] = values
				}
				body := recorded.Body.Bytes()
				body[len(body)/2] ^= 1
				w.WriteHeader(recorded.Code)
				_, _ = w.Write(body)
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	pushed := must.Get(oci.Push(t.Context(), parse(t, host+"/c:1"), []byte("a packed catalog"), oci.Options{}))(t)
	for _, lie = range []string{"/manifests/", "/blobs/"} {
		if text, err := oci.Pull(t.Context(), parse(t, host+"/c:1"), pushed, oci.Options{}); err == nil {
			t.Errorf("%s: got %q", lie, text)
		}
	}
}

// TestCredentials takes the name and password from the environment, and says where from if there is none.
func TestCredentials(t *testing.T) {
	host := start(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if name, password, _ := r.BasicAuth(); name != "ada" || password != "secret" {
				w.Header().Set("WWW-Authenticate", `Basic realm="posture"`)
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	push := func() error {
		_, err := oci.Push(t.Context(), parse(t, host+"/c:1"), []byte("x"), oci.Options{})
		return err
	}
	if err := push(); err == nil || !strings.Contains(err.Error(), "log in with docker, or set POSTURE_REGISTRY_USERNAME") {
		t.Errorf("error is %v", err)
	}
	t.Setenv(oci.UserName, "ada")
	if err := push(); err == nil || !strings.Contains(err.Error(), "set both, or none") {
		t.Errorf("error is %v", err)
	}
	t.Setenv(oci.PasswordName, "secret")
	must.Do(t, push())
}

func TestParse(t *testing.T) {
	digest := "sha256:" + strings.Repeat("0", 64)
	for text, want := range map[string]string{
		"oci://registry.contoso.example/security/catalog:1.2": "",
		"oci://localhost:5000/c@" + digest:                    "",
		"registry.contoso.example/catalog:1.2":                "is no address of a catalog in a registry",
		"https://registry.contoso.example/catalog:1.2":        "is no address of a catalog in a registry",
		"oci://registry.contoso.example/catalog":              "has no tag",
		"oci://registry.contoso.example":                      "can't be read",
		"oci://registry.contoso.example/../c:1":               "can't be read",
		"oci://ada:secret@registry.contoso.example/c:1":       "an address holds no name and no password",
		"oci:// /c:1": "can't be read",
	} {
		address, err := oci.Parse(text)
		switch {
		case want == "" && err == nil:
			expect.Equal(t, text, address.String())
		case want == "" || err == nil || !strings.Contains(err.Error(), want):
			t.Errorf("%s: error is %v, want %q", text, err, want)
		}
	}
}

// ExampleParse reads an address.
func ExampleParse() {
	address, err := oci.Parse("oci://registry.contoso.example/security/catalog:1.2")
	fmt.Println(address, address.IsDigest(), err)
	// Output: oci://registry.contoso.example/security/catalog:1.2 false <nil>
}
