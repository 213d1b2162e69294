package report

import (
	"io"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/gate"
)

// An event of OCSF, version 1.3: a Compliance Finding, class 2003 (https://schema.ocsf.io/1.3.0/classes/compliance_finding).
type (
	complianceFinding struct {
		ActivityID  int              `json:"activity_id"`
		Activity    string           `json:"activity_name"`
		CategoryUID int              `json:"category_uid"`
		Category    string           `json:"category_name"`
		ClassUID    int              `json:"class_uid"`
		Class       string           `json:"class_name"`
		TypeUID     int              `json:"type_uid"`
		Type        string           `json:"type_name"`
		SeverityID  int              `json:"severity_id"`
		Severity    string           `json:"severity"`
		StatusID    int              `json:"status_id"`
		Status      string           `json:"status"`
		Time        int64            `json:"time"` // milliseconds since 1970
		Message     string           `json:"message"`
		Metadata    ocsfMetadata     `json:"metadata"`
		Info        ocsfInfo         `json:"finding_info"`
		Compliance  ocsfCompliance   `json:"compliance"`
		Resources   []ocsfResource   `json:"resources,omitempty"`
		Remediation *ocsfRemediation `json:"remediation,omitempty"`
		Unmapped    any              `json:"unmapped"` // ocsfUnmapped or ocsfGate
	}
	ocsfMetadata struct {
		Version   string      `json:"version"`
		UID       string      `json:"uid"`
		TenantUID string      `json:"tenant_uid,omitempty"`
		Product   ocsfProduct `json:"product"`
	}
	ocsfProduct struct {
		Name    string `json:"name"`
		Vendor  string `json:"vendor_name"`
		Version string `json:"version"`
	}
	ocsfInfo struct {
		UID   string   `json:"uid"`
		Title string   `json:"title"`
		Desc  string   `json:"desc,omitempty"`
		Types []string `json:"types"`
	}
	ocsfCompliance struct {
		Standards    []string `json:"standards"`
		Requirements []string `json:"requirements,omitempty"`
		Control      string   `json:"control"`
		StatusID     int      `json:"status_id"`
		Status       string   `json:"status"`
		Detail       string   `json:"status_detail"`
	}
	ocsfResource struct {
		UID  string `json:"uid"`
		Name string `json:"name,omitempty"`
		Type string `json:"type,omitempty"`
	}
	ocsfRemediation struct {
		Desc       string   `json:"desc"`
		References []string `json:"references,omitempty"`
	}
	// ocsfGate is what OCSF has no place for of a gate.
	ocsfGate struct {
		Result   gate.Result `json:"gate_result"`
		Enforced bool        `json:"gate_enforced"`
		Actions  []string    `json:"gate_actions"`
	}
	// ocsfUnmapped is what OCSF has no place for of an action.
	ocsfUnmapped struct {
		Outcome  engine.Outcome `json:"outcome"`
		Decision engine.Status  `json:"decision"`
		Achieved engine.Points  `json:"points_achieved"`
		Max      engine.Points  `json:"points_max"`
		Failing  int64          `json:"failing_records"`
		Named    int            `json:"failing_records_named"` // in the events that follow
	}
)

// writeOCSF writes an event for each gate, then one for each action, and after it one for each failing record that the assessment names. It holds one event at a
// time.
func writeOCSF(w io.Writer, page assessed, _ Style) error {
	p := page.assessed()
	subjects := map[string]string{}
	for _, d := range p.Evidence.Datasets {
		subjects[d.Name] = d.Subject
	}
	return jsonLines(w, func(line func(any) error) error {
		for _, v := range p.Gates {
			if err := line(p.gateFinding(v)); err != nil {
				return err
			}
		}
		for i := range p.Actions {
			action := &p.Actions[i]
			event := p.finding(action)
			if err := line(event); err != nil || action.Failing == nil {
				if err != nil {
					return err
				}
				continue
			}
			for _, r := range action.Failing.Shown {
				record := event
				record.Info.Desc, record.Remediation = "", nil // the event of the action has them
				record.Metadata.UID = uuidOf("ocsf", p.Tenant.ID, p.Evidence.Digest, p.EvaluatedAt.UTC().String(), action.ID, r.Key)
				record.Info.UID = uuidOf("finding", p.Tenant.ID, action.ID, r.Key)
				record.Message = clean(action.Title) + ": " + named(r) + " does not comply"
				record.Compliance.StatusID, record.Compliance.Status = 3, "Fail"
				record.Resources = []ocsfResource{{UID: r.Key, Name: r.Label, Type: subjects[action.Population]}}
				if err := line(record); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// event returns an event about something that is assessed, without a verdict; of are the words that it is known by.
func (page Assessment) event(title, message string, of ...string) complianceFinding {
	run := append([]string{"ocsf", page.Tenant.ID, page.Evidence.Digest, page.EvaluatedAt.UTC().String()}, of...)
	return complianceFinding{
		ActivityID: 1, Activity: "Create", CategoryUID: 2, Category: "Findings", ClassUID: 2003, Class: "Compliance Finding",
		TypeUID: 200301, Type: "Compliance Finding: Create", StatusID: 1, Status: "New", Time: page.EvaluatedAt.UnixMilli(), Message: message,
		Metadata: ocsfMetadata{
			Version: "1.3.0", UID: uuidOf(run...), TenantUID: page.Tenant.ID,
			Product: ocsfProduct{"posture", "posture", page.Engine.Version},
		},
		Info: ocsfInfo{UID: uuidOf(append([]string{"finding", page.Tenant.ID}, of...)...), Title: title},
	}
}

// finding returns the event of an action as a whole.
func (page Assessment) finding(a *engine.Action) complianceFinding {
	e := page.event(a.Title, clean(a.Title)+": "+summaryOf(a), a.ID)
	e.Info.Types = []string{a.Category}
	e.Compliance = ocsfCompliance{Standards: []string{"Secure Score"}, Requirements: references(a.Frameworks), Control: a.ID, Detail: summaryOf(a)}
	e.Compliance.Standards = append(e.Compliance.Standards, sortedKeys(a.Frameworks)...)
	rest := ocsfUnmapped{Outcome: a.Outcome, Decision: a.Status, Achieved: a.Points.Achieved, Max: a.Points.Max}
	if a.Failing != nil {
		rest.Failing, rest.Named = a.Failing.Total, len(a.Failing.Shown)
	}
	e.Unmapped = rest
	e.judge(verdictOf(a), a.Tier)
	if a.Status.Resolves() && verdictOf(a) == accepted {
		e.Compliance.StatusID, e.Compliance.Status = 99, portalStatus(a)
	}
	if control := page.control(a.ID); control != nil {
		e.Info.Desc = control.Description
		e.Remediation = remediation(control)
	}
	return e
}

// gateFinding returns the event of a gate. One that failed is as severe as the most severe action.
func (page Assessment) gateFinding(v gate.Verdict) complianceFinding {
	e := page.event(gateName(v), gateText(v), gateName(v))
	e.Info.Types = []string{gateSuite}
	e.Compliance = ocsfCompliance{Standards: []string{"posture gates"}, Control: gateName(v), Detail: clean(v.Message)}
	rest := ocsfGate{Result: v.Result, Enforced: v.Enforced, Actions: []string{}}
	for _, a := range v.Actions {
		rest.Actions = append(rest.Actions, a.ID)
	}
	e.Unmapped = rest
	e.judge(gateVerdict(v), "core")
	return e
}

// judge sets status and severity. A warning is, in OCSF's words, a check that "did not yield a result due to missing information"; what fails
// and was accepted is a failure whose finding is suppressed.
func (e *complianceFinding) judge(v verdict, tier string) {
	e.SeverityID, e.Severity = 1, "Informational"
	c := &e.Compliance
	switch v {
	case met:
		c.StatusID, c.Status = 1, "Pass"
		e.StatusID, e.Status = 4, "Resolved"
	case accepted:
		c.StatusID, c.Status = 3, "Fail"
		e.StatusID, e.Status = 3, "Suppressed"
	case open:
		c.StatusID, c.Status = 3, "Fail"
		switch tier {
		case "core":
			e.SeverityID, e.Severity = 4, "High"
		case "defense_in_depth":
			e.SeverityID, e.Severity = 3, "Medium"
		default:
			e.SeverityID, e.Severity = 2, "Low"
		}
	case unknown:
		c.StatusID, c.Status = 2, "Warning"
		e.SeverityID, e.Severity = 0, "Unknown"
	case broken:
		c.StatusID, c.Status = 0, "Unknown"
		e.SeverityID, e.Severity = 0, "Unknown"
	default:
		c.StatusID, c.Status = 99, "Not applicable"
		e.StatusID, e.Status = 4, "Resolved"
	}
}

// remediation returns how to implement a control, or nil.
func remediation(control *catalog.Control) *ocsfRemediation {
	steps := control.Implementation.Steps
	if len(steps) == 0 {
		return nil
	}
	r := &ocsfRemediation{Desc: strings.Join(steps, "\n")}
	for _, link := range control.Implementation.LearnMore {
		r.References = append(r.References, link.URL)
	}
	slices.Sort(r.References)
	return r
}
