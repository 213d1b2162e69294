package engine_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/tenant"
)

// TestBuiltinIsCompiled holds that no built-in control runs on topdown.
func TestBuiltinIsCompiled(t *testing.T) {
	t.Parallel()
	e := must.Get(engine.Compile(t.Context(), builtin(t), engine.Options{}))(t)
	for _, f := range e.Fallbacks() {
		t.Errorf("%s runs on topdown: %s", f.Control, f.Reason)
	}
}

// TestSameBytesForAnyParallelism holds that an assessment of the sample tenants, and of invented ones,
// is what the interpreter alone leads to, byte for byte, however the work is divided.
func TestSameBytesForAnyParallelism(t *testing.T) {
	t.Parallel()
	for name, b := range tenants(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := written(t, b, engine.Options{Interpreter: true, Workers: 1, DisableMemo: true, MaxFailing: -1})
			for _, options := range []engine.Options{
				{Workers: 1}, engine.Options{Workers: 2}.WithBlockSize(1 << 10), engine.Options{Workers: 8}.WithBlockSize(3000), {Workers: 2, DisableMemo: true},
			} {
				options.MaxFailing = -1
				got := written(t, b, options)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%d workers, blocks of %d, memo off %v (-interpreter +compiled):\n%s", options.Workers, options.BlockSize(), options.DisableMemo, diff)
				}
			}
		})
	}
}

// tenants are the sample tenants and, where there is time for it, invented ones.
func tenants(t *testing.T) map[string]*evidence.Bundle {
	t.Helper()
	open := func(dir string) *evidence.Bundle {
		b := must.Get(evidence.Open(t.Context(), dir, evidence.DefaultLimits()))(t)
		t.Cleanup(func() { _ = b.Close() })
		return b
	}
	all := map[string]*evidence.Bundle{"contoso": open(filepath.Join("..", "testdata", "contoso"))}
	if raceDetector {
		return all
	}
	for _, name := range []string{"fabrikam", "tailspin"} {
		all[name] = open(filepath.Join("..", "testdata", name))
	}
	all["contoso, with records repeated, contradicted and unknown"] = bundle(t, disturbed(t, "contoso"))
	for seed, profile := range []string{"good", "mixed", "bad"} {
		invented := must.Get(tenant.New(tenant.Spec{Name: "invented", Profile: profile, Users: 40 + 15*seed, Seed: uint64(seed), CollectedAt: tenant.CollectedAt()}))(t)
		dir := filepath.Join(t.TempDir(), "bundle")
		must.Do(t, invented.Write(t.Context(), dir))
		all[fmt.Sprintf("invented, %s", profile)] = open(dir)
	}
	return all
}

// written is the assessment as it is saved.
func written(t *testing.T, b *evidence.Bundle, options engine.Options) string {
	t.Helper()
	text := must.Get(json.MarshalIndent(assess(t, builtin(t), b, options, engine.AssessOptions{}), "", " "))(t)
	return string(text)
}
