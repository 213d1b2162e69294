package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/load"
)

// Invariant: two assessments tell by themselves which of catalog, rule, parameters, decisions and time differ between them, though
// neither the files nor the evidence are there any more.

// Parameters are those that an organization overrides. What each of them is, the actions say.
type Parameters struct {
	File   string `json:"file"`   // its name, without the folder
	Digest string `json:"digest"` // of the values that differ from those of the controls, however they are written
	Base   string `json:"base"`   // digest of the catalog without them
}

// Register is what the organization decided, as it was applied.
type Register struct {
	Digest    string `json:"digest"` // of all decisions, however they are written
	Decisions int    `json:"decisions"`
}

// Basis is what the digest of a control is made of, as far as it tells why the outcome of its action is another one.
type Basis struct {
	Rule       string         `json:"rule,omitempty"`       // of the digest of its Rego, the first 16 digits; see [catalog.Catalog.RuleDigest]
	Timed      bool           `json:"timed,omitempty"`      // its verdict may depend on the time of the assessment; see [catalog.Catalog.Timed]
	Population string         `json:"population,omitempty"` // of coverage controls: the dataset with their records
	Parameters map[string]any `json:"parameters,omitempty"` // in effect, those that differ from the control's own: as the organization or its evidence sets them
}

// ruleDigits is how many digits of a rule's digest an action has: enough to tell rules apart, for hundreds of actions.
const ruleDigits = 16

// basisOf returns what a verdict on a control rests on.
func basisOf(loaded *load.Evidence, control *catalog.Control) Basis {
	cat := loaded.Rules.Catalog
	b := Basis{Timed: cat.Timed(control)}
	if digest := strings.TrimPrefix(cat.RuleDigest(control), "sha256:"); digest != "" {
		b.Rule = digest[:ruleDigits]
	}
	if control.Coverage != nil {
		b.Population = control.Coverage.Dataset
	}
	if own := cat.Own(control); own != control || loaded.AddsParameters(control) {
		if differ := catalog.Differing(own.ParameterValues(), loaded.ParameterValues(control)); len(differ) > 0 {
			b.Parameters = differ
		}
	}
	return b
}

// parametersOf returns the overrides of a catalog.
func parametersOf(cat *catalog.Catalog) *Parameters {
	o := cat.Overrides()
	if o == nil {
		return nil
	}
	return &Parameters{File: o.File, Digest: o.Digest, Base: o.Base}
}

// registerOf returns a digest of decisions: of their JSON, with the actions in order and times in UTC.
func registerOf(decisions map[string]Decision) *Register {
	if len(decisions) == 0 {
		return nil
	}
	canonical := make(map[string]Decision, len(decisions))
	for id, d := range decisions {
		d.Due, d.Expires, d.ChangedAt = inUTC(d.Due), inUTC(d.Expires), inUTC(d.ChangedAt)
		d.Notes = append([]Note(nil), d.Notes...)
		for i := range d.Notes {
			d.Notes[i].Time = d.Notes[i].Time.UTC()
		}
		d.Exclude = append([]Exclusion(nil), d.Exclude...)
		for i := range d.Exclude {
			d.Exclude[i].Expires = inUTC(d.Exclude[i].Expires)
		}
		canonical[id] = d
	}
	text, _ := json.Marshal(canonical) // times are in years that JSON can hold, as the assessment itself has them
	sum := sha256.Sum256(text)
	return &Register{Digest: "sha256:" + hex.EncodeToString(sum[:]), Decisions: len(decisions)}
}

func inUTC(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	utc := t.UTC()
	return &utc
}
