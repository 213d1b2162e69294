package policies.entra.banned_passwords_test

import data.policies.entra.banned_passwords
import data.policies.lib.directory_settings

_evidence(values) := {"entra": {"directory_settings": [{"id": "s1", "templateId": directory_settings.password_rules, "values": [value |
	some name, text in values
	value := {"name": name, "value": text}
]}]}}

test_enforced_and_listed if {
	evidence := _evidence({"EnableBannedPasswordCheck": "True", "BannedPasswordList": "contoso\tseattle"})
	banned_passwords.compliant with data.evidence as evidence
	banned_passwords.reasons == set() with data.evidence as evidence
}

test_not_enforced if {
	every flag in ["False", "false", "", null] {
		evidence := _evidence({"EnableBannedPasswordCheck": flag, "BannedPasswordList": "contoso"})
		not banned_passwords.compliant with data.evidence as evidence
		banned_passwords.reasons == {"the custom list of banned passwords is not enforced"} with data.evidence as evidence
	}
}

test_not_listed if {
	every list in ["", " ", "\t", null] {
		evidence := _evidence({"EnableBannedPasswordCheck": "true", "BannedPasswordList": list})
		not banned_passwords.compliant with data.evidence as evidence
		banned_passwords.reasons == {"the custom list of banned passwords is empty"} with data.evidence as evidence
	}
}

test_missing_settings if {
	every evidence in [_evidence({}), {"entra": {"directory_settings": []}}] {
		not banned_passwords.compliant with data.evidence as evidence
		count(banned_passwords.reasons) == 2 with data.evidence as evidence
	}
}
