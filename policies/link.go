package policies

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// This file checks what controls say of each other and of the catalog's products.

func (l *loader) checkProducts() {
	if l.unread {
		return
	}
	for _, u := range l.units {
		for _, c := range u.controls {
			if _, ok := l.catalog.products[c.Product]; !ok && c.Product != "" {
				l.errorf(c.written.at("product"), "Unknown product", `No product %q is declared.%s Declare it with: product %q { title = "..." }.`,
					clip(c.Product), didYouMean(c.Product, sortedKeys(l.catalog.products)), clip(c.Product))
			}
		}
	}
}

func (l *loader) checkPrerequisites() {
	ids := l.catalog.ids()
	for _, id := range ids {
		for _, p := range l.catalog.byID[id].Prerequisites {
			if _, ok := l.declared[p.Control]; !ok && p.Control != "" && !l.unread {
				l.errorf(p.Range, "Unknown prerequisite", "The catalog has no control %q.%s", clip(p.Control), didYouMean(p.Control, sortedKeys(l.declared)))
			}
		}
	}
	// Depth first, in order of ids: a control met again on the way down closes a cycle, which is reported once.
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
				l.errorf(p.Range, "Prerequisite cycle", "No order satisfies %s: remove one of these prerequisites.", strings.Join(cycle, " → "))
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

// place names a line for a message.
func place(at hcl.Range) string { return fmt.Sprintf("%s:%d", at.Filename, at.Start.Line) }
