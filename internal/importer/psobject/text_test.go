package psobject_test

import (
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/importer/psobject"
)

func TestCamelCase(t *testing.T) {
	tests := map[string]string{
		"CustomerLockboxEnabled":     "customerLockboxEnabled",
		"IPAllowList":                "ipAllowList",
		"OAuth2ClientProfileEnabled": "oAuth2ClientProfileEnabled",
		"SetSCL":                     "setSCL",
		"SCLOver":                    "sclOver",
		"EnableATPForSPOTeamsODB":    "enableATPForSPOTeamsODB",
		"AllowedToUseSSPR":           "allowedToUseSSPR",
		"ID":                         "id",
		"URL Value":                  "url Value",
		"already":                    "already",
		"_Private":                   "_Private",
		"@odata.type":                "@odata.type",
		"Über":                       "über",
		"":                           "",
	}
	for name, want := range tests {
		expect.Equalf(t, want, psobject.CamelCase(name), "CamelCase(%q)", name)
	}
}

func TestDate(t *testing.T) {
	tests := []struct {
		text, want string
		ok         bool
	}{
		{"/Date(1723812853000)/", "2024-08-16T12:54:13Z", true},
		{"/Date(1769788627239)/", "2026-01-30T15:57:07.239Z", true},
		{"/Date(1723812853000+0200)/", "2024-08-16T12:54:13Z", true},
		{"/Date(-1000-0500)/", "1969-12-31T23:59:59Z", true},
		{"/Date(-62135596800000)/", "0001-01-01T00:00:00Z", true},
		{"/Date(253402300799999)/", "9999-12-31T23:59:59.999Z", true},
		{"/Date(253402300800000)/", "", false},
		{"/Date(99999999999999999999)/", "", false},
		{"/Date()/", "", false},
		{"/Date(-)/", "", false},
		{"/Date(+1)/", "", false},
		{"/Date(1+02)/", "", false},
		{"/Date(1x)/", "", false},
		{"/Date(1)", "", false},
		{"2024-08-16T12:54:13Z", "", false},
	}
	for _, test := range tests {
		got, ok := psobject.Date(test.text)
		if got != test.want || ok != test.ok {
			t.Errorf("Date(%q) = %q, %t; want %q, %t", test.text, got, ok, test.want, test.ok)
		}
	}
}
