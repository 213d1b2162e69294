package synthetic

import (
	"fmt"
	"math/rand/v2"
)

// chance is where values come from: the same ones in every run.
type chance struct {
	*rand.Rand
}

func newChance() *chance {
	return &chance{rand.New(rand.NewPCG(2026, 50))} //nolint:gosec // not a secret
}

// guid returns a random identifier in the form of version 4.
func (c *chance) guid() string {
	a, b := c.Uint64(), c.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", uint32(a), uint16(a>>32), uint16(a>>48)&0xfff, uint16(b)&0x3fff|0x8000, b>>16)
}

// holds is true in that share of all calls.
func (c *chance) holds(share float64) bool { return c.Float64() < share }

func (c *chance) one(of ...string) string { return of[c.IntN(len(of))] }

// some selects each of the values with that probability. It is never nil.
func (c *chance) some(share float64, of ...string) []string {
	taken := []string{}
	for _, value := range of {
		if c.holds(share) {
			taken = append(taken, value)
		}
	}
	return taken
}
