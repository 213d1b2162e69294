package engine

import (
	"context"

	"github.com/posture-score/posture/engine/internal/load"
	"github.com/posture-score/posture/engine/internal/scan"
	"github.com/posture-score/posture/evidence"
)

// Floor is what [Engine.Floor] read.
type Floor struct {
	Records int64 // of populations, and joined to them
	Bytes   int64 // taken out of the populations' records
}

// Floor reads a bundle as [Engine.Assess] does: it verifies it in the same passes, validates, takes the same fields out
// of the same records, and joins. It evaluates no rule: no engine can assess with less. It is what
// internal/bench compares with; a program that embeds the engine has no use for it.
func (e *Engine) Floor(ctx context.Context, bundle *evidence.Bundle) (Floor, error) {
	options := load.Options{Workers: e.options.Workers, BlockSize: e.options.blockSize, Validate: ValidateSample.records()}
	loaded, err := load.Load(ctx, e.rules, bundle, bundle.Manifest().CollectedAt, options)
	if err != nil {
		return Floor{}, err
	}
	taken, err := scan.Floor(ctx, loaded)
	return Floor(taken), err
}
