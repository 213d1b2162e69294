package engine

// WithBlockSize returns the options with blocks of so many bytes, so that a small dataset has many.
func (o Options) WithBlockSize(size int) Options { o.blockSize = size; return o }

// BlockSize returns the size of blocks.
func (o Options) BlockSize() int { return o.blockSize }
