package engine

import "github.com/posture-score/posture/engine/internal/rego/eval"

// WithBlockSize returns the options with blocks of so many bytes, so that a small dataset has many.
func (o Options) WithBlockSize(size int) Options { o.blockSize = size; return o }

// BlockSize returns the size of blocks.
func (o Options) BlockSize() int { return o.blockSize }

// WithLimits returns the options with limits of one evaluation.
func (o Options) WithLimits(limits eval.Limits) Options { o.limits = limits; return o }
