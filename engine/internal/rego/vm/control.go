package vm

import (
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/ir"
)

// Invariant: a signal above zero is counted down by one for each block that it leaves; errors and returns pass through all.

// out is the signal for the block around one that gave s.
func out(s signal) signal {
	if s > 0 {
		return s - 1
	}
	return s
}

// blocks runs blocks one after another; a block that ends without success goes on with the next.
func (c *compiler) blocks(s *ir.BlockStmt) (op, error) {
	list := make([][]op, len(s.Blocks))
	for i, b := range s.Blocks {
		ops, err := c.block(b)
		if err != nil {
			return nil, err
		}
		list[i] = ops
	}
	return func(fr *frame) signal {
		for _, ops := range list {
			if s := out(fr.block(ops)); s != next {
				return s
			}
		}
		return next
	}, nil
}

func (c *compiler) leave(s *ir.BreakStmt) op {
	levels := signal(s.Index) + 1
	return func(*frame) signal { return levels }
}

func (c *compiler) giveBack(s *ir.ReturnLocalStmt) op {
	source := c.read1(s.Source)
	if c.f.nested {
		return func(fr *frame) signal {
			fr.ret = fr.rebuilt(source.get(fr))
			return returned
		}
	}
	return func(fr *frame) signal {
		fr.ret = source.get(fr)
		return returned
	}
}

func (c *compiler) addResult(s *ir.ResultSetAddStmt) op {
	value := c.read1(s.Value)
	return func(fr *frame) signal {
		if v := value.get(fr); v != nil && fr.m.results != nil {
			fr.m.results.Add(v)
		}
		return next
	}
}

// not succeeds where its block does not.
func (c *compiler) not(s *ir.NotStmt) (op, error) {
	ops, err := c.block(s.Block)
	if err != nil {
		return nil, err
	}
	return func(fr *frame) signal {
		switch s := fr.block(ops); s {
		case next:
			return undefined
		default:
			return out(s)
		}
	}, nil
}

// scan runs its block for every member of a collection. A loop is two blocks deep: leaving one goes on with the next member,
// leaving two with what follows the loop.
func (c *compiler) scan(s *ir.ScanStmt) (op, error) {
	source, key, value := c.read1(s.Source), c.local(s.Key), c.local(s.Value)
	c.loosen(writes(s)) // by an earlier turn
	ops, err := c.block(s.Block)
	if err != nil {
		return nil, err
	}
	return func(fr *frame) signal {
		t := source.get(fr)
		if t == nil {
			return next
		}
		switch v := t.Value.(type) {
		case *ast.Array:
			for i := range v.Len() {
				if s := fr.turn(ops, key, value, integer(int64(i)), v.Elem(i)); s != next {
					return out(s)
				}
			}
		case ast.Object:
			return fr.turns(ops, key, value, v.Until)
		case ast.Set:
			return fr.turns(ops, key, value, func(visit func(_, _ *ast.Term) bool) bool {
				return v.Until(func(e *ast.Term) bool { return visit(e, e) })
			})
		}
		return next
	}, nil
}

// turns runs a loop over what until visits.
func (fr *frame) turns(ops []op, key, value int, until func(func(_, _ *ast.Term) bool) bool) signal {
	s := next
	until(func(k, v *ast.Term) bool {
		s = fr.turn(ops, key, value, k, v)
		return s != next
	})
	return out(s)
}

// turn runs the block of a loop once. The signal is next if the loop goes on.
func (fr *frame) turn(ops []op, key, value int, k, v *ast.Term) signal {
	if fr.m.context.Cancel.Cancelled() {
		return fr.halt(canceled())
	}
	fr.l[key], fr.l[value] = k, v
	return out(fr.block(ops))
}
