package report

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/decisions"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/inspect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/schemas"
)

// ofRegister is a page of decisions, some by people who want to be more than names.
func ofRegister() Decided {
	days := func(n int) *int { return &n }
	return Decided{
		Register: "registers/\x1b[2Jcontoso.hcl", Now: time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC), After: "1 more ended already.",
		Entries: []inspect.Entry{
			{Item: decisions.Item{ID: "AdminMFAV2", Title: "Ensure MFA", State: decisions.Expiring, Status: engine.RiskAccepted, Owner: "ada@contoso.example", Approved: "=HYPERLINK(\"http://evil.example\")", Reason: strings.Repeat("so long ", 40), Expires: "2026-06-20", EndsIn: days(5), Ticket: "SEC-1", Tags: []string{"q2"}}, Line: 3},
			{Item: decisions.Item{ID: "AdminMFAV2", State: decisions.Unused, Status: inspect.Excluded, Owner: "Ada@contoso.example", Reason: "+1"}, Record: "\u202ekey", Line: 3, Void: "no record in scope has this key"},
			{Item: decisions.Item{ID: "OneAdmin", State: decisions.Standing, Status: engine.ThirdParty, Expires: "2027-01-31", EndsIn: days(230)}, Line: 20},
			{Item: decisions.Item{ID: "PWAgePolicyNew", State: decisions.Overdue, Status: engine.Planned, Due: "2026-06-01", DueIn: days(-14)}, Line: 30},
		},
	}
}

func TestRegister(t *testing.T) {
	plainly(t, "register", "table", Style{}, ofRegister())
	plainly(t, "register-narrow", "table", Style{Width: 60}, ofRegister())
	owned := ofRegister()
	owned.ByOwner = true
	plainly(t, "register-by-owner", "table", Style{}, owned)
	plainly(t, "register-csv", "csv", Style{}, ofRegister())
	plainly(t, "register-markdown", "markdown", Style{}, ofRegister())
	plainly(t, "register-none", "table", Style{}, Decided{Register: "register.hcl", Nothing: "Nothing is decided."})
	with := ofRegister()
	with.Assessment = house(t)
	for name, page := range map[string]Decided{"register-json": ofRegister(), "register-json-evidence": with, "register-json-none": {Register: "r", Entries: []inspect.Entry{}}} {
		decoder := json.NewDecoder(strings.NewReader(golden(t, name, "json", Style{}, page)))
		decoder.UseNumber()
		var document any
		must.Do(t, decoder.Decode(&document))
		expect.Equalf(t, nil, schemas.Validate("decisions", document), "%s", name)
	}
}
