package jsonscan

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Invariant: a union only grows what is read, and no two FieldMask share a node that either may change.

// FieldMask is the part of a JSON value that somebody reads. The zero value reads that the value is there, its type, and its content
// if it is a scalar; of an object or an array it reads nothing within.
//
// A value is pruned by it like this. Whole leaves it as it is, and so is every scalar. Of an object stay the members that Fields
// name, or all of them if Each is not nil, each pruned by both together. Of an array stay all elements, pruned by Each, or none
// if Each is nil.
type FieldMask struct {
	Whole  bool                  // everything within
	Each   *FieldMask            // within every element of an array and every member of an object
	Fields map[string]*FieldMask // within members of an object, by name
}

// Add makes p read what other reads, too.
func (p *FieldMask) Add(other *FieldMask) {
	if other == nil || p.Whole {
		return
	}
	if other.Whole {
		*p = FieldMask{Whole: true}
		return
	}
	if other.Each != nil {
		p.Elements().Add(other.Each)
	}
	for name, below := range other.Fields {
		p.Field(name).Add(below)
	}
}

// Field returns the node of a member, and makes it if there is none. What Each reads is not copied into it. It is nothing to
// change where everything is read already.
func (p *FieldMask) Field(name string) *FieldMask {
	if p.Whole {
		return &FieldMask{Whole: true}
	}
	if p.Fields == nil {
		p.Fields = map[string]*FieldMask{}
	}
	if p.Fields[name] == nil {
		p.Fields[name] = &FieldMask{}
	}
	return p.Fields[name]
}

// Elements returns the node of every element and member, and makes it if there is none.
func (p *FieldMask) Elements() *FieldMask {
	if p.Whole {
		return &FieldMask{Whole: true}
	}
	if p.Each == nil {
		p.Each = &FieldMask{}
	}
	return p.Each
}

// Clone returns a copy that shares nothing with p.
func (p *FieldMask) Clone() *FieldMask {
	c := &FieldMask{}
	c.Add(p)
	return c
}

// String writes the paths in one way: "*" for a whole value, "[...]" for Each, members sorted by name; the node of a scalar is
// empty: {conditions{users{include*}} id members[{id}]}.
func (p *FieldMask) String() string {
	var b strings.Builder
	p.write(&b)
	return b.String()
}

func (p *FieldMask) write(b *strings.Builder) {
	if p.Whole {
		b.WriteString("*")
		return
	}
	if p.Each != nil {
		b.WriteString("[")
		p.Each.write(b)
		b.WriteString("]")
	}
	if len(p.Fields) == 0 {
		return
	}
	b.WriteString("{")
	for i, name := range slices.Sorted(maps.Keys(p.Fields)) {
		if i > 0 {
			b.WriteString(" ")
		}
		shown := name
		if strings.ContainsAny(name, " {}[]*\"\\") || name == "" {
			shown = strconv.Quote(name)
		}
		b.WriteString(shown)
		p.Fields[name].write(b)
	}
	b.WriteString("}")
}
