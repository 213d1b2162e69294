package serve_test

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/browser"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/page/web"
	"github.com/posture-score/posture/internal/serve"
	"github.com/posture-score/posture/internal/serve/signin"
)

// The pages of the server itself are readable by everyone, light and dark, wide and narrow; a theme is chosen without scripts.
func TestPlainInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser")
	}
	var chromium browser.Browser
	t.Cleanup(func() { must.Do(t, chromium.Stop()) })
	long := strings.Repeat("Ada", 150) + "\u202e<script>alert(1)</script>"
	link := ""
	s := newSite(t, signin.Reader, func(o *serve.Options) {
		o.Gate, link = signin.Local(signin.Options{Origin: &url.URL{Scheme: "http", Host: o.Hosts[0]}, Stylesheet: "/assets/" + web.Style().Name}, signin.User{Name: long, Role: signin.Reader}, func(string) {})
	}).show(t)
	p := chromium.Open(t, link, browser.Options{})
	p.Expect(`40[34]`)
	for name, o := range map[string]browser.Options{"light": {}, "dark": {Dark: true}, "narrow": {Width: 360}, "narrow, dark": {Width: 360, Dark: true}} {
		p.Set(o)
		for path, words := range map[string]string{
			"/account": "You are signed in as", "/nothing": "There is no such page.", "/tenants/contoso/goal": "reader",
		} {
			p.Go(s.URL + path)
			p.Sees(words)
			p.Accessible()
			if wide := p.Sideways(); len(wide) > 0 {
				t.Errorf("%s, %s is wider than the screen: %q", path, name, wide)
			}
			if dir := os.Getenv("PICTURES"); dir != "" {
				p.Save(filepath.Join(dir, strings.ReplaceAll(name+path, "/", "-")+".png"), true)
			}
		}
	}
	p.Set(browser.Options{NoScript: true})
	p.Go(s.URL + "/account")
	p.Click(`input[value="dark"]`)
	p.Follow("button", "Use this theme")
	if p.Count(`html[data-theme="dark"]`) != 1 {
		t.Error("the theme is not kept")
	}
}
