package vm

import (
	"maps"
	"slices"

	"github.com/posture-score/posture/internal/jsonscan"
)

// Invariant: what is noted of a place only grows, and there are finitely many places: a search that goes on until nothing changes ends.

// Bounds of how far places are told apart: what lies beyond them is read whole.
const (
	maxSteps  = 16
	maxPlaces = 10_000
)

// place is where values come from: a part of a document, or a collection that rules make.
type place struct {
	depth  int
	whole  bool // everything within is read
	each   *place
	fields map[string]*place

	made  bool              // by rules
	held  places            // what is put into it, at a key that nobody knows
	named map[string]places // what is put into it by name
}

// all returns everything that is put into a collection that rules made.
func (p *place) all() places {
	all := p.held
	for _, name := range slices.Sorted(maps.Keys(p.named)) {
		all = all.and(p.named[name])
	}
	return all
}

// places are a set of them: never changed once it is made, and small. Sharing one costs nothing.
type places []*place

// and returns the union of two sets.
func (p places) and(more places) places {
	all := p
	for _, m := range more {
		if !slices.Contains(p, m) {
			if len(all) == len(p) {
				all = slices.Clone(p)
			}
			all = append(all, m)
		}
	}
	return all
}

// search finds out which parts of the documents a program can read.
type search struct {
	changed bool
	count   int // places made
}

// join puts more into a set.
func (s *search) join(set *places, more places) {
	all := set.and(more)
	s.changed = s.changed || len(all) > len(*set)
	*set = all
}

// hold puts more into collections that rules made. What else may be changed counts as read, and so does what is put into it.
func (s *search) hold(collections, more places) {
	for _, p := range collections {
		if !p.made {
			s.read(places{p})
			s.read(more)
			continue
		}
		s.join(&p.held, more)
		if p.whole {
			s.read(more)
		}
	}
}

// holdNamed puts more into objects that rules made, as the member of that name.
func (s *search) holdNamed(collections, more places, name string) {
	for _, p := range collections {
		if !p.made {
			s.hold(places{p}, more)
			continue
		}
		if p.named == nil {
			p.named = map[string]places{}
		}
		member := p.named[name]
		s.join(&member, more)
		p.named[name] = member
		if p.whole {
			s.read(more)
		}
	}
}

// read notes that everything in the places is.
func (s *search) read(set places) {
	for _, p := range set {
		if p.whole {
			continue
		}
		p.whole, s.changed = true, true
		if p.made {
			s.read(p.all())
		}
	}
}

// field returns where a member of that name comes from.
func (s *search) field(set places, name string) places {
	var found places
	for _, p := range set {
		switch {
		case p.made:
			found = found.and(p.held).and(p.named[name])
		case p.whole:
			found = found.and(places{p}) // what is read as a whole needs no telling apart
		case p.fields[name] != nil:
			found = found.and(places{p.fields[name]})
		default:
			if p.fields == nil {
				p.fields = map[string]*place{}
			}
			below := s.below(p)
			if below != nil {
				p.fields[name] = below
				found = found.and(places{below})
			}
		}
	}
	return found
}

// elements returns where any element or member comes from.
func (s *search) elements(set places) places {
	var found places
	for _, p := range set {
		switch {
		case p.made:
			found = found.and(p.all())
		case p.whole:
			found = found.and(places{p})
		case p.each != nil:
			found = found.and(places{p.each})
		default:
			if below := s.below(p); below != nil {
				p.each = below
				found = found.and(places{below})
			}
		}
	}
	return found
}

// below makes a place within another: none within one so deep that it is read whole.
func (s *search) below(p *place) *place {
	if p.depth == maxSteps || s.count == maxPlaces {
		s.read(places{p})
		return nil
	}
	s.changed = true
	s.count++
	return &place{depth: p.depth + 1}
}

// paths is what is read of a document.
func (p *place) paths() *jsonscan.FieldMask {
	if p.whole {
		return &jsonscan.FieldMask{Whole: true}
	}
	paths := &jsonscan.FieldMask{}
	if p.each != nil {
		paths.Each = p.each.paths()
	}
	for name, below := range p.fields {
		paths.Field(name).Add(below.paths())
	}
	return paths
}
