package policies.entra.password_expiration_test

import data.policies.entra.password_expiration

_domain(changes) := object.union(
	{"id": "contoso.example", "authenticationType": "Managed", "isVerified": true, "isRoot": true, "passwordValidityPeriodInDays": 2147483647},
	changes,
)

_evidence(domains) := {"entra": {"domains": domains}}

test_never if {
	evidence := _evidence([_domain({}), _domain({"id": "fabrikam.example"})])
	password_expiration.compliant with data.evidence as evidence
	password_expiration.reasons == set() with data.evidence as evidence
}

test_expiring if {
	every period in [90, 730, 2147483646, null, "2147483647"] {
		evidence := _evidence([_domain({}), _domain({"id": "fabrikam.example", "passwordValidityPeriodInDays": period})])
		not password_expiration.compliant with data.evidence as evidence
		password_expiration.reasons == {"passwords are not known to last in the domain fabrikam.example"} with data.evidence as evidence
	}
}

test_domains_that_do_not_decide if {
	every changes in [{"isVerified": false}, {"authenticationType": "Federated"}, {"isRoot": false}] {
		other := object.union(_domain({"id": "other.example", "passwordValidityPeriodInDays": 90}), changes)
		evidence := _evidence([_domain({}), other])
		password_expiration.compliant with data.evidence as evidence
	}
}

test_records_that_disagree if {
	every changes in [{}, {"authenticationType": "Federated"}] {
		evidence := _evidence([_domain(changes), _domain({"passwordValidityPeriodInDays": 90})])
		not password_expiration.compliant with data.evidence as evidence
		count(password_expiration.reasons) == 1 with data.evidence as evidence
	}
}

test_no_domain_that_decides if {
	every domains in [[], [_domain({"authenticationType": "Federated"})]] {
		evidence := _evidence(domains)
		not password_expiration.compliant with data.evidence as evidence
		count(password_expiration.reasons) == 1 with data.evidence as evidence
	}
}

test_nulls_keep_a_domain_in if {
	every field in ["isVerified", "authenticationType", "isRoot"] {
		evidence := _evidence([_domain({}), _domain({"id": "other.example", "passwordValidityPeriodInDays": 90, field: null})])
		not password_expiration.compliant with data.evidence as evidence
	}
}

test_missing_fields_keep_a_domain_in if {
	evidence := _evidence([_domain({}), {"id": "bare.example"}])
	not password_expiration.compliant with data.evidence as evidence
	password_expiration.reasons == {"passwords are not known to last in the domain bare.example"} with data.evidence as evidence
}

_domain(changes) := object.union(
	{"id": "contoso.example", "isVerified": true, "isRoot": true, "authenticationType": "Managed", "passwordValidityPeriodInDays": 2147483647},
	changes,
)

test_by_default_in_new_tenants if {
	every created, lasting in {"2021-10-01T00:00:00Z": true, "2023-05-04T03:02:01.5Z": true, "2021-09-30T23:59:59Z": false, "2023": false, "zzz": false} {
		evidence := {"entra": {"domains": [_domain({"passwordValidityPeriodInDays": null})], "organization": {"createdDateTime": created}}}
		lasting == password_expiration.compliant with data.evidence as evidence
	}
}

test_default_of_a_tenant_of_unknown_age if {
	every organization in [{}, {"createdDateTime": null}] {
		evidence := {"entra": {"domains": [_domain({"passwordValidityPeriodInDays": null})], "organization": organization}}
		not password_expiration.compliant with data.evidence as evidence
		count(password_expiration.reasons) == 1 with data.evidence as evidence
	}
	absent := {"entra": {"domains": [object.remove(_domain({}), {"passwordValidityPeriodInDays"})], "organization": {"createdDateTime": "2023-05-04T03:02:01Z"}}}
	not password_expiration.compliant with data.evidence as absent
}

test_the_organization_is_not_needed_where_domains_say_it if {
	password_expiration.compliant with data.evidence as {"entra": {"domains": [_domain({})]}}
}

test_domains_of_sites if {
	every services in [["SharePoint"], ["SharePointPublic", "SharePoint"]] {
		site := _domain({"id": "site", "passwordValidityPeriodInDays": null, "supportedServices": services})
		password_expiration.compliant with data.evidence as {"entra": {"domains": [_domain({}), site]}}
		not password_expiration.compliant with data.evidence as {"entra": {"domains": [site]}}
	}
	every services in [[], ["SharePoint", "Email"], null] {
		site := _domain({"id": "site", "passwordValidityPeriodInDays": null, "supportedServices": services})
		not password_expiration.compliant with data.evidence as {"entra": {"domains": [_domain({}), site]}}
	}
}
