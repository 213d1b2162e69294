package catalog

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/posture-score/posture/engine/internal/rego/check"
	"github.com/posture-score/posture/internal/inputfile"
)

// Invariant: formatting changes no meaning. What can't be formatted without that is a problem.

// Formatted is a policy file in the layout of its language's formatter.
type Formatted struct {
	Path   string
	Before []byte
	After  []byte
}

// Changed reports whether the file was not formatted.
func (f Formatted) Changed() bool { return !bytes.Equal(f.Before, f.After) }

// File returns a source of one policy file.
func File(name string) (Source, error) {
	if !isPolicyFile(path.Base(filepath.ToSlash(name))) {
		return Source{}, fmt.Errorf("%s is neither a .hcl nor a .rego file", name)
	}
	source := Source{Name: filepath.ToSlash(filepath.Dir(name)), files: map[string][]byte{}}
	root, err := os.OpenRoot(filepath.Dir(name))
	if err != nil {
		return Source{}, fmt.Errorf("opening %s: %w", name, err)
	}
	defer root.Close()
	if err := source.addFile(inputfile.FS(root), filepath.Base(name)); err != nil {
		return Source{}, err
	}
	return source, nil
}

// Format returns the files of a source as hclfmt and opa fmt format them, in the order of their
// paths. Schemas are JSON, and left out. The error is *[Problems], with the files that can't be formatted; the others are returned
// all the same.
func Format(ctx context.Context, source Source) ([]Formatted, error) {
	c := newCollector()
	var list []Formatted
	for _, p := range source.paths() {
		if isSchema(p) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		shown := path.Join(source.Name, p)
		before := source.files[p]
		c.files[shown] = &hcl.File{Bytes: before}
		var after []byte
		if strings.HasSuffix(p, ".hcl") {
			after = c.formatHCL(shown, before)
		} else {
			text, problems := check.Format(check.Module{Path: shown, Source: before})
			c.rego(problems)
			after = text
		}
		if after != nil {
			list = append(list, Formatted{shown, before, after})
		}
	}
	return list, c.err()
}

// formatHCL returns nil if the text can't be formatted.
func (c *collector) formatHCL(name string, text []byte) []byte {
	file, diags := parseHCL(text, name)
	if c.add(diags); diags.HasErrors() {
		return nil
	}
	c.files[name] = file
	after := hclwrite.Format(text)
	if !slices.Equal(tokens(text), tokens(after)) {
		c.errorf(start(name), "Not formatted", "The formatter of HCL would change more than the layout of this file.")
		return nil
	}
	return after
}

// token is a token of HCL without its position.
type token struct {
	kind hclsyntax.TokenType
	text string
}

func tokens(text []byte) []token {
	lexed, _ := hclsyntax.LexConfig(text, "", hcl.InitialPos)
	list := make([]token, len(lexed))
	for i, t := range lexed {
		list[i] = token{t.Type, strings.TrimRight(string(t.Bytes), " \t\r\n")}
	}
	return list
}
