package scaffold_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine/catalog/internal/scaffold"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

func control(id, kind string, dataset scaffold.Dataset) scaffold.Control {
	return scaffold.Control{ID: id, Product: "entra_id", Kind: kind, Dataset: dataset}
}

// settings is a document with one field.
func settings() scaffold.Dataset {
	return scaffold.Dataset{Name: "entra.settings", Shape: map[string]any{"properties": map[string]any{"isEnabled": map[string]any{"type": "boolean"}}}}
}

func TestExample(t *testing.T) {
	t.Parallel()
	simple := func(kind string) any { return map[string]any{"type": kind} }
	tests := map[string]struct {
		properties map[string]any
		want       string // of the rule
	}{
		"boolean":     {map[string]any{"a": simple("string"), "z": map[string]any{"type": []any{"boolean", "null"}}}, "compliant if input.z == true\n"},
		"enumeration": {map[string]any{"a": map[string]any{"enum": []any{"on", "off", nil}}, "b": simple("integer")}, `compliant if input.a == "on"` + "\n"},
		"number":      {map[string]any{"a": simple("string"), "b": simple("integer")}, "compliant if input.b == 1\n"},
		"text":        {map[string]any{"id": simple("string"), "b": simple("string")}, `compliant if input.b == "example"` + "\n"},
		"key alone":   {map[string]any{"id": simple("string")}, `compliant if input.id == "example"` + "\n"},
		"nested":      {map[string]any{"a": map[string]any{"type": "object", "properties": map[string]any{"b": simple("boolean")}}, "c": simple("string")}, "compliant if input.a.b == true\n"},
		"odd name":    {map[string]any{"a-b": simple("boolean")}, `compliant if input["a-b"] == true` + "\n"},
		"keyword":     {map[string]any{"in": simple("boolean")}, `compliant if input["in"] == true` + "\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dataset := scaffold.Dataset{Name: "a.b", Key: "id", Shape: map[string]any{"properties": test.properties}}
			paths, err := scaffold.Write(t.TempDir(), control("Own", "coverage", dataset))
			must.Do(t, err)
			text, err := os.ReadFile(paths[1])
			if err != nil || !strings.Contains(string(text), test.want) {
				t.Errorf("%v; there is no %q in\n%s", err, test.want, text)
			}
		})
	}
	empty := scaffold.Dataset{Name: "a.b", Shape: map[string]any{"properties": map[string]any{"list": simple("array")}}}
	if _, err := scaffold.Write(t.TempDir(), control("Own", "setting", empty)); err == nil || !strings.Contains(err.Error(), "a.b has no field with a simple value") {
		t.Errorf("error is %v", err)
	}
}

func TestWriteNames(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"AdminMFAV2":          "admin_mfa_v2",
		"MFARegistrationV2":   "mfa_registration_v2",
		"PWAgePolicyNew":      "pw_age_policy_new",
		"scid_2012":           "scid_2012",
		"SCID_2012":           "scid_2012",
		"OneAdmin":            "one_admin",
		"SHA256Only":          "sha256_only",
		"mdo_safe-links.v2":   "mdo_safe_links_v2",
		"A__b..C":             "a_b_c",
		"v2":                  "v2",
		"Trailing_":           "trailing",
		"guestReview":         "guest_review",
		"Default":             "default_control",
		"ConditionalTest":     "conditional_test_control",
		"V2V3":                "v2_v3",
		"LockBoxEnabledXYZ":   "lock_box_enabled_xyz",
		"exo_mailboxaudit_V2": "exo_mailboxaudit_v2",
	}
	for id, want := range tests {
		dir := t.TempDir()
		paths, err := scaffold.Write(dir, control(id, "setting", settings()))
		if err != nil {
			t.Errorf("%s: %v", id, err)
			continue
		}
		at := filepath.Join(dir, "entra_id", want)
		expect.Equalf(t, []string{at + ".hcl", at + ".rego", at + "_test.rego"}, paths, "%s", id)
	}
}

func TestWriteNeverOverwrites(t *testing.T) {
	t.Parallel()
	for _, ending := range []string{".hcl", ".rego", "_test.rego"} {
		dir := t.TempDir()
		there := filepath.Join(dir, "entra_id", "own"+ending)
		must.Do(t, os.MkdirAll(filepath.Dir(there), 0o755))
		must.Do(t, os.WriteFile(there, []byte("mine"), 0o644))
		_, err := scaffold.Write(dir, control("Own", "graded", settings()))
		if err == nil || !strings.HasPrefix(err.Error(), there+" exists already") {
			t.Errorf("error is %v", err)
		}
		text, _ := os.ReadFile(there)
		entries, _ := os.ReadDir(filepath.Dir(there))
		if string(text) != "mine" || len(entries) != 1 {
			t.Errorf("the folder holds %v, and the file %q", entries, text)
		}
	}
}

func TestWriteIntoFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "catalog")
	must.Do(t, os.WriteFile(file, nil, 0o644))
	if _, err := scaffold.Write(file, control("Own", "graded", settings())); err == nil || !strings.HasPrefix(err.Error(), "writing control: ") {
		t.Errorf("error is %v", err)
	}
}
