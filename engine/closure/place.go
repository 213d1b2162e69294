package closure

import "github.com/posture-score/posture/evidence/projection"

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

	made bool   // by rules
	held places // what is put into it
}

// places are a set of them.
type places map[*place]bool

// search finds out which parts of the documents a program can read.
type search struct {
	changed bool
	count   int // places made
}

// join puts more into a set.
func (s *search) join(set places, more places) {
	for p := range more {
		if !set[p] {
			set[p], s.changed = true, true
		}
	}
}

// hold puts more into collections that rules made. What else may be changed counts as read, and so does what is put into it.
func (s *search) hold(collections, more places) {
	for p := range collections {
		if !p.made {
			s.read(places{p: true})
			s.read(more)
			continue
		}
		s.join(p.held, more)
		if p.whole {
			s.read(more)
		}
	}
}

// read notes that everything in the places is.
func (s *search) read(set places) {
	for p := range set {
		if p.whole {
			continue
		}
		p.whole, s.changed = true, true
		if p.made {
			s.read(p.held)
		}
	}
}

// field returns where a member of that name comes from.
func (s *search) field(set places, name string) places {
	found := places{}
	for p := range set {
		switch {
		case p.made:
			s.add(found, p.held)
		case p.whole:
			found[p] = true // what is read as a whole needs no telling apart
		case p.fields[name] != nil:
			found[p.fields[name]] = true
		default:
			if p.fields == nil {
				p.fields = map[string]*place{}
			}
			below := s.below(p)
			if below != nil {
				p.fields[name] = below
				found[below] = true
			}
		}
	}
	return found
}

// elements returns where any element or member comes from.
func (s *search) elements(set places) places {
	found := places{}
	for p := range set {
		switch {
		case p.made:
			s.add(found, p.held)
		case p.whole:
			found[p] = true
		case p.each != nil:
			found[p.each] = true
		default:
			if below := s.below(p); below != nil {
				p.each = below
				found[below] = true
			}
		}
	}
	return found
}

func (s *search) add(set, more places) {
	for p := range more {
		set[p] = true
	}
}

// below makes a place within another: none within one so deep that it is read whole.
func (s *search) below(p *place) *place {
	if p.depth == maxSteps || s.count == maxPlaces {
		s.read(places{p: true})
		return nil
	}
	s.changed = true
	s.count++
	return &place{depth: p.depth + 1}
}

// paths is what is read of a document.
func (p *place) paths() *projection.Paths {
	if p.whole {
		return &projection.Paths{Whole: true}
	}
	paths := &projection.Paths{}
	if p.each != nil {
		paths.Each = p.each.paths()
	}
	for name, below := range p.fields {
		paths.Field(name).Add(below.paths())
	}
	return paths
}
