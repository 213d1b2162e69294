// Package bundle makes one script and one style sheet of the page's sources with esbuild.
//
// The generator and the test that its output is fresh use it; the program does not.
package bundle

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/evanw/esbuild/pkg/api"
)

// Bundle is what browsers get: a minified script and style sheet.
type Bundle struct {
	Script []byte
	Style  []byte
}

// Build bundles app.ts and app.css of a folder with what they import.
func Build(folder string) (Bundle, error) {
	root, err := filepath.Abs(folder)
	if err != nil {
		return Bundle{}, err
	}
	script, err := build(root, "app.ts")
	if err != nil {
		return Bundle{}, err
	}
	style, err := build(root, "app.css")
	if err != nil {
		return Bundle{}, err
	}
	return Bundle{Script: script, Style: style}, nil
}

// build bundles one file of a folder. An immediately invoked function keeps the script's names out of the page.
func build(root, name string) ([]byte, error) {
	result := api.Build(api.BuildOptions{
		EntryPoints:       []string{filepath.Join(root, name)},
		AbsWorkingDir:     root,
		Outdir:            root, // nothing is written there
		Bundle:            true,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		Format:            api.FormatIIFE,
		Charset:           api.CharsetASCII,
		LegalComments:     api.LegalCommentsNone,
		TsconfigRaw:       "{}",
		Target:            api.ES2022,
		// The first with light-dark(), :has() and <dialog>.
		Engines: []api.Engine{
			{Name: api.EngineChrome, Version: "123"},
			{Name: api.EngineFirefox, Version: "121"},
			{Name: api.EngineSafari, Version: "17.5"},
		},
	})
	if messages := slices.Concat(result.Errors, result.Warnings); len(messages) > 0 {
		var errs []error
		for _, text := range api.FormatMessages(messages, api.FormatMessagesOptions{Kind: api.ErrorMessage}) {
			errs = append(errs, errors.New(text))
		}
		return nil, fmt.Errorf("bundle %s: %w", name, errors.Join(errs...))
	}
	if len(result.OutputFiles) != 1 {
		return nil, fmt.Errorf("bundle %s: %d files came out, not 1", name, len(result.OutputFiles))
	}
	return result.OutputFiles[0].Contents, nil
}
