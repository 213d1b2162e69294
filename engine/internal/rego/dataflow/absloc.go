package dataflow

import (
	"maps"
	"slices"

	"github.com/posture-score/posture/internal/jsonscan"
)

// Invariant: what is noted of a location only grows, and there are finitely many locations: iterating until nothing changes ends.

// Bounds of how many locations are distinguished. What lies beyond them is read whole.
const (
	maxSteps = 16
	maxLocs  = 10_000
)

// loc is an abstract location: a part of a document, or a collection that rules make (an allocation site).
type loc struct {
	depth    int
	whole    bool // everything within is read
	elements *loc
	fields   map[string]*loc

	parent *loc   // of a part of a document; nil for the document itself
	name   string // of the field of the parent that it is; "" for its elements

	allocated bool              // a collection that rules make
	contents  locSet            // what is put into it at keys that are not constant
	named     map[string]locSet // what is put into it at constant keys
	open      bool              // something is put into it at a key that is not constant
	texts     []string          // the constant strings that are elements of it, an array
	mixed     bool              // it has other elements, or a built-in function may make a collection of it that has

	opaque bool // nothing is known of it

	// Of a comparing analysis (domain.go):
	set        bool        // a set that rules make
	keys       locSet      // the keys that are not constant of an object that rules make
	against    locSet      // what a part of the input is compared with
	compared   bool        // it is compared, or asked by a predicate
	counted    bool        // its size is asked for
	indexed    bool        // its elements are looked up, or one is searched for
	predicates []Predicate // that are asked of it
}

// all returns everything that is put into an allocated collection.
func (l *loc) all() locSet {
	all := l.contents
	for _, name := range slices.Sorted(maps.Keys(l.named)) {
		all = all.union(l.named[name])
	}
	return all
}

// locSet is a points-to set: the locations that a value may come from. It is small and never changed once it is made.
type locSet []*loc

func (s locSet) union(more locSet) locSet {
	if len(s) == 0 {
		return more
	}
	all := s
	for _, m := range more {
		if !slices.Contains(all, m) {
			if len(all) == len(s) {
				all = slices.Clone(s)
			}
			all = append(all, m)
		}
	}
	return all
}

// heap is the locations of one analysis.
type heap struct {
	changed bool // since the iteration began
	count   int  // locations made
	// exact heaps keep the parts of a location apart even if it is read whole. What lies beyond the bounds is opaque.
	exact  bool
	opaque *loc
	// comparing heaps keep apart, too, what is read of data: of interest is what is done with the input (domain.go).
	comparing bool
}

func newHeap(exact bool) heap { return heap{exact: exact, opaque: &loc{opaque: true}} }

// join adds locations to a set.
func (h *heap) join(set *locSet, more locSet) {
	all := set.union(more)
	h.changed = h.changed || len(all) > len(*set)
	*set = all
}

// put adds values to collections, at a key that is not constant. A collection that is not allocated by rules counts as read, and so do the
// values put into it.
func (h *heap) put(collections, values locSet) {
	for _, l := range collections {
		if !l.allocated {
			h.read(locSet{l})
			h.read(values)
			continue
		}
		l.open = true
		h.join(&l.contents, values)
		if l.whole {
			h.read(values)
		}
	}
}

// putField adds values to objects, as the field of that name.
func (h *heap) putField(objects, values locSet, name string) {
	for _, l := range objects {
		if !l.allocated {
			h.put(locSet{l}, values)
			continue
		}
		if l.named == nil {
			l.named = map[string]locSet{}
		}
		field := l.named[name]
		h.join(&field, values)
		l.named[name] = field
		if l.whole {
			h.read(values)
		}
	}
}

// maxTexts bounds the constants that are kept of one array: those of a path, or of the names of some fields.
const maxTexts = 256

// appendConstant adds a constant string to arrays, or notes that the value is not one. An array with too many is like one of other values.
func (h *heap) appendConstant(arrays locSet, text string, constant bool) {
	for _, l := range arrays {
		switch {
		case !constant, len(l.texts) == maxTexts && !slices.Contains(l.texts, text):
			h.mix(locSet{l})
		case !slices.Contains(l.texts, text):
			l.texts, h.changed = append(l.texts, text), true
		}
	}
}

// mix notes that elements of collections may be other than the constants that are put into them.
func (h *heap) mix(collections locSet) {
	for _, l := range collections {
		if l.allocated && !l.mixed {
			l.mixed, h.changed = true, true
		}
	}
}

// constants returns the elements of arrays if all of them are constant strings.
func constants(arrays locSet) (texts []string, ok bool) {
	for _, l := range arrays {
		if !l.allocated || l.mixed {
			return nil, false
		}
		texts = append(texts, l.texts...)
	}
	return texts, len(texts) > 0
}

// read marks locations as read whole.
func (h *heap) read(set locSet) {
	for _, l := range set {
		if l.whole || h.comparing && !l.allocated && !l.ofInput() {
			continue
		}
		l.whole, h.changed = true, true
		if l.allocated {
			h.read(l.all())
		}
	}
}

// field returns the locations of a field.
func (h *heap) field(set locSet, name string) locSet {
	var found locSet
	for _, l := range set {
		switch {
		case l.opaque:
			found = found.union(locSet{l})
		case l.allocated:
			found = found.union(l.contents).union(l.named[name])
		case l.whole && !h.exact:
			found = found.union(locSet{l}) // its parts need not be distinguished
		case l.fields[name] != nil:
			found = found.union(locSet{l.fields[name]})
		default:
			if l.fields == nil {
				l.fields = map[string]*loc{}
			}
			if part := h.part(l, name); part != nil {
				l.fields[name] = part
				found = found.union(locSet{part})
			}
		}
	}
	return found
}

// elementsOf returns the locations of all elements of arrays and sets, and of all fields of objects.
func (h *heap) elementsOf(set locSet) locSet {
	var found locSet
	for _, l := range set {
		switch {
		case l.opaque:
			found = found.union(locSet{l})
		case l.allocated:
			found = found.union(l.all())
		case l.whole && !h.exact:
			found = found.union(locSet{l})
		case l.elements != nil:
			found = found.union(locSet{l.elements})
		default:
			if part := h.part(l, ""); part != nil {
				l.elements = part
				found = found.union(locSet{part})
			}
		}
	}
	return found
}

// part makes the location of a part. Beyond the bounds the location is read whole, and part returns nil or, in an exact or comparing heap,
// the opaque location.
func (h *heap) part(l *loc, name string) *loc {
	if l.depth == maxSteps || h.count == maxLocs {
		h.read(locSet{l})
		if h.exact || h.comparing {
			return h.opaque
		}
		return nil
	}
	h.changed = true
	h.count++
	return &loc{depth: l.depth + 1, parent: l, name: name}
}

// mask returns what is read of a document.
func (l *loc) mask() *jsonscan.FieldMask {
	if l.whole {
		return &jsonscan.FieldMask{Whole: true}
	}
	mask := &jsonscan.FieldMask{}
	if l.elements != nil {
		mask.Each = l.elements.mask()
	}
	for name, part := range l.fields {
		mask.Field(name).Add(part.mask())
	}
	return mask
}
