package policies.exchange.spam_filter_bypass_test

import data.policies.exchange.spam_filter_bypass

_now := time.parse_rfc3339_ns("2026-10-01T06:00:00Z")

_partner := {"name": "Partner", "state": "Enabled", "mode": "Enforce", "senderDomainIs": ["partner.example"], "setSCL": -1}

_cases := [
	{"note": "no rule", "evidence": [], "compliant": true},
	{
		"note": "skips the filter",
		"evidence": [{"name": "Partner", "state": "Enabled", "mode": "Enforce", "senderDomainIs": ["partner.example"], "setSCL": -1}],
		"compliant": false,
	},
	{
		"note": "sets a level",
		"evidence": [{"name": "Partner", "state": "Enabled", "mode": "Enforce", "senderDomainIs": ["partner.example"], "setSCL": 0}],
		"compliant": true,
	},
	{
		"note": "sets no level",
		"evidence": [{"name": "Partner", "state": "Enabled", "mode": "Enforce", "senderDomainIs": ["partner.example"], "setSCL": null}],
		"compliant": true,
	},
	{
		"note": "disabled rule",
		"evidence": [{"name": "Partner", "state": "Disabled", "mode": "Enforce", "senderDomainIs": ["partner.example"], "setSCL": -1}],
		"compliant": true,
	},
	{
		"note": "audit mode",
		"evidence": [{"name": "Partner", "state": "Enabled", "mode": "Audit", "senderDomainIs": ["partner.example"], "setSCL": -1}],
		"compliant": true,
	},
	{
		"note": "audit mode with notice",
		"evidence": [{"name": "Partner", "state": "Enabled", "mode": "AuditAndNotify", "senderDomainIs": ["partner.example"], "setSCL": -1}],
		"compliant": true,
	},
	{
		"note": "for no domain in particular",
		"evidence": [{"name": "Partner", "state": "Enabled", "mode": "Enforce", "senderDomainIs": [], "setSCL": -1}],
		"compliant": true,
	},
	{
		"note": "expired",
		"evidence": [object.union(_partner, {"expiryDate": "2021-01-01T00:00:00Z", "activationDate": null})],
		"compliant": true,
	},
	{"note": "expires later", "evidence": [object.union(_partner, {"expiryDate": "2099-01-01T00:00:00Z"})], "compliant": false},
	{
		"note": "expires today, in a time zone that is not known",
		"evidence": [object.union(_partner, {"expiryDate": "2026-10-01T05:00:00"})],
		"compliant": false,
	},
	{"note": "expires never", "evidence": [object.union(_partner, {"expiryDate": null, "activationDate": null})], "compliant": false},
	{
		"note": "not active yet",
		"evidence": [object.union(_partner, {"expiryDate": null, "activationDate": "2099-01-01T00:00:00Z"})],
		"compliant": true,
	},
	{"note": "active since long", "evidence": [object.union(_partner, {"activationDate": "2021-01-01T00:00:00Z"})], "compliant": false},
	{"note": "an expiry that can't be read", "evidence": [object.union(_partner, {"expiryDate": "soon"})], "compliant": false},
	{
		"note": "one expired, one not",
		"evidence": [object.union(_partner, {"expiryDate": "2021-01-01T00:00:00Z"}), object.union(_partner, {"name": "Other"})],
		"compliant": false,
	},
	{
		"note": "one of several",
		"evidence": [{"name": "Partner", "state": "Enabled", "mode": "Enforce", "senderDomainIs": ["partner.example"], "setSCL": 5}, {"name": "Partner", "state": "Enabled", "mode": "Enforce", "senderDomainIs": ["partner.example"], "setSCL": -1}],
		"compliant": false,
	},
	{
		"note": "state in an unknown case",
		"evidence": [{"name": "Partner", "state": "disabled", "mode": "Enforce", "senderDomainIs": ["partner.example"], "setSCL": -1}],
		"compliant": false,
	},
	{
		"note": "without a state",
		"evidence": [{"name": "Partner", "mode": "Enforce", "senderDomainIs": ["partner.example"], "setSCL": -1}],
		"compliant": false,
	},
	{
		"note": "without a mode",
		"evidence": [{"name": "Partner", "state": "Enabled", "senderDomainIs": ["partner.example"], "setSCL": -1}],
		"compliant": false,
	},
	{"note": "without domains", "evidence": [{"name": "Partner", "state": "Enabled", "mode": "Enforce", "setSCL": -1}], "compliant": false},
	{
		"note": "null domains",
		"evidence": [{"name": "Partner", "state": "Enabled", "mode": "Enforce", "senderDomainIs": null, "setSCL": -1}],
		"compliant": false,
	},
	{
		"note": "without a level",
		"evidence": [{"name": "Partner", "state": "Enabled", "mode": "Enforce", "senderDomainIs": ["partner.example"]}],
		"compliant": false,
	},
	{
		"note": "level of the wrong type",
		"evidence": [{"name": "Partner", "state": "Enabled", "mode": "Enforce", "senderDomainIs": ["partner.example"], "setSCL": "-1"}],
		"compliant": false,
	},
	{
		"note": "without a name",
		"evidence": [{"state": "Enabled", "mode": "Enforce", "senderDomainIs": ["partner.example"], "setSCL": -1}],
		"compliant": false,
	},
]

test_cases if {
	every case in _cases {
		case.compliant == spam_filter_bypass.compliant with data.evidence.exchange.transport_rules as case.evidence with time.now_ns as _now
	}
}

test_reasons_are_given_when_it_is_not_met if {
	every case in _cases {
		reasons := spam_filter_bypass.reasons with data.evidence.exchange.transport_rules as case.evidence with time.now_ns as _now
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}

test_no_evidence_is_not_met if not spam_filter_bypass.compliant with data.evidence as {}
