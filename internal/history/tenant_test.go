package history_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/must"
)

// TestTenantCase has one chain for a tenant, however its id is written, and compares its assessments.
func TestTenantCase(t *testing.T) {
	const id = "14d2afb5-4883-4247-84ff-219e72010db8"
	s := must.Get(history.Open(t.Context(), filepath.Join(t.TempDir(), history.Name)))(t)
	defer func() { _ = s.Close() }()
	record(t, s, sample(id, 1, 1), sample(strings.ToUpper(id), 2, 2))
	if v := must.Get(s.Verify(t.Context(), history.Filter{Tenant: strings.ToUpper(id)}))(t); len(v) != 1 || len(v[0].Findings) > 0 || v[0].Entries != 2 {
		t.Errorf("%+v", v)
	}
	changes := all(t, s.Changes(t.Context(), history.Filter{Tenant: strings.ToUpper(id)}))
	expect.Equal(t, 1, len(changes))
	if notes := changes[0].Attribution.Notes; len(notes) > 0 {
		t.Errorf("%q", notes)
	}
	must.Get(s.Assessment(t.Context(), strings.ToUpper(id), 2))(t)
}
