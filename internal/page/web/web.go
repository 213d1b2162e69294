// Package web holds the script and the style of the page, as browsers get them.
//
// Their sources are TypeScript and CSS in src. `go generate` bundles them into dist, which is committed: who builds posture needs neither
// Node nor esbuild.
package web

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	"html/template"
)

//go:generate go run ./generate

//go:embed dist/app.js
var script string

//go:embed dist/app.css
var style string

// Asset is a file that a page needs.
type Asset struct {
	Name        string // of its content, "app.0123456789abcdef.js": whatever has this name may be kept for ever
	ContentType string
	Content     string
	CSP         string // the source expression of its inline use, "'sha256-…'" with the quotes, of exactly Content
}

// Script is the page's script.
func Script() Asset {
	return asset("js", "text/javascript; charset=utf-8", script)
}

// Style is the page's style sheet.
func Style() Asset {
	return asset("css", "text/css; charset=utf-8", style)
}

// InlineScript is Script for the <script> element of a page that stands by itself.
func InlineScript() template.JS {
	return template.JS(script) // it is ours, and holds nothing of a tenant
}

// InlineStyle is Style for the <style> element of a page that stands by itself.
func InlineStyle() template.CSS {
	return template.CSS(style) // it is ours, and holds nothing of a tenant
}

func asset(extension, contentType, content string) Asset {
	sum := sha256.Sum256([]byte(content))
	return Asset{
		Name:        "app." + hex.EncodeToString(sum[:8]) + "." + extension,
		ContentType: contentType,
		Content:     content,
		CSP:         "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'",
	}
}
