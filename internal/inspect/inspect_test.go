package inspect_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/inspect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/schemas"
)

var builtin = sync.OnceValues(func() (*catalog.Catalog, error) {
	set, err := schemas.Builtin()
	if err != nil {
		return nil, err
	}
	files, err := catalog.Builtin()
	if err != nil {
		return nil, err
	}
	return catalog.Load(context.Background(), set, files)
})

func now() time.Time { return time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC) }

func day(days int) *time.Time {
	at := now().Truncate(24*time.Hour).AddDate(0, 0, days)
	return &at
}

func decided() map[string]engine.Decision {
	accepted := func(expires *time.Time) engine.Decision {
		return engine.Decision{Status: engine.RiskAccepted, Reason: "r", Owner: "Ada", Expires: expires}
	}
	d := map[string]engine.Decision{
		"AdminMFA":               {Status: engine.Planned}, // misspelt
		"MDA_GitHub_MFA":         {Status: engine.Planned}, // deprecated
		"scid_2010":              {Status: engine.Planned}, // decided by exceptions
		"PWAgePolicyNew":         accepted(day(-1)),
		"OneAdmin":               accepted(day(40)),
		"AdminMFAV2":             accepted(day(10)),
		"MFARegistrationV2":      {Tags: []string{"q4"}}, // no decision
		"CustomerLockBoxEnabled": {Exclude: []engine.Exclusion{{Key: "k", Reason: "r"}}},
	}
	with := d["AdminMFAV2"]
	with.Exclude = []engine.Exclusion{{Key: "ended", Reason: "r", Expires: day(0)}, {Key: "meets none", Reason: "r"}, {Key: "soon", Reason: "r", Expires: day(3)}}
	d["AdminMFAV2"] = with
	return d
}

// told returns entries as texts.
func told(entries []inspect.Entry) []string {
	var list []string
	for _, e := range entries {
		list = append(list, fmt.Sprintf("%s %q %s %s: %s", e.ID, e.Record, e.Status, e.State, e.Void))
	}
	return list
}

func TestEntriesOfTheCatalog(t *testing.T) {
	in := inspect.Inspector{Catalog: must.Get(builtin())(t), Now: now()}
	entries := in.Entries(decided(), func(id string) int { return len(id) })
	expect.Equal(t, []string{
		`AdminMFA "" planned unused: the catalog has no such action. Did you mean "AdminMFAV2"?`,
		`AdminMFAV2 "" risk_accepted expiring: `,
		`AdminMFAV2 "ended" excluded expired: it expired on 2026-10-01: the record is in scope again`,
		`AdminMFAV2 "meets none" excluded standing: `,
		`AdminMFAV2 "soon" excluded expiring: `,
		`CustomerLockBoxEnabled "k" excluded no_effect: the control counts no records`,
		`MDA_GitHub_MFA "" planned unused: the action is deprecated: it is absent from exports of Secure Score since 2025`,
		`OneAdmin "" risk_accepted standing: `,
		`PWAgePolicyNew "" risk_accepted expired: it expired on 2026-09-30: the action is to address again`,
		`scid_2010 "" planned no_effect: exceptions in the evidence decide the status of this action`,
	}, told(entries))
	expect.Equal(t, len("AdminMFA"), entries[0].Line)
	expect.Equal(t, "Ada", entries[4].Owner)
	expect.Equal(t, 3, *entries[4].EndsIn)
	found := in.Decided(decided())
	if n := len(found.Actions); n < 400 || found.Actions[n-1].Decision != nil && found.Actions[n-1].ID == "" {
		t.Errorf("%d actions", n)
	}
}

// Evidence tells what is completed, does not apply, or has no such record.
func TestEntriesOfAnAssessment(t *testing.T) {
	action := func(id string, outcome engine.Outcome, findings ...string) engine.Action {
		return engine.Action{ID: id, Kind: string(catalog.KindCoverage), Outcome: outcome, Findings: findings}
	}
	lockbox := action("CustomerLockBoxEnabled", engine.NotMet)
	lockbox.Everyone = true
	in := inspect.Inspector{Catalog: must.Get(builtin())(t), Now: now(), Assessment: &engine.Assessment{Actions: []engine.Action{
		action("AdminMFAV2", engine.Partial, "the exclusion of meets none is unused: no record in scope has this key"),
		lockbox, action("OneAdmin", engine.Complete), action("PWAgePolicyNew", engine.NotApplicable), action("scid_2010", engine.NotMet),
	}}}
	expect.Equal(t, []string{
		`AdminMFA "" planned unused: the catalog has no such action. Did you mean "AdminMFAV2"?`,
		`AdminMFAV2 "" risk_accepted expiring: `,
		`AdminMFAV2 "ended" excluded expired: it expired on 2026-10-01: the record is in scope again`,
		`AdminMFAV2 "meets none" excluded unused: no record in scope has this key`,
		`AdminMFAV2 "soon" excluded expiring: `,
		`CustomerLockBoxEnabled "k" excluded no_effect: the action was decided for everyone, by policy`,
		`MDA_GitHub_MFA "" planned unused: the action is deprecated: it is absent from exports of Secure Score since 2025`,
		`OneAdmin "" risk_accepted done: the evidence shows that the action is completed`,
		`PWAgePolicyNew "" risk_accepted no_effect: the action does not apply to this tenant`,
		`scid_2010 "" planned no_effect: exceptions in the evidence decide the status of this action`,
	}, told(in.Entries(decided(), nil)))
	facts := in.Facts()
	fact := facts.Of("AdminMFAV2")
	if fact.Absent || fact.Uncounted || !fact.Unmet("meets none") || fact.Unmet("soon") || !facts.Of("AdminMFA").Absent || facts.Of("MDA_GitHub_MFA").Retired == "" || !facts.Of("scid_2010").Exceptions {
		t.Errorf("facts: %+v", fact)
	}
}
