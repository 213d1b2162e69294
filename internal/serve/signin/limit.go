package signin

import (
	"container/list"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How often somebody may try to sign in. A token has 256 bits, so this bounds work and noise more than it guards the token.
const (
	eachRate  = rate.Limit(1.0 / 6) // a second, for each address
	eachBurst = 10
	allRate   = rate.Limit(5) // a second, in all
	allBurst  = 50
	// maxAddresses bounds the addresses that are remembered. Who comes from more of them still meets the limit in all.
	maxAddresses = 4096
)

// limiter bounds attempts to sign in, for each address and in all. Loopback addresses have the limit in all alone: what comes
// through a proxy on this machine has the address of the proxy.
type limiter struct {
	mu    sync.Mutex
	all   *rate.Limiter
	order *list.List // of *attempts, those of the last attempt first
	by    map[netip.Prefix]*list.Element
}

type attempts struct {
	from  netip.Prefix
	limit *rate.Limiter
}

func newLimiter() *limiter {
	return &limiter{all: rate.NewLimiter(allRate, allBurst), order: list.New(), by: map[netip.Prefix]*list.Element{}}
}

// allow counts an attempt, and returns how long to wait if it is one too many; 0 if it is not.
func (l *limiter) allow(from netip.Addr, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	limits := []*rate.Limiter{l.all}
	if from = from.Unmap(); !from.IsLoopback() {
		// One address that is out of attempts takes none from the others.
		limits = []*rate.Limiter{l.each(from), l.all}
	}
	for _, limit := range limits {
		if !limit.AllowN(now, 1) {
			missing := 1 - limit.TokensAt(now)
			return max(time.Second, time.Duration(missing/float64(limit.Limit())*float64(time.Second)))
		}
	}
	return 0
}

// each returns the limit of an address; of IPv6, of the network that one customer gets.
func (l *limiter) each(from netip.Addr) *rate.Limiter {
	bits := 32
	if from.Is6() {
		bits = 64
	}
	key, _ := from.WithZone("").Prefix(bits) // the zero value if there is no address, which is a key like any other
	if e, ok := l.by[key]; ok {
		l.order.MoveToFront(e)
		return e.Value.(*attempts).limit
	}
	if l.order.Len() >= maxAddresses {
		last := l.order.Back()
		l.order.Remove(last)
		delete(l.by, last.Value.(*attempts).from)
	}
	a := &attempts{from: key, limit: rate.NewLimiter(eachRate, eachBurst)}
	l.by[key] = l.order.PushFront(a)
	return a.limit
}
