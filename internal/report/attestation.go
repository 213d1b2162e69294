package report

import (
	"fmt"

	"github.com/posture-score/posture/internal/attest"
)

// Attestation is the page of a result that was verified.
type Attestation struct {
	Signed     bool     // the result is in an envelope
	KeyID      string   // of the key that signed it; empty if no key was given
	Problem    string   // what is wrong with the signature; empty if nothing is, or if no key was given
	OtherBuild bool     // another build of the same version made the result
	Extra      []string // what is beside the assessment, and is not verified
	Comparison *attest.Comparison
}

// Verified reports whether nothing speaks against the result.
func (page Attestation) Verified() bool {
	return page.Problem == "" && page.Comparison != nil && page.Comparison.Same
}

func (page Attestation) document() any {
	signature := struct {
		Signed  bool   `json:"signed"`
		Checked bool   `json:"checked"`
		Key     string `json:"key,omitempty"`
		Problem string `json:"problem,omitempty"`
	}{page.Signed, page.KeyID != "", page.KeyID, page.Problem}
	return struct {
		SchemaVersion string             `json:"schema_version"`
		Verified      bool               `json:"verified"`
		Signature     any                `json:"signature"`
		OtherBuild    bool               `json:"other_build,omitempty"`
		NotVerified   []string           `json:"not_verified,omitempty"`
		Comparison    *attest.Comparison `json:"comparison,omitempty"`
	}{schemaVersion, page.Verified(), signature, page.OtherBuild, page.Extra, page.Comparison}
}

func (page Attestation) table(p *printer) {
	switch {
	case page.Problem != "":
		p.hang("signature   ", clean(page.Problem), plain)
	case page.KeyID != "":
		p.hang("signature   ", "by the key "+clean(page.KeyID), plain)
	case page.Signed:
		p.hang("signature   ", "not checked: name the public key with --key", plain)
	default:
		p.hang("signature   ", "none", plain)
	}
	if c := page.Comparison; c != nil {
		page.result(p, c)
	}
	if page.Verified() {
		p.printf("%s\n", p.bold("verified"))
	} else {
		p.printf("%s\n", p.bold("not verified"))
	}
}

func (page Attestation) result(p *printer, c *attest.Comparison) {
	if c.Same {
		p.hang("result      ", "the same, byte for byte, when it is made again", plain)
	} else {
		p.hang("result      ", "another one when it is made again", plain)
	}
	for _, d := range c.Made {
		p.hang("  - ", fmt.Sprintf("%s: %s was used, and is %s now", d.About, quoted(d.Saved), quoted(d.Again)), plain)
	}
	for _, d := range c.Rest {
		p.hang("  - ", fmt.Sprintf("%s: %s, and %s when made again", clean(d.Field), quoted(d.Saved), quoted(d.Again)), plain)
	}
	for _, action := range c.Actions {
		p.hang("  - ", clip(clean(action.ID), maxName), plain)
		for _, d := range action.Fields {
			p.hang("      ", fmt.Sprintf("%s: %s, and %s when made again", clean(d.Field), quoted(d.Saved), quoted(d.Again)), plain)
		}
		if more := action.Total - len(action.Fields); more > 0 {
			p.printf("      and %s\n", plural(more, "more field"))
		}
	}
	if more := c.Total - len(c.Actions); more > 0 {
		p.printf("  - and %s\n", plural(more, "more action"))
	}
	if page.OtherBuild && !c.Same {
		p.hang("  - ", "the program: another build of the same version made the result", plain)
	}
	for _, name := range page.Extra {
		p.hang("  - ", clip(clean(name), maxName)+" is beside the assessment, and not verified: it does not follow from the evidence", plain)
	}
}

func quoted(text string) string {
	if text == "" {
		return "nothing"
	}
	return clip(clean(text), maxText)
}
