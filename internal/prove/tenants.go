package prove

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/leftover"
	"github.com/posture-score/posture/internal/tenant"
)

// FromTenants makes a sample of each invented tenant that the project ships.
func FromTenants(ctx context.Context, cat *catalog.Catalog, controls []*catalog.Control) (samples []Sample, err error) {
	dir, remove, err := leftover.Folder()
	if err != nil {
		return nil, fmt.Errorf("inventing tenants: %w", err)
	}
	defer func() { _ = remove() }()
	for _, spec := range tenant.Samples() {
		invented, err := tenant.New(spec)
		if err != nil {
			return nil, err
		}
		path := filepath.Join(dir, spec.Name)
		if err := invented.Write(ctx, path); err != nil {
			return nil, err
		}
		sample, err := fromPath(ctx, spec.Name, path, cat, controls)
		if err != nil {
			return nil, err
		}
		samples = append(samples, sample)
	}
	return samples, nil
}

func fromPath(ctx context.Context, name, path string, cat *catalog.Catalog, controls []*catalog.Control) (Sample, error) {
	bundle, err := evidence.Open(ctx, path, evidence.DefaultLimits())
	if err != nil {
		return Sample{}, err
	}
	defer func() { _ = bundle.Close() }()
	return FromBundle(ctx, name, bundle, cat, controls)
}
