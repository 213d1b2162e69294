package report_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/attest"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/internal/report"
	"github.com/posture-score/posture/schemas"
)

// TestAttestation holds the document about a verified result to its schema, and names what is shown of it.
func TestAttestation(t *testing.T) {
	compare := func(saved, again string) *attest.Comparison {
		return must.Get(attest.Compare([]byte(saved), []byte(again)))(t)
	}
	tests := map[string]struct {
		page     report.Attestation
		verified bool
		want     string
	}{
		"unsigned":   {report.Attestation{Comparison: compare("{}", "{}")}, true, "signature   none\n"},
		"signed":     {report.Attestation{Signed: true, KeyID: "SHA256:x", Comparison: compare("{}", "{}"), Extra: []string{"comparison"}}, true, "comparison is beside the assessment, and not verified"},
		"no key":     {report.Attestation{Signed: true, Comparison: compare("{}", "{}")}, true, "not checked: name the public key with --key"},
		"wrong key":  {report.Attestation{Signed: true, KeyID: "SHA256:x", Problem: "by another key"}, false, "signature   by another key\nnot verified\n"},
		"catalog":    {report.Attestation{Comparison: compare(`{"catalog":{"digest":"a"}}`, `{"catalog":{"digest":"b"}}`)}, false, `  - the catalog: "a" was used, and is "b" now`},
		"action":     {report.Attestation{OtherBuild: true, Comparison: compare(`{"actions":[{"id":"A","rank":1}]}`, `{"actions":[{"id":"A"}]}`)}, false, "  - A\n      rank: 1, and nothing when made again\n  - the program: another build"},
		"escapes":    {report.Attestation{Comparison: compare(`{"findings":["\u001b[31m"]}`, `{"findings":["x"]}`)}, false, "findings[0]: "},
		"of no list": {report.Attestation{Comparison: compare(`{"actions":1}`, `{}`)}, false, "not verified"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			expect.Equal(t, test.verified, test.page.Verified())
			var text, document bytes.Buffer
			must.Do(t, report.Write(&text, test.page, "table", report.Style{}))
			if !strings.Contains(text.String(), test.want) || strings.Contains(text.String(), "\x1b") {
				t.Errorf("the text is %q, want %q", text.String(), test.want)
			}
			must.Do(t, report.Write(&document, test.page, "json", report.Style{}))
			value := must.Get(records.Decode(document.Bytes(), records.DefaultLimits()))(t)
			must.Do(t, schemas.Mismatch("the document", schemas.Validate("verification", value)))
		})
	}
}
