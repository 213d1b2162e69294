package archtest_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/must"
)

// staged returns the packages whose files are stages: data goes from file to file in one direction. A
// file may refer to what earlier files declare, in the order that doc.go lists.
func staged() []string {
	return []string{
		"engine", "engine/internal/load", "engine/internal/scan", "engine/internal/scan/join", "engine/internal/outcome",
		"engine/internal/rego/ir", "internal/jsonscan", "internal/unique",
	}
}

// TestStagesInOrder holds that no file of a staged package refers, directly or by others, to a file that
// refers back to it.
func TestStagesInOrder(t *testing.T) {
	for _, dir := range staged() {
		paths := must.Get(filepath.Glob(filepath.Join("../..", dir, "*.go")))(t)
		var files []*ast.File
		set := token.NewFileSet()
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			file := must.Get(parser.ParseFile(set, path, nil, parser.SkipObjectResolution))(t)
			files = append(files, file)
		}
		if len(files) < 3 {
			t.Fatalf("%s has %d files", dir, len(files))
		}
		for _, cycle := range cycles(references(set, files)) {
			t.Errorf("%s: these files refer to each other: %s", dir, cycle)
		}
	}
}

// TestCyclesAreFound holds that the test above can fail: by a function, a method and a field.
func TestCyclesAreFound(t *testing.T) {
	for name, texts := range map[string][]string{
		"function": {"package p\nfunc f() { g() }", "package p\nfunc g() { f() }"},
		"method":   {"package p\ntype t struct{}\nfunc f(x t) { x.m() }", "package p\nfunc (t) m() { f(t{}) }"},
		"field":    {"package p\ntype t struct{ u *u }", "package p\ntype u struct{ n int }\nfunc f(x t) int { return x.u.n }"},
	} {
		var files []*ast.File
		set := token.NewFileSet()
		for i, text := range texts {
			file := must.Get(parser.ParseFile(set, fmt.Sprintf("%d.go", i), text, parser.SkipObjectResolution))(t)
			files = append(files, file)
		}
		if found := cycles(references(set, files)); len(found) != 1 {
			t.Errorf("%s: the cycles are %q", name, found)
		}
	}
}

// references returns which files of a package each of its files refers to, by functions, methods, types,
// fields, variables and constants. Other packages are not loaded: what depends on their types alone has
// none, and refers to nothing of this one.
func references(set *token.FileSet, files []*ast.File) map[string]map[string]bool {
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: noImporter{}, Error: func(error) {}}
	pkg, _ := config.Check("p", set, files, info) // errors are expected without imports
	graph := map[string]map[string]bool{}
	for ident, object := range info.Uses {
		if object.Pkg() != pkg || !object.Pos().IsValid() {
			continue
		}
		from, to := filepath.Base(set.Position(ident.Pos()).Filename), filepath.Base(set.Position(object.Pos()).Filename)
		if graph[from] == nil {
			graph[from] = map[string]bool{}
		}
		if from != to {
			graph[from][to] = true
		}
	}
	return graph
}

// noImporter has no packages.
type noImporter struct{}

func (noImporter) Import(string) (*types.Package, error) { return nil, errors.New("not loaded") }

// cycles returns the sets of files that can reach each other, sorted.
func cycles(graph map[string]map[string]bool) []string {
	reach := map[string]map[string]bool{}
	for from := range graph {
		reach[from] = map[string]bool{}
		for todo := []string{from}; len(todo) > 0; {
			next := todo[0]
			todo = todo[1:]
			for to := range graph[next] {
				if !reach[from][to] {
					reach[from][to] = true
					todo = append(todo, to)
				}
			}
		}
	}
	found := map[string]bool{}
	for from := range reach {
		var members []string
		for to := range reach[from] {
			if reach[to][from] {
				members = append(members, to)
			}
		}
		if len(members) > 0 {
			slices.Sort(members)
			found[strings.Join(members, ", ")] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}
