package check

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/posture-score/posture/internal/must"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write what tests expect anew")

const userSchema = `{
	"$schema": "https://json-schema.org/draft/2020-12/schema",
	"$id": "urn:posture:evidence:entra.users",
	"type": "object",
	"required": ["id"],
	"properties": {
		"id": {"type": "string", "format": "id"},
		"accountEnabled": {"type": ["boolean", "null"]},
		"userType": {"type": ["string", "null"], "enum": ["Member", "Guest", null]},
		"signIns": {"type": "integer"},
		"manager": {"$ref": "#/$defs/person"},
		"assignedLicenses": {"type": "array", "items": {"type": "object", "properties": {"skuId": {"type": "string"}}}},
		"methods": {"type": "array", "items": {"enum": ["fido2", "sms"]}},
		"labels": {"type": "object", "additionalProperties": {"type": "string", "enum": ["a", "b"]}},
		"registration": {
			"type": "object",
			"properties": {"isMfaRegistered": {"type": "boolean"}, "score": {"anyOf": [{"type": "number"}, {"const": "none"}]}},
			"additionalProperties": true
		},
		"roles": {"type": "array", "items": {"$ref": "#/$defs/role", "description": "An assignment."}}
	},
	"$defs": {
		"person": {
			"type": ["object", "null"],
			"properties": {"displayName": {"type": "string"}, "manager": {"$ref": "#/$defs/person"}}
		},
		"role": {"type": "object", "properties": {"state": {"type": "string", "enum": ["active", "eligible"]}}}
	}
}`

const policySchema = `{
	"type": "array",
	"items": {
		"type": "object",
		"properties": {
			"id": {"type": "string"},
			"state": {"type": "string", "enum": ["enabled", "disabled", "enabledForReportingButNotEnforced"]},
			"conditions": {"type": "object", "properties": {
				"users": {"type": ["object", "null"], "properties": {"includeUsers": {"type": "array", "items": {"type": "string"}}}}
			}}
		}
	}
}`

func schemaOf(t testing.TB, text string) map[string]any {
	t.Helper()
	var schema map[string]any
	must.Do(t, json.Unmarshal([]byte(text), &schema))
	return schema
}

func testShape(t testing.TB) *InputSchema {
	t.Helper()
	return &InputSchema{
		Input: schemaOf(t, userSchema),
		Evidence: map[string]map[string]any{
			"entra.conditional_access_policies": schemaOf(t, policySchema),
			"entra.security_defaults":           schemaOf(t, `{"type": "object", "properties": {"isEnabled": {"type": "boolean"}}}`),
		},
		Parameters: schemaOf(t, `{"type": "object", "properties": {"min_methods": {"type": "number"}, "field": {"type": "string"}, "any": {}}}`),
	}
}

func control(t testing.TB, body string) Module {
	t.Helper()
	return Module{
		Path: "entra/mfa.rego", Package: "policies.entra.mfa", Schema: testShape(t),
		Source: []byte("package policies.entra.mfa\n\n" + strings.TrimSpace(body) + "\n"),
	}
}

func lib(body string) Module {
	return Module{
		Path: "lib/roles.rego", Package: "policies.lib.roles",
		Source: []byte("package policies.lib.roles\n\n" + strings.TrimSpace(body) + "\n"),
	}
}

func texts(problems []Diagnostic) []string {
	var lines []string
	for _, p := range problems {
		lines = append(lines, p.String())
	}
	return lines
}

// TestProblems shows what is said of each kind of mistake in a control.
func TestProblems(t *testing.T) {
	const name = "testdata/problems.txtar"
	archive := must.Get(txtar.ParseFile(name))(t)
	shared := Module{Path: "lib/roles.rego", Package: "policies.lib.roles", Source: archive.Files[0].Data}
	for i := 1; i+1 < len(archive.Files); i += 2 {
		in, want := archive.Files[i], &archive.Files[i+1]
		t.Run(strings.TrimSuffix(in.Name, ".rego"), func(t *testing.T) {
			module := Module{Path: "entra/mfa.rego", Package: "policies.entra.mfa", Schema: testShape(t), Source: in.Data}
			_, problems := Compile(t.Context(), []Module{module, shared})
			got := ""
			for _, p := range problems {
				got += fmt.Sprintf("%d:%d-%d:%d: %s\n    %s\n", p.Row, p.Col, p.EndRow, p.EndCol, p.Summary, p.Detail)
				if p.Path != module.Path {
					t.Errorf("problem in %s", p.Path)
				}
			}
			if *update {
				want.Data = []byte(got)
			} else if diff := cmp.Diff(string(want.Data), got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
	if *update {
		must.Do(t, os.WriteFile(name, txtar.Format(archive), 0o644))
	}
}
