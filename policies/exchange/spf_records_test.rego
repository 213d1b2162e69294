package policies.exchange.spf_records_test

import data.policies.exchange.spf_records

_cases := [
	{
		"note": "published",
		"evidence": {"accepted_domains": [{"domainName": "contoso.example"}], "spf_records": [{"domain": "contoso.example", "records": ["MS=ms1", "v=spf1 -all"]}]},
		"compliant": true,
	},
	{
		"note": "quoted, in another case",
		"evidence": {"accepted_domains": [{"domainName": "contoso.example"}], "spf_records": [{"domain": "contoso.example", "records": ["\"V=SPF1 -all\""]}]},
		"compliant": true,
	},
	{
		"note": "one domain without",
		"evidence": {"accepted_domains": [{"domainName": "contoso.example"}, {"domainName": "b.example"}], "spf_records": [{"domain": "contoso.example", "records": ["v=spf1 -all"]}, {"domain": "b.example", "records": []}]},
		"compliant": false,
	},
	{
		"note": "two records",
		"evidence": {"accepted_domains": [{"domainName": "contoso.example"}], "spf_records": [{"domain": "contoso.example", "records": ["v=spf1 include:spf.protection.outlook.com -all", "v=spf1 include:mail.fabrikam.example ~all"]}]},
		"compliant": false,
	},
	{
		"note": "two records in two answers",
		"evidence": {"accepted_domains": [{"domainName": "contoso.example"}], "spf_records": [{"domain": "contoso.example", "records": ["v=spf1 -all"]}, {"domain": "contoso.example", "records": ["V=spf1 a -all"]}]},
		"compliant": false,
	},
	{
		"note": "two records of one domain in two",
		"evidence": {"accepted_domains": [{"domainName": "contoso.example"}, {"domainName": "b.example"}], "spf_records": [{"domain": "contoso.example", "records": ["v=spf1 -all"]}, {"domain": "b.example", "records": ["v=spf1 -all", "v=spf1 mx -all"]}]},
		"compliant": false,
	},
	{
		"note": "one answer twice",
		"evidence": {"accepted_domains": [{"domainName": "contoso.example"}], "spf_records": [{"domain": "contoso.example", "records": ["v=spf1 -all"]}, {"domain": "contoso.example", "records": ["v=spf1 -all"]}]},
		"compliant": true,
	},
	{
		"note": "domain not looked up",
		"evidence": {"accepted_domains": [{"domainName": "contoso.example"}], "spf_records": []},
		"compliant": false,
	},
	{
		"note": "other version",
		"evidence": {"accepted_domains": [{"domainName": "contoso.example"}], "spf_records": [{"domain": "contoso.example", "records": ["v=spf10 -all", "spf2.0/pra"]}]},
		"compliant": false,
	},
	{
		"note": "null records",
		"evidence": {"accepted_domains": [{"domainName": "contoso.example"}], "spf_records": [{"domain": "contoso.example", "records": null}]},
		"compliant": false,
	},
	{"note": "no domain", "evidence": {"accepted_domains": [], "spf_records": []}, "compliant": false},
]

test_cases if {
	every case in _cases {
		case.compliant == spf_records.compliant with data.evidence.exchange as case.evidence
	}
}

test_reasons_are_given_when_it_is_not_met if {
	every case in _cases {
		reasons := spf_records.reasons with data.evidence.exchange as case.evidence
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}

test_no_evidence_is_not_met if not spf_records.compliant with data.evidence as {}
