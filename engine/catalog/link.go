package catalog

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/posture-score/posture/internal/suggest"
)

// This file checks what controls say of each other and of the catalog's products.

func (l *loader) checkProducts() {
	if l.unread {
		return
	}
	for _, f := range l.ruleFiles {
		for _, c := range f.controls {
			if _, ok := l.catalog.products[c.Product]; !ok && c.Product != "" {
				l.errorf(c.written.at("product"), "Unknown product", `No product %q is declared.%s Declare it with: product %q { title = "..." }.`,
					clip(c.Product), suggest.Hint(c.Product, sortedKeys(l.catalog.products)), clip(c.Product))
			}
		}
	}
}

func (l *loader) checkPrerequisites() {
	ids := l.catalog.ids()
	for _, id := range ids {
		for _, p := range l.catalog.byID[id].Prerequisites {
			if _, ok := l.declared[p.Control]; !ok && p.Control != "" && !l.unread {
				l.errorf(p.where, "Unknown prerequisite", "The catalog has no control %q.%s", clip(p.Control), suggest.Hint(p.Control, sortedKeys(l.declared)))
			}
			if first := l.catalog.byID[p.Control]; first != nil && first.Stage == StageDeprecated && l.catalog.byID[id].Stage != StageDeprecated {
				l.errorf(p.where, "Deprecated prerequisite", "The control %s is deprecated, and evaluated no more: nothing can wait for it.", first.ID)
			}
		}
	}
	// Depth first, in order of ids: a control met again on the way down closes a cycle, which is
	// reported once.
	const (
		unseen = iota
		open
		done
	)
	state := map[string]int{}
	var way []string
	var visit func(id string)
	visit = func(id string) {
		state[id] = open
		way = append(way, id)
		for _, p := range l.catalog.byID[id].Prerequisites {
			switch next := p.Control; {
			case next == "" || next == id || l.catalog.byID[next] == nil:
			case state[next] == unseen:
				visit(next)
			case state[next] == open:
				cycle := append(slices.Clone(way[slices.Index(way, next):]), next)
				l.errorf(p.where, "Prerequisite cycle", "No order satisfies %s: remove one of these prerequisites.", strings.Join(cycle, " → "))
			}
		}
		way = way[:len(way)-1]
		state[id] = done
	}
	for _, id := range ids {
		if state[id] == unseen {
			visit(id)
		}
	}
}

// checkReplacements wants every deprecated control to lead to one that is there, and none back to itself.
func (l *loader) checkReplacements() {
	for _, id := range l.catalog.ids() {
		c := l.catalog.byID[id]
		if _, ok := l.declared[c.ReplacedBy]; !ok && c.ReplacedBy != "" && !l.unread {
			l.errorf(c.written.at("replaced_by"), "Unknown replacement", "The catalog has no control %q.%s", clip(c.ReplacedBy), suggest.Hint(c.ReplacedBy, sortedKeys(l.declared)))
		}
		// A cycle is reported once, at its first id.
		way := []string{id}
		for next := l.catalog.byID[c.ReplacedBy]; next != nil && !slices.Contains(way, next.ID); next = l.catalog.byID[next.ReplacedBy] {
			way = append(way, next.ID)
		}
		last := l.catalog.byID[way[len(way)-1]]
		if len(way) > 1 && last.ReplacedBy == id && slices.Min(way) == id {
			l.errorf(c.written.at("replaced_by"), "Replacement cycle", "Each of %s replaces another: one of them has to be current.", strings.Join(append(way, id), " → "))
		}
	}
}

// place names a line for a message.
func place(at hcl.Range) string { return position(at).String() }
