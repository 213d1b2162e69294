package tenant

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
)

// deck is a keyed permutation of 0 to n-1: it shuffles cards without holding them, so that the
// position of any one card can be computed. Dividing the positions into piles of fixed sizes
// results in exact shares in an order that looks random.
//
// It is the swap-or-not shuffle (Hoang, Morris, Rogaway, CRYPTO 2012). The paper requires more
// rounds to resist an adversary; invented people need only look unsorted.
type deck struct {
	size uint64
	keys [8]uint64
	salt uint64
}

func newDeck(seed uint64, label string, size int) deck {
	random := rand.New(rand.NewPCG(seed, hash(label)))
	d := deck{size: uint64(max(size, 1)), salt: random.Uint64()}
	for i := range d.keys {
		d.keys[i] = random.Uint64N(d.size)
	}
	return d
}

// place returns where the card ends up, from 0 to size-1.
func (d deck) place(card int) int {
	x := uint64(card) % d.size
	for round, key := range d.keys {
		partner := (key + d.size - x) % d.size
		if mix(max(x, partner)^d.salt^uint64(round)<<56)&1 == 1 {
			x = partner
		}
	}
	return int(x)
}

// pile returns the index of the pile that the card falls into, of piles with these shares; -1 if it
// falls into none.
func (d deck) pile(card int, shares []float64) int {
	place, end := d.place(card), 0.0
	for i, share := range shares {
		end += share
		if place < portion(int(d.size), end) {
			return i
		}
	}
	return -1
}

// portion is the share of n, rounded to whole cards.
func portion(n int, share float64) int { return min(n, int(math.Round(float64(n)*share))) }

// mix is the finalizer of SplitMix64: every bit of the result depends on every bit of x.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func hash(label string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(label))
	return h.Sum64()
}
