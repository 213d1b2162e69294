package eval

import "context"

// cancel ends evaluations when their context does. It is a [topdown.Cancel].
type cancel struct {
	ctx context.Context //nolint:containedctx // topdown asks for it by this interface
}

// Cancel is part of [topdown.Cancel]. Nothing but the context cancels.
func (c cancel) Cancel() {}

// Cancelled reports whether the context has ended.
func (c cancel) Cancelled() bool { return c.ctx.Err() != nil }
