package highlight_test

import (
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/page/highlight"
)

// marked writes tokens with their classes: <name:points>.
func marked(tokens []highlight.Token) string {
	var text strings.Builder
	for _, token := range tokens {
		if token.Class == highlight.Plain {
			text.WriteString(token.Text)
		} else {
			text.WriteString("<" + string(token.Class) + ":" + token.Text + ">")
		}
	}
	return text.String()
}

func TestTokens(t *testing.T) {
	for name, test := range map[string]struct {
		language   highlight.Language
		text, want string
	}{
		"a block":          {highlight.HCL, "control \"A\" {\n  points = 10 # ten\n}", "<keyword:control> <string:\"A\"> {\n  <name:points> = <number:10> <comment:# ten>\n}"},
		"a block in one":   {highlight.HCL, `prerequisite { license = "x" }`, `<keyword:prerequisite> { <name:license> = <string:"x"> }`},
		"a heredoc":        {highlight.HCL, "a = <<-EOT\n  b = \"\n  EOT\nc = true", "<name:a> = <string:<<-EOT\n  b = \"\n  EOT>\n<name:c> = <constant:true>"},
		"an open heredoc":  {highlight.HCL, "a = <<EOT\nb", "<name:a> = <string:<<EOT\nb>"},
		"a shift":          {highlight.HCL, "<< 1", "<string:<<> <number:1>"},
		"comments":         {highlight.HCL, "// a\n/* b\nc */ d", "<comment:// a>\n<comment:/* b\nc */> d"},
		"quotes in quotes": {highlight.HCL, `a = "b\"c" `, `<name:a> = <string:"b\"c"> `},
		"an open quote":    {highlight.HCL, "a = \"b\nc", "<name:a> = <string:\"b>\nc"},
		"a comparison":     {highlight.HCL, "a == b", "a == b"},
		"a package":        {highlight.Rego, "package policies.entra\n", "<keyword:package> policies.entra\n"},
		"a rule": {
			highlight.Rego, "compliant if {\n\tsome x in input.a\n\tcount(x) >= 2.5\n\tnot f(`a\"`)\n}",
			"<name:compliant> <keyword:if> {\n\t<keyword:some> x <keyword:in> input.a\n\t<name:count>(x) >= <number:2.5>\n\t<keyword:not> <name:f>(<string:`a\"`>)\n}",
		},
		"what is not ASCII": {highlight.Rego, "# é\nü := \"ß\"", "<comment:# é>\nü := <string:\"ß\">"},
	} {
		t.Run(name, func(t *testing.T) {
			expect.Equal(t, test.want, marked(highlight.Tokens(test.language, test.text)))
		})
	}
}

// FuzzTokens holds that tokens make their text again, and that neighbors differ.
func FuzzTokens(f *testing.F) {
	f.Add("control \"A\" { a = <<EOT\nx\nEOT\n}")
	f.Add("package a\nb if `c` == \"d\\\"\" # é")
	f.Fuzz(func(t *testing.T, text string) {
		for _, language := range []highlight.Language{highlight.HCL, highlight.Rego} {
			var again strings.Builder
			last := highlight.Class("none")
			for _, token := range highlight.Tokens(language, text) {
				if token.Class == last || token.Text == "" {
					t.Errorf("%q is apart from the token before it, or empty", token.Text)
				}
				last = token.Class
				again.WriteString(token.Text)
			}
			if again.String() != text {
				t.Errorf("got %q, want %q", again.String(), text)
			}
		}
	})
}
