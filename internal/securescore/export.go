package securescore

import (
	"cmp"
	"encoding/json"
	"fmt"
	"html"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/cohort"
	"github.com/posture-score/posture/internal/score"
)

// Export is an assessment in the form of the answers of Graph, for programs that read those.
type Export struct {
	Scores   ScoresPage
	Profiles ProfilesPage
}

// ScoresPage is an answer of secureScores.
type ScoresPage struct {
	Context string  `json:"@odata.context"`
	Value   []Score `json:"value"`
}

// ProfilesPage is an answer of secureScoreControlProfiles.
type ProfilesPage struct {
	Context string           `json:"@odata.context"`
	Value   []ControlProfile `json:"value"`
}

// Combined is both answers in one object, as heimdall2 reads them.
type Combined struct {
	SecureScore ScoresPage   `json:"secureScore"`
	Profiles    ProfilesPage `json:"profiles"`
}

// Score is an entry of secureScores (Microsoft Graph v1.0, resource secureScore).
type Score struct {
	ID                       string            `json:"id"` // TENANT_DATE
	AzureTenantID            string            `json:"azureTenantId"`
	ActiveUserCount          int64             `json:"activeUserCount"` // not known: 0, as on many of Microsoft's days
	CreatedDateTime          string            `json:"createdDateTime"`
	CurrentScore             score.Points      `json:"currentScore"`
	EnabledServices          []string          `json:"enabledServices"`
	LicensedUserCount        int64             `json:"licensedUserCount"`
	MaxScore                 score.Points      `json:"maxScore"`
	AverageComparativeScores []Comparison      `json:"averageComparativeScores"` // all tenants first, then a seat band: readers go by position
	ControlScores            []ControlScore    `json:"controlScores"`
	VendorInformation        VendorInformation `json:"vendorInformation"`
}

// Comparison is an average of other tenants, in percent.
type Comparison struct {
	Basis                   string       `json:"basis"`
	AverageScore            score.Points `json:"averageScore"`
	SeatSizeRangeLowerValue string       `json:"SeatSizeRangeLowerValue,omitempty"`
	SeatSizeRangeUpperValue string       `json:"SeatSizeRangeUpperValue,omitempty"`
}

// ControlScore is the score of one control. Counts and booleans are texts, as in Microsoft's answers: readers fail at anything else.
type ControlScore struct {
	ControlCategory      string       `json:"controlCategory"`
	ControlName          string       `json:"controlName"`
	Description          string       `json:"description"`
	Score                score.Points `json:"score"`
	Count                string       `json:"count,omitempty"` // who meets it
	Total                string       `json:"total,omitempty"`
	On                   string       `json:"on,omitempty"`
	LastSynced           string       `json:"lastSynced"`
	ImplementationStatus string       `json:"implementationStatus"`
	ScoreInPercentage    json.Number  `json:"scoreInPercentage"`
}

// ControlProfile is an entry of secureScoreControlProfiles (Microsoft Graph v1.0, resource secureScoreControlProfile).
type ControlProfile struct {
	ID                    string            `json:"id"`
	AzureTenantID         string            `json:"azureTenantId"`
	ActionType            string            `json:"actionType"`
	ActionURL             string            `json:"actionUrl"`
	ControlCategory       string            `json:"controlCategory"`
	Title                 string            `json:"title"`
	Deprecated            bool              `json:"deprecated"`
	ImplementationCost    string            `json:"implementationCost"`
	LastModifiedDateTime  *string           `json:"lastModifiedDateTime"`
	MaxScore              score.Points      `json:"maxScore"`
	Rank                  int               `json:"rank"`
	Remediation           string            `json:"remediation"` // HTML
	RemediationImpact     string            `json:"remediationImpact"`
	Service               string            `json:"service"`
	Threats               []string          `json:"threats"`
	Tier                  string            `json:"tier"`
	UserImpact            string            `json:"userImpact"`
	ComplianceInformation []string          `json:"complianceInformation"`
	ControlStateUpdates   []StateUpdate     `json:"controlStateUpdates"` // never empty
	VendorInformation     VendorInformation `json:"vendorInformation"`
}

// StateUpdate is a decision about a control.
type StateUpdate struct {
	AssignedTo      *string `json:"assignedTo"`
	Comment         *string `json:"comment"`
	State           string  `json:"state"`
	UpdatedBy       *string `json:"updatedBy"`
	UpdatedDateTime *string `json:"updatedDateTime"`
}

// VendorInformation says whose data it is; readers look for Microsoft's.
type VendorInformation struct {
	Provider        string  `json:"provider"`
	ProviderVersion *string `json:"providerVersion"`
	SubProvider     *string `json:"subProvider"`
	Vendor          string  `json:"vendor"`
}

func vendor() VendorInformation {
	return VendorInformation{Provider: "SecureScore", Vendor: "Microsoft"}
}

// The contexts of Graph's answers.
const (
	ScoresContext   = "https://graph.microsoft.com/v1.0/$metadata#security/secureScores"
	ProfilesContext = "https://graph.microsoft.com/v1.0/$metadata#security/secureScoreControlProfiles"
)

// NewExport returns an assessment as answers of Graph. Texts, and Microsoft's codes of services, are those of the catalog; the averages
// are those of a benchmark, or else Microsoft's latest. What does not count is in the profiles alone, and a preview in neither.
func NewExport(a *engine.Assessment, cat *catalog.Catalog, benchmark *cohort.Benchmark) *Export {
	x := &exporting{assessment: a, catalog: cat}
	profiles := []ControlProfile{}
	for i := range a.Actions {
		if action := &a.Actions[i]; action.Stage != engine.Preview {
			profiles = append(profiles, x.profile(action))
		}
	}
	return &Export{
		Scores:   ScoresPage{Context: ScoresContext, Value: []Score{NewScore(a, cat, benchmark)}},
		Profiles: ProfilesPage{Context: ProfilesContext, Value: profiles},
	}
}

// NewScore returns the score alone of what [NewExport] returns.
func NewScore(a *engine.Assessment, cat *catalog.Catalog, benchmark *cohort.Benchmark) Score {
	x := &exporting{assessment: a, catalog: cat}
	day := a.EvaluatedAt.UTC().Truncate(oneDay)
	s := Score{
		ID: a.Tenant.ID + "_" + day.Format(time.DateOnly), AzureTenantID: a.Tenant.ID, CreatedDateTime: day.Format(time.RFC3339),
		CurrentScore: a.Score.Achieved, MaxScore: a.Score.Total, EnabledServices: []string{},
		AverageComparativeScores: averages(benchmark), ControlScores: []ControlScore{}, VendorInformation: vendor(),
	}
	for i := range a.Actions {
		if action := &a.Actions[i]; action.Stage != engine.Preview && action.Counts() {
			s.ControlScores = append(s.ControlScores, x.control(action))
		}
	}
	return s
}

// exporting is what the parts of an export are made from.
type exporting struct {
	assessment *engine.Assessment
	catalog    *catalog.Catalog
}

// control returns the score of an action.
func (x *exporting) control(a *engine.Action) ControlScore {
	c := ControlScore{
		ControlCategory: capital(a.Category), ControlName: a.ID, Description: a.Title, Score: a.Points.Achieved,
		LastSynced: x.assessment.Evidence.CollectedAt.UTC().Format(time.RFC3339), ScoreInPercentage: percentage(a.Points),
	}
	if control, ok := x.catalog.Control(a.ID); ok && control.Description != "" {
		c.Description = strings.Join(strings.Fields(control.Description), " ")
	}
	// Counts from which the points do not follow, since all is asked for or a status resolves it, would be read as a share of them.
	if n := a.Coverage; n != nil && (n.InScope == 0 || score.Share(a.Points.Max, n.Compliant, n.InScope) == a.Points.Achieved) {
		c.Count, c.Total = strconv.FormatInt(n.Compliant, 10), strconv.FormatInt(n.InScope, 10)
	} else {
		c.On = strconv.FormatBool(a.Points.Achieved == a.Points.Max && a.Points.Max > 0)
	}
	c.ImplementationStatus = x.status(a)
	return c
}

// percentage returns which part of its points an action has, in percent with up to ten decimals, so that the points follow from it.
func percentage(p engine.ActionPoints) json.Number {
	if p.Max == 0 {
		return "0"
	}
	return json.Number(trimmed(big.NewRat(int64(p.Achieved)*100, int64(p.Max)).FloatString(10)))
}

// status returns what an action's result rests on. Of people who are counted it is in Microsoft's words, which searches of other
// programs take apart.
func (x *exporting) status(a *engine.Action) string {
	if n := a.Coverage; n != nil {
		failing := n.InScope - n.Compliant
		control, _ := x.catalog.Control(a.ID)
		switch {
		case control == nil || control.Coverage == nil:
		case control.Coverage.Dataset == "entra.users":
			return fmt.Sprintf("You have %d of %d users %s.", failing, n.InScope, lacking(a.ID))
		case strings.HasPrefix(control.Coverage.Dataset, "defender_endpoint."):
			return fmt.Sprintf("%d/%d exposed devices", failing, n.InScope)
		}
		return fmt.Sprintf("%d of %d comply.", n.Compliant, n.InScope)
	}
	text := "The outcome is " + strings.ReplaceAll(string(a.Outcome), "_", " ") + "."
	for _, reason := range a.Reasons {
		text += " " + capital(strings.TrimSuffix(reason, ".")) + "."
	}
	return text
}

// lacking says of people what they lack, as the texts of Microsoft's controls do (implementationStatus of published answers, 2023 to 2026).
func lacking(id string) string {
	switch id {
	case "MFARegistrationV2":
		return "that aren't registered with MFA"
	case "AdminMFAV2":
		return "with administrative roles that aren't registered and protected with MFA"
	case "SelfServicePasswordReset":
		return "who don't have self-service password reset enabled"
	case "SigninRiskPolicy":
		return "that don't have the sign-in risky policy turned on"
	case "UserRiskPolicy":
		return "that don't have user risk policy enabled"
	case "BlockLegacyAuthentication":
		return "that don't have legacy authentication blocked"
	}
	return "who don't meet this recommendation"
}

// profile returns what an action is worth, and what was decided about it.
func (x *exporting) profile(a *engine.Action) ControlProfile {
	p := ControlProfile{
		ID: a.ID, AzureTenantID: x.assessment.Tenant.ID, ActionType: "Config", ControlCategory: capital(a.Category), Title: a.Title,
		ImplementationCost: capital(a.Difficulty), MaxScore: a.Points.Max, Rank: cmp.Or(a.Rank, len(x.assessment.Actions)), Service: a.Product,
		Threats: []string{}, Tier: words(a.Tier), UserImpact: capital(a.UserImpact), ComplianceInformation: []string{},
		ControlStateUpdates: []StateUpdate{x.update(a)}, VendorInformation: vendor(),
	}
	for _, threat := range a.Threats {
		p.Threats = append(p.Threats, words(threat))
	}
	if product, ok := x.catalog.Product(a.Product); ok {
		p.Service = cmp.Or(product.Service, product.Title)
	}
	if control, ok := x.catalog.Control(a.ID); ok {
		p.ActionURL, p.RemediationImpact = control.Implementation.ManageURL, html.EscapeString(control.UserImpactText)
		p.Remediation = steps(control.Implementation.Steps)
	}
	return p
}

func steps(texts []string) string {
	if len(texts) == 0 {
		return ""
	}
	var list strings.Builder
	list.WriteString("<ol>")
	for _, text := range texts {
		list.WriteString("<li>" + html.EscapeString(text) + "</li>")
	}
	list.WriteString("</ol>")
	return list.String()
}

// update returns the status of an action in the words of Graph, which has fewer of them.
func (x *exporting) update(a *engine.Action) StateUpdate {
	u := StateUpdate{State: "Default"}
	d, comment := a.Decision, ""
	if d != nil {
		comment = d.Reason
	}
	switch a.Status {
	case engine.RiskAccepted:
		u.State = "Ignored"
	case engine.ThirdParty:
		u.State = "ThirdParty"
	case engine.AlternateMitigation:
		u.State, comment = "ThirdParty", "Resolved through alternate mitigation"+after(": ", comment)
	case engine.Planned:
		u.State = "Reviewed"
	default:
		return u
	}
	u.Comment = some(comment)
	at := x.assessment.EvaluatedAt
	if d != nil {
		u.AssignedTo, u.UpdatedBy = some(d.Owner), some(cmp.Or(d.ApprovedBy, d.Owner))
		if n := len(d.Notes); n > 0 {
			at = d.Notes[n-1].Time
			u.UpdatedBy = some(cmp.Or(d.ApprovedBy, d.Notes[n-1].Author))
		}
		if d.ChangedBy != "" {
			u.UpdatedBy = some(d.ChangedBy)
		}
		if d.ChangedAt != nil {
			at = *d.ChangedAt
		}
	}
	u.UpdatedDateTime = some(at.UTC().Format(time.RFC3339))
	return u
}

func some(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// averages returns the averages of all tenants and of a seat band, in this order: the newest ones.
func averages(b *cohort.Benchmark) []Comparison {
	all, seats := Comparison{Basis: "AllTenants"}, Comparison{Basis: "TotalSeats"}
	var newest [2]time.Time
	for i := range b.Cohorts {
		c := &b.Cohorts[i]
		switch {
		case c.Kind == cohort.All && !c.Date.Before(newest[0]):
			newest[0], all.AverageScore = c.Date.Time, c.Mean
		case c.Kind == cohort.BySeats && c.Seats != nil && !c.Date.Before(newest[1]):
			newest[1], seats.AverageScore = c.Date.Time, c.Mean
			seats.SeatSizeRangeLowerValue, seats.SeatSizeRangeUpperValue = strconv.FormatInt(c.Seats.From, 10), strconv.FormatInt(c.Seats.To, 10)
		}
	}
	return []Comparison{all, seats}
}

// capital returns a word with a capital, as Microsoft writes categories and levels.
func capital(word string) string {
	if word == "" {
		return ""
	}
	return strings.ToUpper(word[:1]) + word[1:]
}

// words returns an id in the words of Microsoft: defense_in_depth is Defense in Depth, account_breach Account Breach.
func words(id string) string {
	parts := strings.Split(id, "_")
	for i, part := range parts {
		if part != "in" && part != "of" && part != "or" {
			parts[i] = capital(part)
		}
	}
	return strings.Join(parts, " ")
}
