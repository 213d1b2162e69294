package vm

import (
	"github.com/open-policy-agent/opa/v1/ast"
	opair "github.com/open-policy-agent/opa/v1/ir"

	"github.com/posture-score/posture/engine/internal/rego/term"
)

// Invariant: a positive signal is decremented by each block that it leaves; errors and returns pass through all blocks.

// out returns the signal for the block around one that ended with s.
func out(s signal) signal {
	if s > 0 {
		return s - 1
	}
	return s
}

// blocks runs blocks one after another. One that ends without success is followed by the next.
func (c *compiler) blocks(s *opair.BlockStmt) (instr, error) {
	list := make([]*block, len(s.Blocks))
	for i, b := range s.Blocks {
		compiled, err := c.block(b)
		if err != nil {
			return nil, err
		}
		list[i] = compiled
	}
	return func(fr *frame) signal {
		for _, b := range list {
			if s := out(fr.block(b)); s != next {
				return s
			}
		}
		return next
	}, nil
}

func (c *compiler) breakOut(s *opair.BreakStmt) instr {
	levels := signal(s.Index) + 1
	return func(*frame) signal { return levels }
}

func (c *compiler) returnLocal(s *opair.ReturnLocalStmt) instr {
	source := c.read1(s.Source)
	if c.f.nested {
		return func(fr *frame) signal {
			fr.ret = fr.rebuilt(source.get(fr))
			return returned
		}
	}
	return func(fr *frame) signal {
		if fr.shown = source.held(fr); fr.shown == nil {
			fr.ret = source.get(fr)
		}
		return returned
	}
}

func (c *compiler) addResult(s *opair.ResultSetAddStmt) instr {
	value := c.read1(s.Value)
	return func(fr *frame) signal {
		if v := value.get(fr); v != nil && fr.m.results != nil {
			fr.m.results.Add(v)
		}
		return next
	}
}

// not succeeds where its block does not.
func (c *compiler) not(s *opair.NotStmt) (instr, error) {
	negated, err := c.block(s.Block)
	if err != nil {
		return nil, err
	}
	return func(fr *frame) signal {
		switch s := fr.block(negated); s {
		case next:
			return undefined
		default:
			return out(s)
		}
	}, nil
}

// scan runs its block for every element of a collection. A loop is two blocks deep: leaving one goes on with the next element, leaving two
// with what follows the loop.
func (c *compiler) scan(s *opair.ScanStmt) (instr, error) {
	source, key, value, element := c.read1(s.Source), c.local(s.Key), c.local(s.Value), c.read1(s.Value)
	body, err := c.block(s.Block)
	if err != nil {
		return nil, err
	}
	return func(fr *frame) signal {
		if v := source.held(fr); v != nil && element.kind == viewed && v.Kind == term.List {
			return fr.walk(body, key, &element, v.Parts.Values)
		}
		t := source.get(fr)
		if t == nil {
			return next
		}
		switch v := t.Value.(type) {
		case *ast.Array:
			for i := range v.Len() {
				if s := fr.iteration(body, key, value, integer(int64(i)), v.Elem(i)); s != next {
					return out(s)
				}
			}
		case ast.Object:
			return fr.m.loop(loop{fr: fr, body: body, key: key, value: value}, v)
		case ast.Set:
			for _, e := range v.Slice() {
				if s := fr.iteration(body, key, value, e, e); s != next {
					return out(s)
				}
			}
		}
		return next
	}, nil
}

// loop is a loop over an object, whose members are told to a function.
type loop struct {
	fr         *frame
	body       *block
	key, value int
	s          signal
	visit      func(k, v *ast.Term) bool
}

// loop runs a loop. What it takes is kept for the next one: loops are too frequent to make a function for each.
func (m *Machine) loop(l loop, over ast.Object) signal {
	if m.looping == len(m.loops) {
		made := &loop{}
		made.visit = func(k, v *ast.Term) bool {
			made.s = made.fr.iteration(made.body, made.key, made.value, k, v)
			return made.s != next
		}
		m.loops = append(m.loops, made)
	}
	running := m.loops[m.looping]
	l.visit = running.visit
	*running = l
	m.looping++
	over.Until(running.visit)
	m.looping--
	return out(running.s)
}

// iteration runs the block of a loop once. The signal is next if the loop goes on.
func (fr *frame) iteration(body *block, key, value int, k, v *ast.Term) signal {
	fr.m.meter.Steps++
	fr.l[key], fr.l[value] = k, v
	return out(fr.block(body))
}
