package scaffold_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/scaffold"
	"github.com/posture-score/posture/schemas"
)

// load reads the built-in catalog with the folder on top of it.
func load(t *testing.T, dir string) *catalog.Catalog {
	t.Helper()
	registry, err := schemas.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	builtin, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	own, err := catalog.Dir(dir)
	if err != nil {
		t.Fatal(err)
	}
	cat, err := catalog.Load(t.Context(), registry, builtin, own)
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

// TestWriteLoads writes one control of each kind and puts all of them through what an author would: load, check, test.
func TestWriteLoads(t *testing.T) {
	dir := t.TempDir()
	for _, kind := range scaffold.Kinds() {
		if _, err := scaffold.Write(dir, scaffold.Request{ID: "Contoso." + kind, Product: "entra_id", Kind: kind}); err != nil {
			t.Fatal(err)
		}
	}
	words := append(ast.KeywordsForRegoVersion(ast.RegoV1), "data", "input", "load_test")
	for _, id := range words {
		if _, err := scaffold.Write(dir, scaffold.Request{ID: id, Product: "intune", Kind: "setting"}); err != nil {
			t.Fatal(err)
		}
	}
	cat := load(t, dir)
	for _, kind := range scaffold.Kinds() {
		control, ok := cat.Control("Contoso." + kind)
		if !ok || string(control.Kind) != kind || control.Package != "policies.entra_id.contoso_"+kind {
			t.Errorf("control of kind %s is %+v", kind, control)
		}
	}
	if problems := catalog.Check(cat); problems != nil {
		for _, d := range problems.Diagnostics {
			if strings.HasPrefix(d.Subject.Filename, dir) {
				t.Error(d)
			}
		}
	}
	report, err := cat.Test(t.Context(), catalog.TestOptions{}, dir)
	if err != nil {
		t.Fatal(err)
	}
	if want := 6 + 5 + 3 + 3*len(words); len(report.Tests) != want {
		t.Errorf("%d tests ran, want %d", len(report.Tests), want)
	}
	for _, test := range report.Tests {
		if !test.Pass {
			t.Errorf("%s.%s fails: %s", test.Package, test.Name, test.Error)
		}
	}
}

func TestWriteIsFormatted(t *testing.T) {
	for _, kind := range scaffold.Kinds() {
		paths, err := scaffold.Write(t.TempDir(), scaffold.Request{ID: "AdminMFAV2", Product: "entra_id", Kind: kind})
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			want := hclwrite.Format(text)
			if filepath.Ext(path) == ".rego" {
				if want, err = format.Source(path, text); err != nil {
					t.Fatal(err)
				}
			}
			if !bytes.Equal(text, want) {
				t.Errorf("%s of kind %s is not formatted:\n%s", filepath.Base(path), kind, cmp.Diff(string(want), string(text)))
			}
			for i, line := range strings.Split(string(text), "\n") {
				if len(line) > 140 {
					t.Errorf("%s:%d has %d characters", filepath.Base(path), i+1, len(line))
				}
			}
		}
	}
}

func TestWriteNames(t *testing.T) {
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
		paths, err := scaffold.Write(dir, scaffold.Request{ID: id, Product: "entra_id", Kind: "setting"})
		if err != nil {
			t.Errorf("%s: %v", id, err)
			continue
		}
		at := filepath.Join(dir, "entra_id", want)
		if diff := cmp.Diff([]string{at + ".hcl", at + ".rego", at + "_test.rego"}, paths); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	tests := map[string]struct {
		request scaffold.Request
		want    string
	}{
		"no id":             {scaffold.Request{Product: "p", Kind: "setting"}, `the id "" is not`},
		"path as id":        {scaffold.Request{ID: "../x", Product: "p", Kind: "setting"}, `the id "../x" is not`},
		"line in id":        {scaffold.Request{ID: "a\n", Product: "p", Kind: "setting"}, `the id "a\n" is not`},
		"digit first":       {scaffold.Request{ID: "2fa", Product: "p", Kind: "setting"}, `start with a letter`},
		"long id":           {scaffold.Request{ID: strings.Repeat("a", 101), Product: "p", Kind: "setting"}, `1 to 100`},
		"path as product":   {scaffold.Request{ID: "A", Product: "..", Kind: "setting"}, `the product ".." is not`},
		"capitals":          {scaffold.Request{ID: "A", Product: "Entra", Kind: "setting"}, `the product "Entra" is not`},
		"shared folder":     {scaffold.Request{ID: "A", Product: "lib", Kind: "setting"}, `shared rules`},
		"undeclared":        {scaffold.Request{ID: "A", Product: "payroll", Kind: "setting", Products: []string{"entra_id", "intune"}}, `product "payroll" { title = "..." }`},
		"undeclared, known": {scaffold.Request{ID: "A", Product: "payroll", Kind: "setting", Products: []string{"entra_id", "intune"}}, `one of entra_id, intune;`},
		"kind":              {scaffold.Request{ID: "A", Product: "p", Kind: "attested"}, `the kind "attested" is not one of coverage, setting, graded`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			paths, err := scaffold.Write(dir, test.request)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v, want one with %q", err, test.want)
			}
			if entries, _ := os.ReadDir(dir); len(paths)+len(entries) > 0 {
				t.Errorf("wrote %v, %v", paths, entries)
			}
		})
	}
}

func TestWriteNeverOverwrites(t *testing.T) {
	for _, ending := range []string{".hcl", ".rego", "_test.rego"} {
		dir := t.TempDir()
		there := filepath.Join(dir, "entra_id", "own"+ending)
		if err := os.MkdirAll(filepath.Dir(there), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(there, []byte("mine"), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := scaffold.Write(dir, scaffold.Request{ID: "Own", Product: "entra_id", Kind: "graded"})
		if err == nil || !strings.HasPrefix(err.Error(), there+" is there already") {
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
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := scaffold.Write(file, scaffold.Request{ID: "Own", Product: "entra_id", Kind: "graded"}); err == nil || !strings.HasPrefix(err.Error(), "writing control: ") {
		t.Errorf("error is %v", err)
	}
}
