package pagetest_test

import (
	"bytes"
	"cmp"
	"flag"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/browser"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/serve/signin"
)

var (
	screenshots = flag.Bool("screenshots", false, "write docs/images anew")
	pictures    = flag.String("pictures", "", "folder to write pictures of every page to, to be looked at")
)

// TestScreenshots writes the pictures of the README and the documentation: 'make screenshots' runs it.
func TestScreenshots(t *testing.T) {
	if !*screenshots {
		t.Skip("make screenshots runs it")
	}
	weekly := &sample{every: 7}
	t.Cleanup(func() { must.Do(t, weekly.remove()) })
	s := start(t, only(weekly.snapshot(t)), signin.User{Role: signin.Editor})
	p := chromium.Open(t, s.enter("/"), browser.Options{})
	desktop := browser.Options{Width: 1280, Height: 1040}
	dark := desktop
	dark.Dark = true
	phone := browser.Options{Width: 360, Height: 740, Density: 2, Touch: true}
	for _, shot := range []struct {
		name, path string
		options    browser.Options
	}{
		{"overview", "overview", desktop},
		{"overview-dark", "overview", dark},
		{"overview-phone", "overview", phone},
		{"actions", "actions", desktop},
		{"action", "actions/MFARegistrationV2", desktop},
		{"trends", "trends", desktop},
	} {
		p.Set(shot.options)
		p.Go(s.tab(shot.path))
		// The font of the system differs from one to the next; this one is installed with the browser.
		p.Do(`(() => { const sheet = new CSSStyleSheet(); sheet.replaceSync(":root { --font: 'Liberation Sans'; --mono: 'Liberation Mono' }"); document.adoptedStyleSheets = [sheet]; scrollTo(0, 0) })()`)
		p.Do("document.fonts.ready")
		picture := reduced(t, p.Picture(false))
		if limit := 150 << 10; len(picture) > limit {
			t.Errorf("%s has %d bytes, more than %d", shot.name, len(picture), limit)
		}
		must.Do(t, os.WriteFile(filepath.Join("..", "..", "docs", "images", shot.name+".png"), picture, 0o644))
	}
}

// reduced returns a PNG with at most 256 colors: of those that are alike, such as at the edges of letters, the most frequent one.
func reduced(t testing.TB, file []byte) []byte {
	t.Helper()
	full := must.Get(png.Decode(bytes.NewReader(file)))(t)
	bounds := full.Bounds()
	at := func(x, y int) color.RGBA { return color.RGBAModel.Convert(full.At(x, y)).(color.RGBA) }
	count := map[color.RGBA]int{}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			count[at(x, y)]++
		}
	}
	colors := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G), cmp.Compare(a.B, b.B))
	})
	var palette color.Palette
	alike := map[color.RGBA]bool{}
	for _, c := range colors {
		coarse := color.RGBA{c.R >> 3, c.G >> 3, c.B >> 3, 0}
		if !alike[coarse] && len(palette) < 256 {
			palette = append(palette, c)
			alike[coarse] = true
		}
	}
	index := map[color.RGBA]uint8{}
	for _, c := range colors {
		index[c] = uint8(palette.Index(c))
	}
	small := image.NewPaletted(bounds, palette)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			small.SetColorIndex(x, y, index[at(x, y)])
		}
	}
	var out bytes.Buffer
	must.Do(t, (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, small))
	return out.Bytes()
}

// TestPictures takes a picture of every page in light, in dark and on a phone.
func TestPictures(t *testing.T) {
	if *pictures == "" {
		t.Skip("it is run by hand: -pictures FOLDER")
	}
	must.Do(t, os.MkdirAll(*pictures, 0o755))
	s := start(t, only(contoso.snapshot(t)), signin.User{Role: signin.Editor})
	p := chromium.Open(t, s.enter("/"), browser.Options{})
	for _, path := range pages(t) {
		p.Go(s.tab(path))
		for name, options := range map[string]browser.Options{
			"light": {Width: 1360, Height: 900}, "dark": {Width: 1360, Height: 900, Dark: true}, "narrow": {Width: 360, Height: 740, Density: 2, Touch: true},
		} {
			p.Set(options)
			p.Save(filepath.Join(*pictures, strings.ReplaceAll(path, "/", "-")+"-"+name+".png"), true)
		}
	}
}
