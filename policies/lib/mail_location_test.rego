package policies.lib.mail_location_test

import data.policies.lib.mail_location

_record := {
	"primarySmtpAddress": "ada@contoso.example",
	"userPrincipalName": "ada.byron@contoso.example",
	"emailAddresses": ["smtp:ada@contoso.example", "smtp:countess@contoso.example", "sip:phone@contoso.example"],
	"alias": "adab",
	"name": "ada-1815",
	"displayName": "ada byron",
	"distinguishedName": "cn=ada-1815,ou=contoso,dc=example",
	"guid": "11111111-1111-1111-1111-111111111111",
	"exchangeGuid": "22222222-2222-2222-2222-222222222222",
	"externalDirectoryObjectId": "33333333-3333-3333-3333-333333333333",
	"groups": [],
}

_in_finance := object.union(_record, {"groups": [{"group": "finance@contoso.example"}]})

_covered(places, exceptions, record) if mail_location.covers(mail_location.location(places, exceptions), mail_location.addresses(record), record)

else := false

test_addresses if {
	mail_location.addresses(_in_finance) == {"All", "ada@contoso.example", "ada.byron@contoso.example", "countess@contoso.example", "finance@contoso.example"}
	mail_location.addresses({}) == {"All"}
}

test_a_location_is_its_words if {
	exceptions := ["b@c", "44444444-4444-4444-4444-444444444444", "cn=f"]
	mail_location.location(["a ", 7, " ", "All"], exceptions) == {
		"places": {"a", "All"},
		"exceptions": {"b@c", "44444444-4444-4444-4444-444444444444", "cn=f"},
		"manners": {"address", "guid", "distinguished name"},
	}
	mail_location.location("e", []).places == set()
}

test_everyone if {
	mail_location.covers_everyone(mail_location.location(["a@b", "All"], []))
	not mail_location.covers_everyone(mail_location.location(["a@b"], []))
	not mail_location.covers_everyone(mail_location.location(["All"], ["a@b"]))
	not mail_location.location(["All"], null)
}

test_places if {
	every case in [
		{"places": ["All"], "covered": true},
		{"places": ["ada@contoso.example"], "covered": true},
		{"places": ["ada.byron@contoso.example"], "covered": true},
		{"places": ["countess@contoso.example"], "covered": true},
		{"places": ["finance@contoso.example"], "covered": true},
		{"places": ["sales@contoso.example"], "covered": false},
		{"places": ["phone@contoso.example"], "covered": false},
		{"places": ["ada byron"], "covered": false},
		{"places": ["adab"], "covered": false},
		{"places": [], "covered": false},
		{"places": [""], "covered": false},
		{"places": [7, null], "covered": false},
	] {
		case.covered == _covered(case.places, [], _in_finance)
	}
}

test_exceptions_call_the_mailbox_by_any_of_its_words if {
	every word in [
		"ada@contoso.example",
		"ada.byron@contoso.example",
		"countess@contoso.example",
		"adab",
		"ada-1815",
		" ada byron ",
		"cn=ada-1815,ou=contoso,dc=example",
		"11111111-1111-1111-1111-111111111111",
		"22222222-2222-2222-2222-222222222222",
		"33333333-3333-3333-3333-333333333333",
		"All",
	] {
		not _covered(["All"], [word], _record)
		not _covered(["All"], ["bo@contoso.example", word], _record)
	}
	not _covered(["All"], ["finance@contoso.example"], _in_finance)
}

# What an exception would have to be compared with.
_needed := {
	"bo@contoso.example": ["userPrincipalName", "emailAddresses"],
	"bo": ["alias", "name", "displayName"],
	"bo @ sales": ["alias", "name", "displayName"],
	"bo peep": ["alias", "name", "displayName"],
	"cn=bo,ou=contoso": ["distinguishedName"],
	"44444444-4444-4444-4444-444444444444": ["guid", "exchangeGuid", "externalDirectoryObjectId"],
}

test_exceptions_of_somebody_else if {
	every exception, fields in _needed {
		_covered(["All"], [exception], _record)
		every field in fields {
			not _covered(["All"], [exception], object.remove(_record, [field]))
			not _covered(["All"], [exception], object.union(_record, {field: null}))
			not _covered(["All"], [exception], object.union(_record, {field: ""}))
		}
	}
}

test_groups_are_known_by_address_alone if {
	_covered(["All"], ["bo@contoso.example"], _in_finance)
	every exception in ["finance", "cn=finance,ou=contoso", "44444444-4444-4444-4444-444444444444"] {
		not _covered(["All"], [exception], _in_finance)
	}
}

test_exceptions_that_cannot_be_compared_cover_nobody if {
	every exceptions in [
		null,
		"bo@contoso.example",
		{},
		[7],
		[null],
		[""],
		["contoso.example/users/Bo"],
		["/o=contoso/cn=bo"],
		["CONTOSO\\bo"],
	] {
		not _covered(["All"], exceptions, _record)
	}
}

test_administrative_units if {
	mail_location.everywhere({})
	mail_location.everywhere({"policyRBACScopes": null})
	mail_location.everywhere({"policyRBACScopes": []})
	every scopes in [["55555555-5555-5555-5555-555555555555"], [null], "", {}, false] {
		not mail_location.everywhere({"policyRBACScopes": scopes})
	}
}
