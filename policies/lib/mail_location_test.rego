package policies.lib.mail_location_test

import data.policies.lib.mail_location

_ada := mail_location.addresses("Ada@contoso.example", {"finance@contoso.example"})

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
		covered := [true | mail_location.covers(case.places, case.exceptions, _ada, "Ada Byron")]
		is_covered := count(covered) == 1
		case.covered == is_covered
	}
}

test_unknown_is_not_covered if {
	every exceptions in [null, "bo@contoso.example", {}] {
		not mail_location.covers(["All"], exceptions, _ada, "Ada Byron")
	}
	not mail_location.covers(["All"], ["Bo Peep"], _ada, "")
	mail_location.covers(["All"], [], _ada, "")
}
