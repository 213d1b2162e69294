package eval

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// Invariant: a token cancels the evaluation that it was begun for, and no other.

// Deadline cancels evaluations that take too long, and all of them when its context ends. One goroutine supervises all evaluators, so that
// an evaluation needs no timer.
type Deadline struct {
	ctx   context.Context //nolint:containedctx // a deadline is about it
	tick  time.Duration
	limit int64 // ticks
	now   atomic.Int64
	ended atomic.Bool
	done  context.CancelFunc
	group sync.WaitGroup

	mutex  sync.Mutex
	tokens []*cancelToken
}

// How often a deadline checks.
const (
	tickShare = 8 // ticks in a limit
	minTick   = time.Millisecond
	maxTick   = 50 * time.Millisecond
)

// NewDeadline starts a deadline. The caller has to call Stop.
func NewDeadline(ctx context.Context, limits Limits) *Deadline {
	tick := min(max(limits.Time/tickShare, minTick), maxTick)
	d := &Deadline{ctx: ctx, tick: tick, limit: max(int64(limits.Time/tick), 1)}
	inner, done := context.WithCancel(ctx)
	d.done = done
	d.group.Go(func() { d.run(inner) })
	return d
}

// Stop ends the deadline. None of its evaluators may run after that.
func (d *Deadline) Stop() {
	d.done()
	d.group.Wait()
}

func (d *Deadline) run(ctx context.Context) {
	ticker := time.NewTicker(d.tick)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			d.ended.Store(d.ctx.Err() != nil)
			return
		case <-ticker.C:
			d.check(d.now.Add(1))
		}
	}
}

// check cancels evaluations that have run for too long, and charges a tick to the budget of each running evaluator.
func (d *Deadline) check(now int64) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	for _, c := range d.tokens {
		running := c.running.Load()
		if running == 0 {
			continue
		}
		c.budget.ticks.Add(int64(d.tick))
		if since := c.since.Load(); now-since > d.limit && c.running.Load() == running {
			c.canceled.Store(running)
		}
	}
}

// Budget adds up the time of evaluators, in ticks of a deadline.
type Budget struct{ ticks atomic.Int64 }

// Spent returns the time that was spent.
func (b *Budget) Spent() time.Duration { return time.Duration(b.ticks.Load()) }

// cancelToken cancels the evaluations of one evaluator. It is a [topdown.Cancel].
type cancelToken struct {
	deadline *Deadline
	budget   *Budget
	count    int64        // evaluations begun; used by the evaluator alone
	running  atomic.Int64 // the number of the running one, from 1; 0 for none
	since    atomic.Int64 // the tick at which it began
	canceled atomic.Int64 // the number of the last one that was canceled
}

// token returns a cancel token that charges the budget.
func (d *Deadline) token(budget *Budget) *cancelToken {
	c := &cancelToken{deadline: d, budget: budget}
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.tokens = append(d.tokens, c)
	return c
}

func (c *cancelToken) begin() {
	c.count++
	c.since.Store(c.deadline.now.Load())
	c.running.Store(c.count)
}

func (c *cancelToken) end() { c.running.Store(0) }

// Cancel cancels the running evaluation.
func (c *cancelToken) Cancel() { c.canceled.Store(c.count) }

// Cancelled reports whether it was canceled.
func (c *cancelToken) Cancelled() bool {
	return c.canceled.Load() == c.count || c.deadline.ended.Load()
}
