package records

import "sync"

// Invariant: a buffer is with one scan, or free. Nothing that a scan hands out refers to its buffers: a [View] is valid until the next
// record, and no result of a part may refer to one.

// Buffers are the buffers of scans that have ended, for scans to come: a program that scans many small files makes few. They are safe
// for concurrent use; those that nobody needs are collected as garbage.
type Buffers struct{ brief, long sync.Pool }

// briefBytes is the size of a buffer for a file that is shorter. Most are.
const briefBytes = 32 << 10

// get returns a buffer of n bytes. Without Buffers, or if none of theirs is long enough, it is a new one.
func (b *Buffers) get(n int) []byte {
	if b == nil {
		return make([]byte, n)
	}
	pool := &b.long
	if n <= briefBytes {
		pool = &b.brief
	}
	if free, ok := pool.Get().(*[]byte); ok && cap(*free) >= n {
		return (*free)[:n]
	}
	return make([]byte, n, max(n, briefBytes))
}

// put frees a buffer.
func (b *Buffers) put(buffer []byte) {
	if b == nil || cap(buffer) < briefBytes {
		return
	}
	pool := &b.long
	if cap(buffer) == briefBytes {
		pool = &b.brief
	}
	buffer = buffer[:0]
	pool.Put(&buffer)
}
