package register

import (
	"fmt"
	"maps"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/diag"
	"github.com/posture-score/posture/internal/hcledit"
	"github.com/posture-score/posture/internal/textlimit"
)

// Name is the file that is read where none is named.
const Name = "register.hcl"

// MaxBytes bounds the size of a register.
const MaxBytes = 4 << 20

// Register is the decisions of an organization. It is immutable and safe for concurrent use.
type Register struct {
	decisions map[string]engine.Decision
	lines     map[string]int // where the decisions stand, from 1
	version   string         // of the text
}

// Decisions returns what was decided, by id of the action. What it holds is shared: callers may change the map alone.
func (r *Register) Decisions() map[string]engine.Decision { return maps.Clone(r.decisions) }

// Line returns the line, from 1, in which what is registered about an action begins; 0 if nothing is registered.
func (r *Register) Line(id string) int { return r.lines[id] }

// Statuses returns the statuses that an organization may choose.
func Statuses() []string {
	return []string{
		string(engine.ToAddress), string(engine.Planned), string(engine.RiskAccepted),
		string(engine.ThirdParty), string(engine.AlternateMitigation),
	}
}

// Read reads the text of a register. The error is a [*diag.Problems] with all that is wrong.
func Read(filename string, src []byte) (*Register, error) {
	body, diags := parse(filename, src)
	d := decoder{diags: diags}
	r := &Register{decisions: map[string]engine.Decision{}, lines: map[string]int{}, version: Version(src)}
	if !diags.HasErrors() {
		d.register(body, r)
	}
	if problems := diag.New(d.diags, map[string]*hcl.File{filename: {Bytes: src}}); problems != nil {
		return nil, problems
	}
	return r, nil
}

// parse reads the grammar. Nothing that would have to be computed, or nests deeply, reaches the parser.
func parse(filename string, src []byte) (*hclsyntax.Body, hcl.Diagnostics) {
	if len(src) > MaxBytes {
		return nil, hcl.Diagnostics{problem(hcl.Range{Filename: filename, Start: hcl.InitialPos, End: hcl.InitialPos},
			"Too large", "A register has at most %d MiB: split what several tenants share into one register each.", MaxBytes>>20)}
	}
	if p := textlimit.HCLSize(src); p != nil {
		return nil, hcledit.Beyond(filename, p)
	}
	tokens, _ := hclsyntax.LexConfig(src, filename, hcl.InitialPos) // the parser reports the same again
	if diags := append(checkPlain(tokens), checkComments(tokens)...); diags != nil {
		return nil, diags
	}
	return hcledit.Bounded(filename, src)
}

// maxNesting is how deep braces and brackets may nest; a list in a block in an action is 3.
const maxNesting = 8

// checkPlain refuses what a register has no use for: expressions to be computed, numbers, and deep nesting. Each line is reported once.
func checkPlain(tokens hclsyntax.Tokens) hcl.Diagnostics {
	var diags hcl.Diagnostics
	depth, reported := 0, 0
	refuse := func(t hclsyntax.Token, summary, detail string) {
		if t.Range.Start.Line != reported {
			reported = t.Range.Start.Line
			diags = append(diags, problem(t.Range, summary, "%s", detail))
		}
	}
	for _, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack:
			if depth++; depth == maxNesting+1 {
				refuse(t, "Nested too deeply", "A register has actions, with lists and blocks in them, and nothing deeper.")
			}
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack:
			depth--
		case hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
			refuse(t, "Not plain text", "A register is read as it stands, nothing in it is computed: write $${ for the characters ${, and %%{ for %{.")
		default:
			if !isFlat(t.Type) {
				refuse(t, "Not plain text", "A register is read as it stands, nothing in it is computed: write values as text in double quotes.")
			}
		}
	}
	return diags
}

// isFlat reports whether the parser handles the token without going any deeper, be it by reporting it.
func isFlat(t hclsyntax.TokenType) bool {
	switch t {
	case hclsyntax.TokenOQuote, hclsyntax.TokenCQuote, hclsyntax.TokenQuotedLit, hclsyntax.TokenStringLit,
		hclsyntax.TokenOHeredoc, hclsyntax.TokenCHeredoc, hclsyntax.TokenIdent, hclsyntax.TokenEqual, hclsyntax.TokenComma,
		hclsyntax.TokenComment, hclsyntax.TokenNewline, hclsyntax.TokenEOF, hclsyntax.TokenTemplateSeqEnd,
		hclsyntax.TokenInvalid, hclsyntax.TokenBadUTF8, hclsyntax.TokenQuotedNewline, hclsyntax.TokenTabs,
		hclsyntax.TokenApostrophe, hclsyntax.TokenBacktick, hclsyntax.TokenSemicolon:
		return true
	default:
		return false
	}
}

func problem(at hcl.Range, summary, format string, args ...any) *hcl.Diagnostic {
	return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: fmt.Sprintf(format, args...), Subject: &at}
}
