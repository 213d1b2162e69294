package tenant

import (
	"encoding/hex"
	"math/rand/v2"
	"strconv"
	"strings"
)

// guid invents the identifier of the index-th thing of a kind: a well-formed version 4 UUID, the
// same for the same seed.
func (t *Tenant) guid(kind string, index int) string {
	b := t.bytes(kind, index)
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	digits := hex.EncodeToString(b[:16])
	return strings.Join([]string{digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]}, "-")
}

// machine invents the identifier of a device: 40 hexadecimal digits, the form that Defender for
// Endpoint uses.
func (t *Tenant) machine(index int) string {
	b := t.bytes("device", index)
	return hex.EncodeToString(b[:])
}

func (t *Tenant) bytes(kind string, index int) [20]byte {
	source := rand.NewPCG(t.spec.Seed^hash(kind), uint64(index))
	var b [20]byte
	for i := 0; i < len(b); i += 4 {
		word := source.Uint64()
		b[i], b[i+1], b[i+2], b[i+3] = byte(word), byte(word>>8), byte(word>>16), byte(word>>24)
	}
	return b
}

// name invents the index-th person's names, and the local part of their address, which no other person has.
func (t *Tenant) name(index int) (given, family, local string) {
	const stride = 1009 // a prime that divides no count of pairs: neighbours differ, and every pair comes up before any repeats
	names := t.words.Names
	pairs := len(names.Given) * len(names.Family)
	pair := (index*stride + int(t.spec.Seed%uint64(pairs))) % pairs
	given, family = names.Given[pair%len(names.Given)], names.Family[pair/len(names.Given)]
	local = strings.ToLower(given + "." + family)
	if round := index / pairs; round > 0 {
		local += strconv.Itoa(round)
	}
	return given, family, local
}
