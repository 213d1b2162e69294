package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/engine"
)

// TestPredicates holds that texts for which a rule's predicates are the same get the same verdict, for each kind of predicate: what is
// remembered by them is what topdown says.
func TestPredicates(t *testing.T) {
	t.Parallel()
	files := map[string]string{"catalog.hcl": "product \"test\" {\n  title = \"Test\"\n}\n"}
	for i, condition := range []string{
		`startswith(input.userPrincipalName, data.parameters.part)`, `endswith(lower(input.userPrincipalName), concat("", ["@", data.parameters.part, ".example"]))`,
		`contains(upper(input.userPrincipalName), "É")`, `input.userPrincipalName >= data.parameters.part`, `data.parameters.part >= input.userPrincipalName`,
		`input.userPrincipalName < "B"`, `lower(input.userPrincipalName) > data.parameters.part`, `input.userPrincipalName <= concat("m", ["", "", "z"])`,
		`regex.match(data.parameters.pattern, input.userPrincipalName)`, `regex.match(data.parameters.part, upper(input.userPrincipalName))`,
		`regex.match("(", input.userPrincipalName)`, `input.userPrincipalName > data.parameters.number`, `input.userPrincipalName < data.parameters.number`,
		`not startswith(input.userPrincipalName, concat("", [data.parameters.number]))`,
	} {
		name := fmt.Sprintf("c%02d", i)
		files["test/"+name+".hcl"] = fmt.Sprintf(`control %q {
%s
  coverage "entra.users" { when_empty = "full" }
  parameter "part" {
    type = string
    default = "mm"
    description = "a part"
  }
  parameter "pattern" {
    type = string
    default = "^[a-m]+[0-9]*@"
    description = "a pattern"
  }
  parameter "number" {
    type = any
    default = 5
    description = "a number"
  }
}
`, strings.ToUpper(name), facts)
		files["test/"+name+".rego"] = fmt.Sprintf("package policies.test.%s\n\ndefault compliant := false\n\ncompliant if %s\n", name, condition)
	}
	cat := loadFiles(t, files)
	texts := []any{"mm", "mm@mm.example", "MM@MM.example", "É@mm.example", "é\n\"x\"@mm.Example", "B", "", "5", nil, true, 5, list{"mm"}, object{"mm": 1}, "İ@MM.EXAMPLE", strings.Repeat("m", 300)}
	var all list
	for i := range 1_300 {
		text := any(fmt.Sprintf("%c%d@%s.example", "amzMZ"[i%5], i, []string{"mm", "Mm", "x"}[i%3]))
		if i%20 == 0 {
			text = texts[i/20%len(texts)]
		}
		all = append(all, object{"id": fmt.Sprint("u", i), "accountEnabled": true, "userType": "Member", "userPrincipalName": text})
	}
	b := bundle(t, data{"entra.users": all})
	want := assessed(t, cat, b, engine.Options{Interpreter: true})
	for _, options := range []engine.Options{{}, {Workers: 2}, {DisableMemo: true}} {
		if diff := cmp.Diff(want, assessed(t, cat, b, options)); diff != "" {
			t.Errorf("%+v: (-topdown +got):\n%s", options, diff)
		}
	}
}
