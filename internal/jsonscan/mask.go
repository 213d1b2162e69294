package jsonscan

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Invariant: a union only adds to what is kept, and no two masks share a node that either may change.

// FieldMask is the part of a JSON value that is kept. The zero value keeps that the value exists, its type, and its content if it
// is a scalar; it keeps nothing inside an object or an array.
//
// A scalar is always kept. Whole keeps everything. Of an object the members in Fields are kept, or all members if Each is not nil,
// each pruned by the union of both. Of an array all elements are kept, pruned by Each, or no element if Each is nil.
type FieldMask struct {
	Whole  bool                  // keep everything
	Each   *FieldMask            // of every element of an array and every member of an object
	Fields map[string]*FieldMask // of members of an object, by name
}

// Add makes p the union of p and other.
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

// Field returns the mask of a member, and adds it if there is none; Each is not copied into it. If p is whole, changes of the result
// have no effect.
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

// Elements returns the mask of every element and member, and adds it if there is none. If p is whole, changes of the result have no
// effect.
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

// String returns the canonical form: "*" for a whole value, "[...]" for Each, members sorted by name, and nothing for a scalar:
// {conditions{users{include*}} id members[{id}]}.
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
