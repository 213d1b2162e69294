package web_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/page/web"
	"github.com/posture-score/posture/internal/page/web/bundle"
)

// The committed bundle is what its sources make.
func TestFresh(t *testing.T) {
	built, err := bundle.Build("src")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []struct {
		name string
		want []byte
		got  string
	}{
		{"dist/app.js", built.Script, web.Script().Content},
		{"dist/app.css", built.Style, web.Style().Content},
	} {
		if string(part.want) != part.got {
			t.Errorf("%s is stale: run go generate ./internal/page/web", part.name)
		}
	}
}

func TestSize(t *testing.T) {
	const most = 40 << 10
	size := compressed(t, web.Script().Content) + compressed(t, web.Style().Content)
	t.Logf("script and style: %d bytes of gzip", size)
	if size > most {
		t.Errorf("script and style are %d bytes of gzip, more than %d", size, most)
	}
}

func compressed(t *testing.T, text string) int {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}

// The hashes are those that a browser computes of an element's text.
func TestHash(t *testing.T) {
	for name, part := range map[string]struct {
		asset  web.Asset
		inline string
	}{
		"script": {web.Script(), string(web.InlineScript())},
		"style":  {web.Style(), string(web.InlineStyle())},
	} {
		expect.Equalf(t, part.asset.Content, part.inline, "inline %s", name)
		sum := sha256.Sum256([]byte(part.inline))
		expect.Equalf(t, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'", part.asset.CSP, "hash of the %s", name)
		for _, ends := range []string{"</", "<!--", "\r", "\x00"} {
			if strings.Contains(part.inline, ends) {
				t.Errorf("the %s holds %q: a browser would read or hash it otherwise", name, ends)
			}
		}
	}
	if name := web.Script().Name; !regexp.MustCompile(`^app\.[0-9a-f]{16}\.js$`).MatchString(name) {
		t.Errorf("script's name: %s", name)
	}
	if name := web.Style().Name; !regexp.MustCompile(`^app\.[0-9a-f]{16}\.css$`).MatchString(name) {
		t.Errorf("style's name: %s", name)
	}
}

// What would be refused by the page's policy, or is no place for what belongs to a tenant, is not in the sources.
func TestForbidden(t *testing.T) {
	forbidden := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|DOMParser|createContextualFragment|document\.write|` +
		`\beval\b|new Function|localStorage|sessionStorage|indexedDB|\.style\b|cssText|setAttribute\("(style|on)|@import "?(url|http)|https?://`)
	for name, source := range sources(t, "*.ts", "*.css") {
		for i, line := range strings.Split(source, "\n") {
			if found := forbidden.FindString(line); found != "" {
				t.Errorf("src/%s:%d: %s", name, i+1, found)
			}
		}
	}
}

// sources are the texts of the sources that have a name of the given shapes, by name.
func sources(t *testing.T, shapes ...string) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, shape := range shapes {
		paths := must.Get(filepath.Glob(filepath.Join("src", shape)))(t)
		for _, path := range paths {
			texts[filepath.Base(path)] = string(must.Get(os.ReadFile(path))(t))
		}
	}
	if len(texts) == 0 {
		t.Fatal("no sources")
	}
	return texts
}
