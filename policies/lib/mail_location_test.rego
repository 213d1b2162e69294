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

_covered(places, exceptions, record) := count(covered) == 1 if {
	policies := [{"places": places, "exceptions": exceptions}]
	mailbox := mail_location.mailbox(record, mail_location.named(policies, ["places"], ["exceptions"]))
	covered := [true | mail_location.covers(places, exceptions, mailbox)]
}

test_a_mailbox_is_what_policies_name_of_it if {
	named := {
		"words": {"ada@contoso.example", "countess@contoso.example", "ada byron", "finance@contoso.example", "bo peep"},
		"excepted": {"ada byron", "bo peep"},
		"manners": {"address", "name"},
	}
	mail_location.mailbox(_in_finance, named) == {
		"addresses": {"ada@contoso.example", "countess@contoso.example", "finance@contoso.example"},
		"names": {"ada byron"},
		"known": {"address"},
	}
	mail_location.mailbox(_record, {"words": {"bo peep"}, "excepted": {"bo peep"}, "manners": {"name"}}) == {"addresses": set(), "names": set(), "known": {"name"}}
	mail_location.mailbox(_record, {"words": {"bo peep"}, "excepted": set(), "manners": set()}) == {"addresses": set(), "names": set(), "known": set()}
	mail_location.mailbox({}, {"words": {"bo peep"}, "excepted": {"bo peep"}, "manners": {"name"}}) == {"addresses": set(), "names": set(), "known": set()}
}

test_mailboxes_look_alike_where_nobody_is_named if {
	named := mail_location.named([{"places": ["All"], "exceptions": []}], ["places"], ["exceptions"])
	mail_location.mailbox(_in_finance, named) == mail_location.mailbox({}, named)
}

test_what_policies_name if {
	policies := [
		{"in": ["a ", 7, " ", "All"], "out": ["b@c", "44444444-4444-4444-4444-444444444444"], "else": ["d"]},
		{"in": "e", "out": null},
		{"out": ["cn=f", "All"]},
	]
	mail_location.named(policies, ["in"], ["out"]) == {
		"words": {"a", "b@c", "44444444-4444-4444-4444-444444444444", "cn=f"},
		"excepted": {"b@c", "44444444-4444-4444-4444-444444444444", "cn=f"},
		"manners": {"address", "guid", "distinguished name"},
	}
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
