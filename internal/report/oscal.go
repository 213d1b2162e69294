package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/gate"
)

// The assessment results of OSCAL 1.1.2, as far as they are written here (NIST, "OSCAL Assessment Results Model v1.1.2").
type (
	oscalDocument struct {
		Results oscalAssessment `json:"assessment-results"`
	}
	oscalAssessment struct {
		UUID     string          `json:"uuid"`
		Metadata oscalMetadata   `json:"metadata"`
		Import   oscalImport     `json:"import-ap"`
		Results  []oscalResult   `json:"results"`
		Back     oscalBackMatter `json:"back-matter"`
	}
	oscalMetadata struct {
		Title    string `json:"title"`
		Modified string `json:"last-modified"`
		Version  string `json:"version"`
		OSCAL    string `json:"oscal-version"`
	}
	oscalImport struct {
		Href string `json:"href"`
	}
	oscalResult struct {
		UUID         string             `json:"uuid"`
		Title        string             `json:"title"`
		Description  string             `json:"description"`
		Start        string             `json:"start"`
		End          string             `json:"end"`
		Props        []oscalProp        `json:"props"`
		Reviewed     oscalReviewed      `json:"reviewed-controls"`
		Observations []oscalObservation `json:"observations,omitempty"`
		Findings     []oscalFinding     `json:"findings,omitempty"`
	}
	oscalProp struct {
		Name  string `json:"name"`
		NS    string `json:"ns"`
		Value string `json:"value"`
	}
	oscalReviewed struct {
		Selections []oscalSelection `json:"control-selections"`
	}
	oscalSelection struct {
		Controls []oscalControl `json:"include-controls,omitempty"`
		All      *struct{}      `json:"include-all,omitempty"`
	}
	oscalControl struct {
		ID string `json:"control-id"`
	}
	oscalObservation struct {
		UUID        string      `json:"uuid"`
		Title       string      `json:"title"`
		Description string      `json:"description"`
		Props       []oscalProp `json:"props"`
		Methods     []string    `json:"methods"`
		Collected   string      `json:"collected"`
		Remarks     string      `json:"remarks,omitempty"`
	}
	oscalFinding struct {
		UUID        string      `json:"uuid"`
		Title       string      `json:"title"`
		Description string      `json:"description"`
		Props       []oscalProp `json:"props,omitempty"`
		Target      oscalTarget `json:"target"`
		Related     []oscalRef  `json:"related-observations"`
	}
	oscalTarget struct {
		Type   string      `json:"type"`
		ID     string      `json:"target-id"`
		Status oscalStatus `json:"status"`
	}
	oscalStatus struct {
		State   string `json:"state"`  // satisfied or not-satisfied
		Reason  string `json:"reason"` // pass, fail or other
		Remarks string `json:"remarks,omitempty"`
	}
	oscalRef struct {
		UUID string `json:"observation-uuid"`
	}
	oscalBackMatter struct {
		Resources []oscalResource `json:"resources"`
	}
	oscalResource struct {
		UUID        string `json:"uuid"`
		Title       string `json:"title"`
		Description string `json:"description"`
	}
)

// oscalNamespace is that of our properties.
const oscalNamespace = "https://github.com/posture-score/posture/ns/oscal"

// maxSubjects is how many failing records an observation names.
const maxSubjects = 100

// writeOSCAL writes an assessment as assessment results of OSCAL, with an observation and a finding for each gate and each action that applies. UUIDs
// are those of names (version 5): the same assessment has the same ones. There is no plan of the assessment, which OSCAL asks for; a
// resource stands in for it and says so.
func writeOSCAL(w io.Writer, page assessed, _ Style) error {
	p := page.assessed()
	run := []string{p.Tenant.ID, p.Evidence.Digest, p.Catalog.Digest, p.EvaluatedAt.UTC().String()}
	if p.Register != nil {
		run = append(run, p.Register.Digest)
	}
	id := func(what ...string) string { return uuidOf(append(what, run...)...) }
	plan := id("plan")
	r := oscalResult{
		UUID: id("result"), Title: "Secure Score of " + p.tenantName(), Start: oscalTime(p.Evidence.CollectedAt), End: oscalTime(p.EvaluatedAt),
		Description: fmt.Sprintf("%.2f%%: %s of %s points.", p.Score.Percent.Float(), p.Score.Achieved, p.Score.Total),
		Props: []oscalProp{
			oscalProperty("percent", hundredths(p.Score.Percent)), oscalProperty("points-achieved", p.Score.Achieved.String()), oscalProperty("points-total", p.Score.Total.String()),
		},
		Reviewed: oscalReviewed{[]oscalSelection{{}}},
	}
	for _, v := range p.Gates {
		observation := p.gateObservation(id("observation", gateName(v)), v)
		r.Observations = append(r.Observations, observation)
		r.Findings = append(r.Findings, gateFinding(id("finding", gateName(v)), observation.UUID, v))
	}
	selection := &r.Reviewed.Selections[0]
	for i := range p.Actions {
		a := &p.Actions[i]
		if verdictOf(a) == outOfScope {
			continue
		}
		observation := p.observation(id("observation", a.ID), a)
		r.Observations = append(r.Observations, observation)
		r.Findings = append(r.Findings, p.oscalFinding(id("finding", a.ID), observation.UUID, a))
		selection.Controls = append(selection.Controls, oscalControl{oscalToken(a.ID)})
	}
	if len(selection.Controls) == 0 {
		selection.All = &struct{}{}
	}
	return encode(w, oscalDocument{oscalAssessment{
		UUID: id("document"), Import: oscalImport{"#" + plan}, Results: []oscalResult{r},
		Metadata: oscalMetadata{"Secure Score of " + p.tenantName(), oscalTime(p.EvaluatedAt), oscalVersion(p.Catalog.Version), "1.1.2"},
		Back:     oscalBackMatter{[]oscalResource{{plan, "No assessment plan", "The assessment followed the catalog " + oscalVersion(p.Catalog.Version) + " (" + p.Catalog.Digest + ")."}}},
	}})
}

func (page Assessment) observation(id string, a *engine.Action) oscalObservation {
	o := oscalObservation{
		UUID: id, Title: clean(a.Title), Description: summaryOf(a) + ".", Methods: []string{"TEST"}, Collected: oscalTime(page.Evidence.CollectedAt),
		Props: []oscalProp{oscalProperty("outcome", string(a.Outcome))},
	}
	if a.Failing == nil {
		return o
	}
	shown := a.Failing.Shown[:min(len(a.Failing.Shown), maxSubjects)]
	for _, r := range shown {
		if key := oscalText(r.String()); key != "" {
			o.Props = append(o.Props, oscalProperty("failing-record", key))
		}
	}
	if rest := a.Failing.Total - int64(len(shown)); rest > 0 {
		o.Remarks = fmt.Sprintf("%d more records do not comply.", rest)
	}
	return o
}

func (page Assessment) oscalFinding(id, observation string, a *engine.Action) oscalFinding {
	f := oscalFinding{
		UUID: id, Title: clean(a.Title), Description: summaryOf(a) + ".", Related: []oscalRef{{observation}},
		Props: []oscalProp{
			oscalProperty("status", string(a.Status)), oscalProperty("points-achieved", a.Points.Achieved.String()), oscalProperty("points-max", a.Points.Max.String()),
		},
		Target: oscalTarget{Type: "objective-id", ID: oscalToken(a.ID), Status: oscalStatus{State: "not-satisfied", Reason: "fail"}},
	}
	switch v := verdictOf(a); {
	case v == met, v == accepted && a.Status.Resolves():
		f.Target.Status = oscalStatus{State: "satisfied", Reason: "pass"}
	case v == unknown, v == broken:
		f.Target.Status.Reason = "other"
		f.Target.Status.Remarks = "It could not be assessed: " + string(v) + "."
	}
	if decided(*a) {
		f.Target.Status.Remarks = decision(*a) + "."
	}
	return f
}

// gateObservation returns what was seen of a gate. Actions that it is about are named as far as records of an action would be.
func (page Assessment) gateObservation(id string, v gate.Verdict) oscalObservation {
	o := oscalObservation{
		UUID: id, Title: clean(gateName(v)), Description: gateText(v) + ".", Methods: []string{"TEST"}, Collected: oscalTime(page.Evidence.CollectedAt),
		Props: []oscalProp{oscalProperty("gate-result", string(v.Result)), oscalProperty("gate-enforced", strconv.FormatBool(v.Enforced))},
	}
	for _, a := range v.Actions[:min(len(v.Actions), maxSubjects)] {
		o.Props = append(o.Props, oscalProperty("gate-action", a.ID))
	}
	if rest := len(v.Actions) - maxSubjects; rest > 0 {
		o.Remarks = fmt.Sprintf("It is about %d more actions.", rest)
	}
	return o
}

// gateFinding returns the finding about a gate. A warning is satisfied, and says so.
func gateFinding(id, observation string, v gate.Verdict) oscalFinding {
	f := oscalFinding{
		UUID: id, Title: clean(gateName(v)), Description: gateText(v) + ".", Related: []oscalRef{{observation}},
		Target: oscalTarget{Type: "objective-id", ID: oscalToken(gateName(v)), Status: oscalStatus{State: "not-satisfied", Reason: "fail"}},
	}
	switch gateVerdict(v) {
	case met:
		f.Target.Status = oscalStatus{State: "satisfied", Reason: "pass"}
	case accepted:
		f.Target.Status = oscalStatus{State: "satisfied", Reason: "other", Remarks: "It is a warning only."}
	case unknown:
		f.Target.Status.Reason, f.Target.Status.Remarks = "other", "It could not be judged, which fails it."
	}
	return f
}

func oscalProperty(name, value string) oscalProp {
	if value = oscalText(value); value == "" {
		value = "unknown"
	}
	return oscalProp{name, oscalNamespace, value}
}

// oscalText returns a text without white space at its ends, as OSCAL wants strings.
func oscalText(text string) string { return strings.TrimFunc(clean(text), unicode.IsSpace) }

func oscalVersion(version string) string {
	if text := oscalText(version); text != "" {
		return text
	}
	return "unknown"
}

func oscalTime(at time.Time) string { return at.UTC().Format(time.RFC3339) }

// oscalToken returns an id as a token of OSCAL: a letter or _ first, then letters, digits, ".", "-" and "_".
func oscalToken(id string) string {
	token := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) || strings.ContainsRune(".-_", r) {
			return r
		}
		return '_'
	}, id)
	if token == "" || !unicode.IsLetter([]rune(token)[0]) {
		return "_" + token
	}
	return token
}
