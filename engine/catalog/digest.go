package catalog

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/check"
)

// controlDigest returns a digest of what the control declares, of its rule, of the shared Rego that
// the rule reaches, and of the schemas of its datasets that are not built in.
func (c *Catalog) controlDigest(control *Control) string {
	declared, _ := json.Marshal(control) // a Control is plain data: it always marshals
	parts := [][]byte{declared, []byte(c.packages[control.Package].digest)}
	for _, dataset := range c.datasets.Own() {
		if slices.Contains(control.Datasets(), dataset.Name) {
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
	for _, control := range c.byID {
		if _, known := c.packages[control.Package]; !known {
			c.packages[control.Package] = pkg{rules: rules.Rules(control.Package), digest: c.ruleDigest(rules, control.Package)}
		}
	}
}

func (c *Catalog) ruleDigest(rules *check.Set, pkg string) string {
	var parts [][]byte
	for _, reached := range reached(rules, pkg) {
		for _, module := range c.modules {
			if module.Package == reached {
				parts = append(parts, []byte(reached), module.Source)
			}
		}
	}
	return digest(parts...)
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

// reached returns the package and all packages that its rules refer to, sorted, by the names that
// their texts declare.
func reached(rules *check.Set, pkg string) []string {
	if pkg == "" {
		return nil
	}
	byPackage := map[string]*ast.Module{}
	for _, module := range rules.Compiler().Modules {
		byPackage[dotted(module.Package.Path)] = module
	}
	seen, queue := map[string]bool{pkg: true}, []string{pkg}
	var declared []string
	for len(queue) > 0 {
		name := queue[0]
		queue = queue[1:]
		text, _ := rules.Declared(name)
		declared = append(declared, cmp.Or(text, name))
		if byPackage[name] == nil {
			continue
		}
		ast.WalkRefs(byPackage[name], func(ref ast.Ref) bool {
			// A copy of a shared module has a package below that of the module: the longest one is meant.
			for n := len(ref); n > 0; n-- {
				name := dotted(ref[:n])
				if byPackage[name] == nil {
					continue
				}
				if !seen[name] {
					seen[name], queue = true, append(queue, name)
				}
				break
			}
			return false
		})
	}
	return sortedSet(declared)
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
