package synthetic

import (
	"fmt"
	"strings"
)

// user is shaped after Graph's user, with what other endpoints of Graph say of the same person.
type user struct {
	ID                    string    `json:"id"`
	UserPrincipalName     string    `json:"userPrincipalName"`
	DisplayName           string    `json:"displayName"`
	AccountEnabled        bool      `json:"accountEnabled"`
	UserType              string    `json:"userType"`
	AssignedLicenses      []license `json:"assignedLicenses"`
	AuthMethods           []string  `json:"authMethods"`
	LastSignIn            string    `json:"lastSignIn"`
	Roles                 []string  `json:"roles"`
	PasswordPolicies      string    `json:"passwordPolicies"`
	OnPremisesSyncEnabled bool      `json:"onPremisesSyncEnabled"`
	UsageLocation         string    `json:"usageLocation"`
}

type license struct {
	SkuID         string   `json:"skuId"`
	DisabledPlans []string `json:"disabledPlans"`
}

const (
	givenNames = "Ada Ben Cleo Dan Eva Finn Gus Hana Ian Jo Kai Lea Max Nia Oli Pia Quin Rae Sam Tia Uma Vic Wes Xia Yan Zoe"
	surnames   = "Adams Brown Clark Davis Evans Frank Green Hill Irwin Jones King Lewis Moore Nash Owen Price Quist Reed Smith Turner Usher Vance White Xu Young Zimmer"
)

func roleNames() []string {
	return []string{"Global Administrator", "Exchange Administrator", "User Administrator", "Security Reader", "Helpdesk Administrator"}
}

func newUser(c *chance, i int) user {
	given, surname := c.one(strings.Fields(givenNames)...), c.one(strings.Fields(surnames)...)
	u := user{
		ID:                    c.guid(),
		DisplayName:           given + " " + surname,
		AccountEnabled:        c.holds(.93),
		UserType:              "Member",
		AssignedLicenses:      newLicenses(c),
		AuthMethods:           c.some(.3, "microsoftAuthenticatorPush", "softwareOneTimePasscode", "mobilePhone", "fido2", "windowsHelloForBusiness", "email", "temporaryAccessPass"),
		LastSignIn:            fmt.Sprintf("%d-%02d-%02dT%02d:%02d:%02dZ", 2024+c.IntN(3), 1+c.IntN(12), 1+c.IntN(28), c.IntN(24), c.IntN(60), c.IntN(60)),
		Roles:                 []string{},
		PasswordPolicies:      "DisablePasswordExpiration",
		OnPremisesSyncEnabled: c.holds(.5),
		UsageLocation:         c.one("US", "DE", "GB", "FR", "JP"),
	}
	domain := "contoso.example"
	if c.holds(.08) {
		u.UserType, domain = "Guest", "partner.example"
	}
	u.UserPrincipalName = fmt.Sprintf("%s.%s%d@%s", strings.ToLower(given), strings.ToLower(surname), i, domain)
	if c.holds(.02) {
		u.Roles = c.some(.4, roleNames()...)
	}
	if c.holds(.1) {
		u.PasswordPolicies = "None"
	}
	return u
}

func newLicenses(c *chance) []license {
	skus := c.some(.45, "05e9a617-0261-4cee-bb44-138d3ef5d965", "06ebc4ee-1bb5-47dd-8120-11324bc54e06", "c7df2760-2c81-4ef7-b578-5b5392b571df", "4b9405b0-7788-4568-add1-99614e613b69")
	licenses := make([]license, len(skus))
	for i, sku := range skus {
		licenses[i] = license{SkuID: sku, DisabledPlans: []string{}}
	}
	return licenses
}
