package policies.lib.mail_location_test

import data.policies.lib.mail_location

_words := {"ada@contoso.example", "ada byron", "bo@contoso.example", "bo peep", "finance@contoso.example"}

_ada := mail_location.mailbox("Ada@contoso.example", [{"group": "Finance@contoso.example"}, {"group": "sales@contoso.example"}], "Ada Byron", _words)

_nobody := mail_location.mailbox("ada@contoso.example", [], null, _words)

test_a_mailbox_is_what_policies_name_of_it if {
	_ada == {
		"addresses": {"ada@contoso.example", "finance@contoso.example"},
		"names": {"ada byron"},
		"named": true,
	}
	_nobody == {"addresses": {"ada@contoso.example"}, "names": set(), "named": false}
	mail_location.mailbox("Bo@contoso.example", [{"group": 7}, {}], "", set()) == {"addresses": set(), "names": set(), "named": false}
}

test_words if {
	mail_location.words([{"x": ["A", 7], "y": ["b"], "z": ["c"]}, {"x": "d"}, {"y": null}], ["x", "y"]) == {"a", "b"}
}

test_cases if {
	every case in [
		{"places": ["All"], "exceptions": [], "covered": true},
		{"places": ["all"], "exceptions": [], "covered": true},
		{"places": ["ada@Contoso.example"], "exceptions": [], "covered": true},
		{"places": ["Finance@contoso.example"], "exceptions": [], "covered": true},
		{"places": ["sales@contoso.example"], "exceptions": [], "covered": false},
		{"places": [], "exceptions": [], "covered": false},
		{"places": [7, null], "exceptions": [], "covered": false},
		{"places": ["All"], "exceptions": ["ada@contoso.example"], "covered": false},
		{"places": ["All"], "exceptions": ["finance@contoso.example"], "covered": false},
		{"places": ["All"], "exceptions": ["Ada Byron"], "covered": false},
		{"places": ["All"], "exceptions": ["All"], "covered": false},
		{"places": ["All"], "exceptions": ["bo@contoso.example"], "covered": true},
	] {
		covered := [true | mail_location.covers(case.places, case.exceptions, _ada)]
		is_covered := count(covered) == 1
		case.covered == is_covered
	}
}

test_unknown_is_not_covered if {
	every exceptions in [null, "bo@contoso.example", {}] {
		not mail_location.covers(["All"], exceptions, _ada)
	}
	not mail_location.covers(["All"], ["Bo Peep"], _nobody)
	mail_location.covers(["All"], [], _nobody)
}
