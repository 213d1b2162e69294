package codec

import (
	"encoding/binary"
	"errors"
	"math"
)

// Invariant: reading consumes exactly what writing the same values produced; whatever else is read
// ends in an error, after which every value is zero.

// errBroken is what is said of a text that was not written as it is read.
var errBroken = errors.New("the packed text is damaged")

// Coder writes values, or reads them, in the caller's order. It is not safe for concurrent use; the
// strings that it returns share memory with what is read.
type Coder struct {
	out   []byte // what was written
	index map[string]uint64
	table []string // each text once

	reading bool
	in      string // what is left to be read
	err     error
}

// NewWriter begins to write.
func NewWriter() *Coder { return &Coder{index: map[string]uint64{}} }

// NewReader begins to read what [Coder.Packed] gave.
func NewReader(text string) *Coder {
	c := &Coder{reading: true, in: text}
	sizes := make([]int, c.length())
	total := 0
	for i := range sizes {
		sizes[i] = int(c.number())
		if total += sizes[i]; sizes[i] < 0 || total < 0 || total > len(c.in) {
			c.fail()
			return c
		}
	}
	c.table = make([]string, len(sizes))
	for i, size := range sizes {
		if size > len(c.in) {
			c.fail()
			return c
		}
		c.table[i], c.in = c.in[:size], c.in[size:]
	}
	return c
}

// Packed returns what was written.
func (c *Coder) Packed() []byte {
	head := binary.AppendUvarint(nil, uint64(len(c.table)))
	for _, text := range c.table {
		head = binary.AppendUvarint(head, uint64(len(text)))
	}
	for _, text := range c.table {
		head = append(head, text...)
	}
	return append(head, c.out...)
}

// Reading says whether the coder reads.
func (c *Coder) Reading() bool { return c.reading }

// Err returns what was wrong with what was read.
func (c *Coder) Err() error { return c.err }

// End makes it an error that anything is left to be read.
func (c *Coder) End() error {
	if c.reading && c.in != "" {
		c.fail()
	}
	return c.err
}

// Fail ends reading or writing with an error; the first one counts.
func (c *Coder) Fail(err error) {
	if c.err == nil {
		c.err = err
	}
	c.in = ""
}

func (c *Coder) fail() { c.Fail(errBroken) }

// number reads a number.
func (c *Coder) number() uint64 {
	var value uint64
	for i := range min(len(c.in), binary.MaxVarintLen64) {
		b := c.in[i]
		value |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			c.in = c.in[i+1:]
			return value
		}
	}
	c.fail()
	return 0
}

// length reads how many values follow; each is at least one byte.
func (c *Coder) length() int {
	n := c.number()
	if n > uint64(len(c.in)) {
		c.fail()
		return 0
	}
	return int(n)
}

// Whole are the types of whole numbers.
type Whole interface {
	~int | ~int32 | ~int64 | ~uint32
}

// Int codes a whole number.
func Int[T Whole](c *Coder, v *T) {
	if c.reading {
		n := c.number()
		*v = T(int64(n>>1) ^ -int64(n&1))
		return
	}
	n := int64(*v)
	c.out = binary.AppendUvarint(c.out, uint64(n<<1)^uint64(n>>63))
}

// Bool codes a boolean.
func (c *Coder) Bool(v *bool) {
	n := 0
	if *v {
		n = 1
	}
	Int(c, &n)
	*v = n == 1
}

// Text codes a text.
func Text[T ~string](c *Coder, v *T) {
	if c.reading {
		n := c.number()
		if n >= uint64(len(c.table)) {
			c.fail()
			*v = ""
			return
		}
		*v = T(c.table[n])
		return
	}
	at, known := c.index[string(*v)]
	if !known {
		at = uint64(len(c.table))
		c.index[string(*v)] = at
		c.table = append(c.table, string(*v))
	}
	c.out = binary.AppendUvarint(c.out, at)
}

// Part codes what is read lazily: write is called at once, and the returned coder reads it later.
// It is nil while writing.
func (c *Coder) Part(write func()) *Coder {
	const size = 4
	if c.reading {
		if len(c.in) < size {
			c.fail()
			return &Coder{reading: true, err: errBroken}
		}
		n := uint64(c.in[0]) | uint64(c.in[1])<<8 | uint64(c.in[2])<<16 | uint64(c.in[3])<<24
		c.in = c.in[size:]
		if n > uint64(len(c.in)) {
			c.fail()
			return &Coder{reading: true, err: errBroken}
		}
		part := &Coder{reading: true, table: c.table, in: c.in[:n]}
		c.in = c.in[n:]
		return part
	}
	at := len(c.out)
	c.out = append(c.out, 0, 0, 0, 0)
	write()
	n := len(c.out) - at - size
	if n > math.MaxUint32 {
		c.Fail(errors.New("a packed part is too long"))
	}
	binary.LittleEndian.PutUint32(c.out[at:], uint32(n)) //nolint:gosec // its range was checked
	return nil
}
