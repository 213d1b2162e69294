package year

import (
	"time"

	"github.com/posture-score/posture/internal/tenant"
)

// Days is how long the year is. Its last day is the one on which the sample tenants were collected.
const Days = 365

// Event is a day on which something changed.
type Event struct {
	Day   int    // the first day that has it, from 1
	Name  string // what happened
	Cause string // what a change of the score has to be put down to, as internal/attribution calls it
}

// The days of the events.
const (
	usersCame = 10 * (iota + 1)
	usersLeft
	devicesCame
	settingChanged
	usersRegistered
	evidenceLost
	evidenceRegained
	licenseEnded
	licenseRenewed
	excluded
	exclusionExpired
	statusSet
	planned
	statusExpired
	statusEnded
	parametersChanged
	controlAdded
	pointsChanged
	ruleChanged
	stageChanged
	controlRemoved
	claimsRanOut
)

// Events returns the events in the order of their days.
func Events() []Event {
	return []Event{
		{usersCame, "three users came", "population"},
		{usersLeft, "two users left", "population"},
		{devicesCame, "five devices came", "population"},
		{settingChanged, "SharePoint refuses legacy authentication", "configuration"},
		{usersRegistered, "four users registered a method", "configuration"},
		{evidenceLost, "the settings of Forms could not be collected", "evidence"},
		{evidenceRegained, "the settings of Forms are collected again", "evidence"},
		{licenseEnded, "the subscription of E5 was suspended", "license"},
		{licenseRenewed, "the subscription of E5 was renewed", "license"},
		{excluded, "an account for emergencies was excluded", "exclusion"},
		{exclusionExpired, "its exclusion expired", "exclusion"},
		{statusSet, "a third party resolves an action", "status"},
		{planned, "an action was planned", "status"},
		{statusExpired, "the decision about the third party expired", "status"},
		{statusEnded, "another decision was withdrawn", "status"},
		{parametersChanged, "a parameter was set", "parameters"},
		{controlAdded, "the catalog got a control", "catalog"},
		{pointsChanged, "the control is worth more", "catalog"},
		{ruleChanged, "the rule of the control is stricter", "catalog"},
		{stageChanged, "the control became a preview", "catalog"},
		{controlRemoved, "the control was removed", "catalog"},
		{claimsRanOut, "a claim ran out", "time"},
	}
}

// At returns the time at which the evidence of a day was collected.
func At(day int) time.Time { return tenant.CollectedAt().AddDate(0, 0, day-Days) }

// since reports whether a day is one of an event or later.
func since(day, event int) bool { return day >= event }

// Evidence returns what to invent the evidence of a day by.
func Evidence(day int) tenant.Spec {
	spec := tenant.Samples()[0]
	spec.CollectedAt = At(day)
	if since(day, evidenceLost) && !since(day, evidenceRegained) {
		spec.Failed = map[string]string{"forms.settings": "403 Forbidden: the collector lacks OrgSettings-Forms.Read.All"}
		for name, reason := range tenant.Samples()[0].Failed {
			spec.Failed[name] = reason
		}
	}
	e := &editor{day: day}
	spec.Edit = e.edit
	return spec
}
