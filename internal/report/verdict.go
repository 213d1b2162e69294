package report

import (
	"cmp"
	"crypto/sha1" //nolint:gosec // RFC 9562 wants it for UUIDs of version 5, which are names and no protection
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
)

// verdict is what formats of other programs say of an action, which know fewer words than we do.
type verdict string

// The verdicts. Missing evidence and a rule that failed are never met.
const (
	met        verdict = "met"            // the evidence shows it
	open       verdict = "open"           // the evidence shows that something is left to do
	accepted   verdict = "accepted"       // something is left, and the organization accepted that or solved it in another way
	unknown    verdict = "no evidence"    // the evidence was not enough
	broken     verdict = "error"          // the rule failed
	outOfScope verdict = "not applicable" // it does not apply, or is a preview
)

func verdictOf(a *engine.Action) verdict {
	switch {
	case !a.Counts():
		return outOfScope
	case decided(*a):
		return accepted
	case a.Outcome == engine.Complete:
		return met
	case a.Outcome == engine.NoEvidence:
		return unknown
	case a.Outcome == engine.Errored:
		return broken
	}
	return open
}

// assessed is the page of an assessment, for formats that are written from nothing else.
type assessed interface{ assessed() Assessment }

func (page Assessment) assessed() Assessment { return page }

// summaryOf returns what is to be said of an action in one paragraph: its outcome, points and reasons.
func summaryOf(a *engine.Action) string {
	text := earned(*a)
	if decided(*a) {
		text = decision(*a)
	}
	for _, reason := range a.Reasons[:min(len(a.Reasons), maxReasons)] {
		text += "; " + clip(clean(reason), maxText)
	}
	if more := len(a.Reasons) - maxReasons; more > 0 {
		text += "; and " + plural(more, "more reason")
	}
	if len(a.Missing) > 0 {
		text += "; lacking " + clip(clean(strings.Join(a.Missing, ", ")), maxText)
	}
	return text
}

// failingText names the first failing records of an action.
func failingText(a *engine.Action, most int) string {
	if a.Failing == nil || a.Failing.Total == 0 {
		return ""
	}
	var list []string
	for _, r := range a.Failing.Shown[:min(len(a.Failing.Shown), most)] {
		list = append(list, named(r))
	}
	text := strings.Join(list, ", ")
	if rest := a.Failing.Total - int64(len(list)); rest > 0 {
		text += more(rest)
	}
	return strings.TrimSpace(text)
}

// control returns what the catalog says of an action, or nil.
func (page Assessment) control(id string) *catalog.Control {
	if page.Controls == nil {
		return nil
	}
	control, ok := page.Controls.Control(id)
	if !ok {
		return nil
	}
	return control
}

// position returns where the control of an action is declared, if the catalog is there.
func (page Assessment) position(id string) place {
	control := page.control(id)
	if control == nil {
		return place{}
	}
	at := control.Position()
	return place{file: at.File, line: at.Line, column: at.Column}
}

// tenantName returns what a page calls the tenant: its name, or else its id.
func (page Assessment) tenantName() string {
	return clip(clean(cmp.Or(page.Tenant.Name, page.Tenant.ID, "unnamed tenant")), maxText)
}

// fingerprint returns the name of a finding that stays the same from run to run: 32 hexadecimal digits of what it is about.
func fingerprint(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// namespace is that of our UUIDs: the name https://github.com/posture-score/posture in the namespace of URLs (RFC 9562, 6.6).
func namespace() [16]byte {
	urls := [16]byte{0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8}
	return uuid5(urls, "https://github.com/posture-score/posture")
}

// uuid5 returns the UUID of version 5 of a name in a namespace (RFC 9562, 5.5).
func uuid5(space [16]byte, name string) (id [16]byte) {
	sum := sha1.Sum(append(space[:], name...)) //nolint:gosec // see the import
	copy(id[:], sum[:])
	id[6] = id[6]&0x0f | 0x50
	id[8] = id[8]&0x3f | 0x80
	return id
}

// uuidOf returns the UUID of what some words name: the same words give the same UUID.
func uuidOf(words ...string) string {
	id := uuid5(namespace(), strings.Join(words, "\x00"))
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[0:4], id[4:6], id[6:8], id[8:10], id[10:])
}
