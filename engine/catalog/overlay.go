package catalog

import (
	"bytes"
	"context"
	"maps"
	"path"
	"strings"
	"sync"

	"github.com/posture-score/posture/engine/internal/rego/check"
	"github.com/posture-score/posture/schemas"
)

// Invariant: an overlaid catalog equals the one that is loaded in full from the same sources; it
// only loads faster.

// overlay loads sources on top of the first of them, which was restored from the cache as base: only the
// others are read, and only their rules are compiled. It returns nil where the catalog has to be loaded
// in full: if there are mistakes, and if a rule refers to more of the base than shared Rego.
func overlay(ctx context.Context, base *Catalog, datasets *schemas.Registry, sources []Source) *Catalog {
	if len(sources) == 1 {
		return base
	}
	l := newLoader(datasets)
	if !l.seed(base, sources[0]) || l.readSources(ctx, sources[1:]) != nil {
		return nil
	}
	modules, ok := l.overlaid(len(base.modules))
	if !ok || l.err() != nil {
		return nil
	}
	if l.compile(ctx, modules); l.err() != nil || ctx.Err() != nil {
		return nil
	}
	c := l.catalog
	c.ready, c.overlay, c.packages = base.ready, l.rules, maps.Clone(base.packages)
	full := context.WithoutCancel(ctx)
	c.compiled = sync.OnceValue(func() *compiled { return loadedInFull(full, datasets, sources, c) })
	c.describe(l.rules)
	c.seal()
	return c
}

// seed adds to the loader what the base declares, and reports whether all of it could be read.
func (l *loader) seed(base *Catalog, source Source) bool {
	c := l.catalog
	c.version, c.modules = base.version, append([]check.Module(nil), base.modules...)
	maps.Copy(c.byID, base.byID)
	maps.Copy(c.products, base.products)
	maps.Copy(c.licenses, base.licenses)
	maps.Copy(c.origins, base.origins)
	maps.Copy(c.texts, base.texts)
	for id, control := range base.byID {
		l.declared[id] = control.where
	}
	for _, m := range base.modules {
		l.packages[m.Package] = m.Path
		if path.Dir(m.Path) == path.Join(source.Name, rulesFolder) && !isTest(m) {
			l.shared[strings.TrimSuffix(path.Base(m.Path), ".rego")] = m
		}
	}
	for _, p := range source.paths() {
		text := source.files[p]
		if !strings.HasSuffix(p, ".hcl") || !bytes.Contains(text, []byte("template \"")) {
			continue
		}
		var body fileBody
		file, diags := parseHCL(text, path.Join(source.Name, p))
		if diags.HasErrors() || decodeBody(file.Body, nil, &body).HasErrors() {
			return false
		}
		for _, block := range body.Templates {
			l.addTemplate(block)
		}
	}
	return true
}

// overlaid returns the modules to compile: those behind the first n, which are the base's, and the
// shared modules of the base that these refer to. It is false if that can't be said of their texts,
// or if a package of theirs is above or below one of the base, so that their rules could collide.
func (l *loader) overlaid(n int) (modules []check.Module, ok bool) {
	base := l.catalog.modules[:n]
	modules = append(append(modules, l.catalog.modules[n:]...), l.copies...)
	for _, m := range l.catalog.modules[n:] {
		for _, other := range base {
			if strings.HasPrefix(m.Package+".", other.Package+".") || strings.HasPrefix(other.Package+".", m.Package+".") {
				return nil, false
			}
		}
	}
	taken := map[string]bool{}
	for i := 0; i < len(modules); i++ {
		if isTest(modules[i]) {
			continue // tests are not compiled
		}
		if bytes.Contains(modules[i].Source, []byte("data.policies[")) || bytes.Contains(modules[i].Source, []byte("data[")) {
			return nil, false
		}
		for _, other := range base {
			if taken[other.Package] || isTest(other) || !bytes.Contains(modules[i].Source, []byte("data."+other.Package)) {
				continue
			}
			if folder := strings.Split(other.Package, ".")[1]; folder != libFolder && folder != rulesFolder {
				return nil, false
			}
			taken[other.Package] = true
			modules = append(modules, other)
		}
	}
	return modules, true
}
