package eval

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// Invariant: a clock stops the evaluation that it was begun for, and no other.

// Deadline stops evaluations that take too long, and all of them when its context ends. One goroutine looks after every judge, so that
// an evaluation costs no timer.
type Deadline struct {
	ctx   context.Context //nolint:containedctx // it is what the watch is about
	tick  time.Duration
	limit int64 // ticks
	now   atomic.Int64
	ended atomic.Bool
	done  context.CancelFunc
	group sync.WaitGroup

	mutex  sync.Mutex
	clocks []*clock
}

// Bounds of how often a watch looks.
const (
	tickShare = 8 // ticks in a limit
	minTick   = time.Millisecond
	maxTick   = 50 * time.Millisecond
)

// NewDeadline begins to watch. Stop has to be called.
func NewDeadline(ctx context.Context, limits Limits) *Deadline {
	tick := min(max(limits.Time/tickShare, minTick), maxTick)
	w := &Deadline{ctx: ctx, tick: tick, limit: max(int64(limits.Time/tick), 1)}
	inner, done := context.WithCancel(ctx)
	w.done = done
	w.group.Go(func() { w.run(inner) })
	return w
}

// Stop ends the watch. Nothing that it watched may run any more.
func (w *Deadline) Stop() {
	w.done()
	w.group.Wait()
}

func (w *Deadline) run(ctx context.Context) {
	ticker := time.NewTicker(w.tick)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			w.ended.Store(w.ctx.Err() != nil)
			return
		case <-ticker.C:
			w.look(w.now.Add(1))
		}
	}
}

// look stops what has run for too long, and puts a tick on the account of each judge that is at work.
func (w *Deadline) look(now int64) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	for _, c := range w.clocks {
		running := c.running.Load()
		if running == 0 {
			continue
		}
		c.account.ticks.Add(int64(w.tick))
		if since := c.since.Load(); now-since > w.limit && c.running.Load() == running {
			c.stopped.Store(running)
		}
	}
}

// Budget adds up the time of judges, as far as the ticks of a watch show it.
type Budget struct{ ticks atomic.Int64 }

// Spent is the time that was spent.
func (a *Budget) Spent() time.Duration { return time.Duration(a.ticks.Load()) }

// clock is the time of one judge. It is a topdown.Cancel.
type clock struct {
	watch   *Deadline
	account *Budget
	count   int64        // evaluations begun; of the judge alone
	running atomic.Int64 // the one that is running, counted from 1; 0 for none
	since   atomic.Int64 // the tick at which it began
	stopped atomic.Int64 // the last one that was stopped
}

func (w *Deadline) clock(account *Budget) *clock {
	c := &clock{watch: w, account: account}
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.clocks = append(w.clocks, c)
	return c
}

func (c *clock) begin() {
	c.count++
	c.since.Store(c.watch.now.Load())
	c.running.Store(c.count)
}

func (c *clock) end() { c.running.Store(0) }

// Cancel stops the evaluation that is running.
func (c *clock) Cancel() { c.stopped.Store(c.count) }

// Cancelled says whether it was stopped.
func (c *clock) Cancelled() bool {
	return c.stopped.Load() == c.count || c.watch.ended.Load()
}
