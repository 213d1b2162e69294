package jsonscan

// Invariant: what is written is the JSON of the value as its paths prune it, apart from blanks and from members of the same name,
// which all stay.

// node is compiled FieldMask: what Each reads is part of every field.
type node struct {
	whole  bool
	each   *node
	fields map[string]*node
}

func compile(p *FieldMask) *node {
	if p == nil {
		return &node{}
	}
	n := &node{whole: p.Whole}
	if p.Each != nil {
		n.each = compile(p.Each)
	}
	for name, below := range p.Fields {
		both := below.Clone()
		both.Add(p.Each)
		if n.fields == nil {
			n.fields = map[string]*node{}
		}
		n.fields[name] = compile(both)
	}
	return n
}

// composite says whether an object or an array begins at i.
func composite(b []byte, i int) bool { return i < len(b) && (b[i] == '{' || b[i] == '[') }

// prune walks the value at i, which is below depth others, and writes what the node reads of it.
func (p *Pruner) prune(n *node, i, depth int) int {
	t := &p.text
	if n.whole || !composite(t.b, i) {
		end := t.value(i, depth)
		if end > 0 {
			p.pruned = append(p.pruned, t.b[i:end]...)
		}
		return end
	}
	if t.b[i] == '[' && n.each == nil {
		p.pruned = append(p.pruned, '[', ']')
		return t.array(i, depth)
	}
	if depth == t.depth {
		return invalid
	}
	opening, closing := t.b[i], t.b[i]+2 // in ASCII, } follows { and ] follows [ after one more
	p.pruned = append(p.pruned, opening)
	i = SkipSpace(t.b, i+1)
	if i < len(t.b) && t.b[i] == closing {
		p.pruned = append(p.pruned, closing)
		return i + 1
	}
	for written := false; ; {
		var kept, more bool
		if i, kept = p.pruneItem(n, i, depth, opening == '{', written); i < 0 {
			return i
		}
		written = written || kept
		if i, more = t.next(i, closing); !more {
			p.pruned = append(p.pruned, closing)
			return i
		}
	}
}

// pruneItem walks an element or a member, and writes it if the node reads it; comma says that others are before it.
func (p *Pruner) pruneItem(n *node, i, depth int, member, comma bool) (end int, kept bool) {
	t, below, start := &p.text, n.each, i
	if member {
		if i >= len(t.b) {
			return t.end(), false
		}
		if t.b[i] != '"' {
			return invalid, false
		}
		quoted := t.str(i)
		if quoted < 0 {
			return quoted, false
		}
		p.scratch = unquoted(p.scratch, t.b[i:quoted])
		if named := n.fields[string(p.scratch)]; named != nil {
			below = named
		}
		if i = t.colon(quoted); i < 0 {
			return i, false
		}
		if below == nil {
			return t.value(i, depth+1), false
		}
		if comma {
			p.pruned = append(p.pruned, ',')
		}
		p.pruned = append(append(p.pruned, t.b[start:quoted]...), ':')
		return p.prune(below, i, depth+1), true
	}
	if comma {
		p.pruned = append(p.pruned, ',')
	}
	return p.prune(below, i, depth+1), true
}
