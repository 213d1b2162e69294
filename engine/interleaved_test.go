package engine_test

import (
	"encoding/json"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/must"
)

// TestInterleavedTenants holds that nothing of one tenant is visible to another: tenants that one engine
// assesses one after another and at the same time have the assessments of engines of their own.
func TestInterleavedTenants(t *testing.T) {
	t.Parallel()
	names := []string{"contoso", "fabrikam", "tailspin"}
	options := engine.Options{Workers: 2, MaxFailing: -1}.WithBlockSize(1 << 12)
	bundles, want := map[string]*evidence.Bundle{}, map[string]string{}
	for _, name := range names {
		b := must.Get(evidence.Open(t.Context(), filepath.Join("..", "testdata", name), evidence.DefaultLimits()))(t)
		t.Cleanup(func() { _ = b.Close() })
		bundles[name], want[name] = b, written(t, b, options)
	}
	shared := must.Get(engine.Compile(t.Context(), builtin(t), options))(t)
	rounds := 3
	if raceDetector {
		rounds = 1
	}
	var running sync.WaitGroup
	for start := range names {
		running.Go(func() {
			for i := range rounds * len(names) {
				name := names[(start+i)%len(names)]
				assessment, err := shared.Assess(t.Context(), bundles[name], engine.AssessOptions{})
				if err != nil {
					t.Errorf("%s: %v", name, err)
					return
				}
				text, err := json.MarshalIndent(assessment, "", " ")
				if err != nil {
					t.Errorf("%s: %v", name, err)
					return
				}
				if diff := cmp.Diff(want[name], string(text)); diff != "" {
					t.Errorf("%s (-an engine of its own +a shared one):\n%s", name, diff)
					return
				}
			}
		})
	}
	running.Wait()
}
