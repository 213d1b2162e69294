package policies.entra.on_premises_password_protection_test

import data.policies.entra.on_premises_password_protection
import data.policies.lib.directory_settings

_evidence(enabled, mode) := {"entra": {
	"organization": {"id": "t1", "onPremisesSyncEnabled": true},
	"directory_settings": [{"id": "s1", "templateId": directory_settings.password_rules, "values": [
		{"name": "EnableBannedPasswordCheckOnPremises", "value": enabled},
		{"name": "BannedPasswordCheckOnPremisesMode", "value": mode},
	]}],
}}

test_enforced if {
	every mode in ["Enforce", "enforce"] {
		evidence := _evidence("True", mode)
		on_premises_password_protection.compliant with data.evidence as evidence
		on_premises_password_protection.applicable with data.evidence as evidence
		on_premises_password_protection.reasons == set() with data.evidence as evidence
	}
}

test_audited if {
	evidence := _evidence("True", "Audit")
	not on_premises_password_protection.compliant with data.evidence as evidence
	on_premises_password_protection.reasons == {"password protection in Active Directory audits and does not enforce"} with data.evidence as evidence
}

test_not_enabled if {
	every evidence in [
		_evidence("False", "Enforce"),
		_evidence(null, null),
		{"entra": {"organization": {"id": "t1", "onPremisesSyncEnabled": true}, "directory_settings": []}},
	] {
		not on_premises_password_protection.compliant with data.evidence as evidence
		on_premises_password_protection.reasons == {"password protection is not enabled for Active Directory"} with data.evidence as evidence
	}
}

test_applicable_unless_known_to_be_cloud_only if {
	every organization in [{"id": "t1"}, {"id": "t1", "onPremisesSyncEnabled": "false"}] {
		evidence := {"entra": {"organization": organization, "directory_settings": []}}
		on_premises_password_protection.applicable with data.evidence as evidence with data.parameters as {"count_cloud_only_tenants": false}
	}
	every synchronized in [false, null] {
		evidence := {"entra": {"organization": {"id": "t1", "onPremisesSyncEnabled": synchronized}, "directory_settings": []}}
		on_premises_password_protection.applicable == false with data.evidence as evidence with data.parameters as {"count_cloud_only_tenants": false}
		on_premises_password_protection.applicable with data.evidence as evidence with data.parameters as {"count_cloud_only_tenants": true}
	}
}
