package schemas

import (
	"path"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

func TestValidateDocuments(t *testing.T) {
	for _, test := range cases(t, "documents") {
		t.Run(test[0], func(t *testing.T) {
			text := section(t, path.Base(test[1])+".json")
			if !strings.Contains(text, test[2]) {
				t.Fatalf("%q is not in the document", test[2])
			}
			if test[2] != "" {
				text = strings.ReplaceAll(text, test[2], test[3])
			}
			expect.Equalf(t, test[4:], lines(Validate(test[1], decode(t, text))), "violations")
		})
	}
}

func TestText(t *testing.T) {
	for _, name := range []string{"manifest", "assessment", "benchmark", "trend", "owners", "decisions", "watch"} {
		raw := must.Get(Text(name))(t)
		if _, err := compile("urn:posture:"+name, raw); err != nil {
			t.Errorf("%s is not a valid schema of draft 2020-12: %v", name, err)
		}
	}
	for _, name := range []string{"", "x", "evidence", "evidence/entra/users", `..\x`, "manifest.json"} {
		if _, err := Text(name); err == nil {
			t.Errorf("Text(%q) found something", name)
		}
	}
}
