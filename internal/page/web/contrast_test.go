package web_test

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Grounds that text and graphics stand on.
const grounds = "page surface sunken"

// meets says which colors are seen on which, at what ratio at least: 4.5 for text, 3 for graphics and edges that say something
// (WCAG 2.2, 1.4.3 and 1.4.11).
func meets() []pair {
	var pairs []pair
	add := func(least float64, fronts, backs string) {
		for _, front := range strings.Fields(fronts) {
			for _, back := range strings.Fields(backs) {
				pairs = append(pairs, pair{front, back, least})
			}
		}
	}
	add(4.5, "text muted accent", grounds+" accent-soft")
	add(4.5, "text muted accent good warn bad", "warn-soft bad-soft")
	add(4.5, "good warn bad info neutral", grounds)
	add(4.5, "text", "mark")
	add(4.5, "on-accent", "accent")
	for _, status := range []string{"good", "warn", "bad", "info", "neutral"} {
		add(4.5, status, status+"-soft")
	}
	add(4.5, "hl-keyword hl-string hl-number hl-comment hl-name", grounds)
	add(3, "line-strong focus", grounds)
	add(3, "series-1 series-2 series-3 series-4 series-5 series-6", grounds)
	add(3, "good bad warn series-1", "track")
	return pairs
}

type pair struct {
	front, back string
	least       float64
}

func TestContrast(t *testing.T) {
	colors := tokens(t)
	for _, p := range meets() {
		for theme, name := range []string{"light", "dark"} {
			front, ok := colors[p.front]
			if !ok {
				t.Fatalf("no token --%s", p.front)
			}
			back, ok := colors[p.back]
			if !ok {
				t.Fatalf("no token --%s", p.back)
			}
			if got := contrast(front[theme], back[theme]); got < p.least {
				t.Errorf("%s: --%s (%s) on --%s (%s) is %.2f, less than %.1f", name, p.front, front[theme], p.back, back[theme], got, p.least)
			}
		}
	}
}

// A rule of the style sheets that sets both a color and its ground has its pair in the list above, and colors stand in tokens.css alone.
func TestPairsKnown(t *testing.T) {
	known := map[string]bool{}
	for _, p := range meets() {
		known[p.front+" on "+p.back] = true
	}
	rule := regexp.MustCompile(`\{([^{}]*)\}`)
	front := regexp.MustCompile(`(?m)^\s*color: var\(--([\w-]+)\)`)
	back := regexp.MustCompile(`(?m)^\s*background: var\(--([\w-]+)\)`)
	literal := regexp.MustCompile(`#[0-9a-fA-F]{3,8}\b|\brgba?\(\s*\d*[1-9]`)
	for name, source := range sources(t, "*.css") {
		if name == "tokens.css" {
			continue
		}
		for _, body := range rule.FindAllStringSubmatch(source, -1) {
			f, b := front.FindStringSubmatch(body[1]), back.FindStringSubmatch(body[1])
			if f != nil && b != nil && !known[f[1]+" on "+b[1]] {
				t.Errorf("%s: --%s on --%s is not among the pairs that are measured", name, f[1], b[1])
			}
		}
		if name == "print.css" {
			continue // paper is white
		}
		if found := literal.FindString(source); found != "" {
			t.Errorf("%s: the color %s stands outside tokens.css", name, found)
		}
	}
}

// Every custom property that is used is a token, or set by a class.
func TestTokensKnown(t *testing.T) {
	set, used := regexp.MustCompile(`(--[\w-]+):`), regexp.MustCompile(`var\((--[\w-]+)`)
	known := map[string]bool{}
	texts := sources(t, "*.css")
	for _, source := range texts {
		for _, found := range set.FindAllStringSubmatch(source, -1) {
			known[found[1]] = true
		}
	}
	for name, source := range texts {
		for _, found := range used.FindAllStringSubmatch(source, -1) {
			if !known[found[1]] {
				t.Errorf("%s: %s is set nowhere", name, found[1])
			}
		}
	}
}

// tokens are the colors of tokens.css, light and dark, by name.
func tokens(t *testing.T) map[string][2]string {
	t.Helper()
	colors := map[string][2]string{}
	shape := regexp.MustCompile(`--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);`)
	for _, found := range shape.FindAllStringSubmatch(sources(t, "tokens.css")["tokens.css"], -1) {
		colors[found[1]] = [2]string{found[2], found[3]}
	}
	return colors
}

// contrast is the ratio of two colors' luminance, 1 to 21, by WCAG.
func contrast(a, b string) float64 {
	bright, dark := luminance(a), luminance(b)
	if bright < dark {
		bright, dark = dark, bright
	}
	return (bright + 0.05) / (dark + 0.05)
}

func luminance(hex string) float64 {
	n, err := strconv.ParseUint(strings.TrimPrefix(hex, "#"), 16, 32)
	if err != nil {
		panic(fmt.Sprintf("color %q: %v", hex, err))
	}
	linear := func(shift int) float64 {
		c := float64(n>>shift&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(16) + 0.7152*linear(8) + 0.0722*linear(0)
}
