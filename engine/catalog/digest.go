package catalog

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/check"
	"github.com/posture-score/posture/schemas"
)

// controlDigest returns a digest of what the control declares, of its rule, of the shared Rego that
// the rule reaches, and of the schemas of its datasets that are not built in.
func (c *Catalog) controlDigest(control *Control, own map[string]*schemas.Dataset) string {
	declared, _ := json.Marshal(control) // a Control is plain data: it always marshals
	parts := [][]byte{declared, []byte(c.packages[control.Package].digest)}
	for _, name := range control.Datasets() {
		if dataset := own[name]; dataset != nil {
			parts = append(parts, []byte(dataset.Name), []byte(dataset.Digest))
		}
	}
	return digest(parts...)
}

// describe notes what the rules of the packages of controls are, unless it is known already.
func (c *Catalog) describe(rules *check.Set) {
	if c.packages == nil {
		c.packages = map[string]pkg{}
	}
	r := newReach(rules, c.modules)
	for _, control := range c.byID {
		if _, known := c.packages[control.Package]; !known {
			c.packages[control.Package] = pkg{
				rules: rules.Rules(control.Package), digest: r.digest(control.Package), timed: rules.Clock(control.Package, deciding()),
			}
		}
	}
}

func (c *Catalog) catalogDigest() string {
	parts := [][]byte{[]byte(c.version)}
	for _, product := range c.Products() { // their plans decide which controls apply
		parts = append(parts, []byte(product.ID), []byte(product.Title), []byte(strings.Join(product.Plans(), "\x00")))
	}
	for _, control := range c.controls {
		parts = append(parts, []byte(control.ID), []byte(control.Digest))
	}
	for _, dataset := range c.datasets.Own() {
		parts = append(parts, []byte(dataset.Name), []byte(dataset.Digest))
	}
	return digest(parts...)
}

// reach is the graph of references between packages.
type reach struct {
	rules    *check.Set
	compiled map[string]*ast.Module    // by package
	texts    map[string][]check.Module // by the package that they declare
	next     map[string][]string       // the packages that a package refers to, once they were looked for
}

func newReach(rules *check.Set, modules []check.Module) *reach {
	r := &reach{rules: rules, compiled: map[string]*ast.Module{}, texts: map[string][]check.Module{}, next: map[string][]string{}}
	for _, module := range rules.Compiler().Modules {
		r.compiled[dotted(module.Package.Path)] = module
	}
	for _, module := range modules {
		r.texts[module.Package] = append(r.texts[module.Package], module)
	}
	return r
}

// digest is that of the texts that decide a package.
func (r *reach) digest(pkg string) string {
	var parts [][]byte
	for _, module := range r.modules(pkg) {
		parts = append(parts, []byte(module.Package), module.Source)
	}
	return digest(parts...)
}

// modules returns the texts of the package and of all packages that its rules refer to, by package.
func (r *reach) modules(pkg string) []check.Module {
	var found []check.Module
	for _, reached := range r.packages(pkg) {
		found = append(found, r.texts[reached]...)
	}
	return found
}

// packages returns the package and all packages that its rules refer to, sorted, by the names that
// their texts declare.
func (r *reach) packages(pkg string) []string {
	if pkg == "" {
		return nil
	}
	seen := map[string]bool{pkg: true}
	var declared []string
	for queue := []string{pkg}; len(queue) > 0; queue = queue[1:] {
		text, _ := r.rules.Declared(queue[0])
		declared = append(declared, cmp.Or(text, queue[0]))
		for _, name := range r.from(queue[0]) {
			if !seen[name] {
				seen[name], queue = true, append(queue, name)
			}
		}
	}
	return sortedSet(declared)
}

// from returns the packages that a package refers to.
func (r *reach) from(pkg string) []string {
	if known, ok := r.next[pkg]; ok || r.compiled[pkg] == nil {
		return known
	}
	next := map[string]bool{}
	ast.WalkRefs(r.compiled[pkg], func(ref ast.Ref) bool {
		// A copy of a shared module has a package below that of the module: the longest one is meant.
		for n := len(ref); n > 0; n-- {
			if name := dotted(ref[:n]); r.compiled[name] != nil {
				next[name] = true
				break
			}
		}
		return false
	})
	r.next[pkg] = sortedKeys(next)
	return r.next[pkg]
}

// dotted writes a ground reference below data as a.b.c; it ends at the first part that isn't a string.
func dotted(ref ast.Ref) string {
	text := ""
	for i, term := range ref {
		if i == 0 {
			continue // data
		}
		part, ok := term.Value.(ast.String)
		if !ok {
			break
		}
		if text != "" {
			text += "."
		}
		text += string(part)
	}
	return text
}

// digest hashes parts, each after its length, so that no two lists of parts share a text.
func digest(parts ...[]byte) string {
	h := sha256.New()
	for _, part := range parts {
		var size [8]byte
		for i := range size {
			size[i] = byte(uint64(len(part)) >> (8 * i))
		}
		h.Write(size[:])
		h.Write(part)
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}
