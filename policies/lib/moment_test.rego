package policies.lib.moment_test

import data.policies.lib.moment

_now := time.parse_rfc3339_ns("2026-10-01T06:00:00Z")

_cases := [
	{"text": "2021-01-01T00:00:00Z", "passed": true, "ahead": false},
	{"text": "2026-10-01T06:00:00Z", "passed": true, "ahead": false},
	{"text": "2026-10-01T06:00:00.5Z", "passed": false, "ahead": true},
	{"text": "2026-10-01T07:30:00+02:00", "passed": true, "ahead": false},
	{"text": "2026-10-01T05:30:00-02:00", "passed": false, "ahead": true},
	{"text": "2031-12-31T23:59:59Z", "passed": false, "ahead": true},
	{"note": "no time zone", "text": "2026-09-30T06:00:00", "passed": true, "ahead": false},
	{"note": "today, in whatever zone", "text": "2026-10-01T06:00:00", "passed": false, "ahead": false},
	{"note": "no time zone", "text": "2026-10-02T06:00:00.123", "passed": false, "ahead": true},
	{"note": "no time", "text": "2021-01-01", "passed": false, "ahead": false},
	{"note": "a local form", "text": "1/1/2021 12:00:00 AM", "passed": false, "ahead": false},
	{"note": "no date at all", "text": "0001-01-01T00:00:00Z", "passed": false, "ahead": false},
	{"note": "the end of time", "text": "9999-12-31T23:59:59Z", "passed": false, "ahead": false},
	{"note": "no such day", "text": "2021-04-31T00:00:00Z", "passed": false, "ahead": false},
	{"note": "a leap year", "text": "2024-02-29T00:00:00Z", "passed": true, "ahead": false},
	{"note": "no leap year", "text": "2023-02-29T00:00:00Z", "passed": false, "ahead": false},
	{"note": "null", "text": null, "passed": false, "ahead": false},
	{"note": "a number", "text": 1609459200000, "passed": false, "ahead": false},
]

test_cases if {
	every case in _cases {
		case.passed == _holds(_passed(case.text))
		case.ahead == _holds(_ahead(case.text))
	}
}

_passed(text) := [1 | moment.passed(text) with time.now_ns as _now]

_ahead(text) := [1 | moment.ahead(text) with time.now_ns as _now]

_holds(found) := count(found) > 0
