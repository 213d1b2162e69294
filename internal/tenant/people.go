package tenant

import (
	"iter"
	"slices"
	"strings"
)

// person is someone with an account, worked out from their index alone.
type person struct {
	index         int
	given, family string
	local         string // of their address, at the tenant's own domain unless they are a guest
	key           string // of an administrator
	cohort        string // "administrator", "guest", "disabled" or "staff"
	rank          int    // in their cohort

	enabled, synced                      bool
	registered, passwordless, resettable bool
	activated                            bool
	roles                                []string
	sku                                  string
}

// cohort is a part of the people among which shares are distributed: each share has a deck of its
// own, so that they are independent.
type cohort struct {
	size                                                  int
	registration, reset, sync, licences, roles, workplace deck
}

func newCohort(seed uint64, name string, size int) cohort {
	deal := func(what string) deck { return newDeck(seed, name+" "+what, size) }
	return cohort{
		size: size, registration: deal("registration"), reset: deal("reset"), sync: deal("sync"), licences: deal("licences"),
		roles: deal("roles"), workplace: deal("workplace"),
	}
}

// The roles that staff hold beside their work, and how many people of a large tenant at most do.
const mostDelegates = 400

func delegateRoles() []string {
	return []string{"Helpdesk Administrator", "User Administrator", "Global Reader", "Password Administrator", "Billing Administrator"}
}

// everyone yields all people, administrators first.
func (t *Tenant) everyone() iter.Seq[person] {
	return func(yield func(person) bool) {
		for i := range t.spec.Users {
			if !yield(t.person(i)) {
				return
			}
		}
	}
}

func (t *Tenant) person(index int) person {
	if index < len(t.profile.Administrators) {
		return t.administrator(index)
	}
	p := person{index: index}
	p.given, p.family, p.local = t.name(index)
	place := t.cohorts.place(index - len(t.profile.Administrators))
	switch {
	case place < t.guests.size:
		return t.deal(p, "guest", place, t.guests)
	case place < t.guests.size+t.disabled.size:
		return t.deal(p, "disabled", place-t.guests.size, t.disabled)
	default:
		return t.deal(p, "staff", place-t.guests.size-t.disabled.size, t.staff)
	}
}

// deal assigns to a person what the shares of their cohort say.
func (t *Tenant) deal(p person, name string, rank int, c cohort) person {
	shares := t.profile.People
	p.cohort, p.rank = name, rank
	p.enabled = name != "disabled"
	p.synced = name != "guest" && c.sync.place(rank) < portion(c.size, shares.Synced)
	registration := c.registration.place(rank)
	p.registered = registration < portion(c.size, shares.Registered)
	p.passwordless = registration < portion(c.size, shares.Passwordless)
	p.resettable = c.reset.place(rank) < portion(c.size, shares.Resettable)
	if name != "staff" {
		return p
	}
	if i := c.licences.pile(rank, t.licenceShares); i >= 0 {
		p.sku = shares.Licences[i].SKU
	}
	if place := c.roles.place(rank); place < min(mostDelegates, portion(c.size, shares.Delegates)) {
		roles := delegateRoles()
		p.roles = []string{roles[place%len(roles)]}
	}
	return p
}

func (t *Tenant) administrator(index int) person {
	a := t.profile.Administrators[index]
	return person{
		index: index, given: a.Given, family: a.Family, local: strings.ToLower("adm-" + a.Given + "." + a.Family), key: a.Key, cohort: "administrator", rank: index,
		enabled: !a.Disabled, synced: a.Synced, registered: a.Registered, passwordless: a.Passwordless, resettable: a.Registered,
		activated: a.Activated, roles: a.Roles, sku: a.Licence,
	}
}

func (t *Tenant) userID(index int) string { return t.guid("user", index) }

// address is where a person gets mail, and upn what they sign in with.
func (t *Tenant) address(p person) string {
	if p.cohort == "guest" {
		partners := t.words.Names.Partners
		return p.local + "@" + partners[p.rank%len(partners)]
	}
	return p.local + "@" + t.domain()
}

func (t *Tenant) upn(p person) string {
	if p.cohort == "guest" {
		return strings.ReplaceAll(t.address(p), "@", "_") + "#EXT#@" + t.initialDomain()
	}
	return t.address(p)
}

// user is a record of entra.users.
type user struct {
	ID                    string            `json:"id"`
	UserPrincipalName     string            `json:"userPrincipalName"`
	DisplayName           string            `json:"displayName"`
	AccountEnabled        bool              `json:"accountEnabled"`
	UserType              string            `json:"userType"`
	OnPremisesSyncEnabled *bool             `json:"onPremisesSyncEnabled"` // Graph says null of cloud accounts
	Mail                  *string           `json:"mail"`
	AssignedLicenses      []assignedLicense `json:"assignedLicenses"`
}

type assignedLicense struct {
	SKUID         string   `json:"skuId"`
	DisabledPlans []string `json:"disabledPlans"`
}

func (t *Tenant) users(yield func(any) bool) {
	synced := true
	for p := range t.everyone() {
		record := user{
			ID: t.userID(p.index), UserPrincipalName: t.upn(p), DisplayName: p.given + " " + p.family,
			AccountEnabled: p.enabled, UserType: "Member", AssignedLicenses: []assignedLicense{},
		}
		if p.synced {
			record.OnPremisesSyncEnabled = &synced
		}
		if p.cohort == "guest" {
			record.UserType = "Guest"
		}
		if p.sku != "" {
			record.AssignedLicenses = append(record.AssignedLicenses, assignedLicense{SKUID: t.skuID(p.sku), DisabledPlans: []string{}})
		}
		if p.cohort == "guest" || t.hasMailbox(p) {
			mail := t.address(p)
			record.Mail = &mail
		}
		if !yield(record) {
			return
		}
	}
}

// registration is a record of entra.user_registration.
type registration struct {
	ID                    string   `json:"id"`
	UserPrincipalName     string   `json:"userPrincipalName"`
	UserDisplayName       string   `json:"userDisplayName"`
	UserType              string   `json:"userType"`
	IsAdmin               bool     `json:"isAdmin"`
	IsMFARegistered       bool     `json:"isMfaRegistered"`
	IsMFACapable          bool     `json:"isMfaCapable"`
	IsPasswordlessCapable bool     `json:"isPasswordlessCapable"`
	IsSSPRRegistered      bool     `json:"isSsprRegistered"`
	IsSSPREnabled         bool     `json:"isSsprEnabled"`
	IsSSPRCapable         bool     `json:"isSsprCapable"`
	MethodsRegistered     []string `json:"methodsRegistered"`
}

func (t *Tenant) registrations(yield func(any) bool) {
	for p := range t.everyone() {
		record := registration{
			ID: t.userID(p.index), UserPrincipalName: t.upn(p), UserDisplayName: p.given + " " + p.family, UserType: "member",
			IsAdmin: len(p.roles) > 0, IsMFARegistered: p.registered, IsMFACapable: p.registered, IsPasswordlessCapable: p.passwordless,
			IsSSPRRegistered: p.registered, IsSSPREnabled: p.resettable, IsSSPRCapable: p.registered && p.resettable,
			MethodsRegistered: p.methods(),
		}
		if p.cohort == "guest" {
			record.UserType = "guest"
		}
		if !yield(record) {
			return
		}
	}
}

func (p person) methods() []string {
	switch {
	case p.passwordless:
		return []string{"fido2", "microsoftAuthenticatorPush"}
	case p.registered && p.rank%3 == 0:
		return []string{"mobilePhone"}
	case p.registered:
		return []string{"microsoftAuthenticatorPush", "softwareOneTimePasscode"}
	case p.resettable && p.rank%2 == 0:
		return []string{"email"}
	default:
		return []string{}
	}
}

func (t *Tenant) skuID(sku string) string { return t.guid("sku "+sku, 0) }

// mailPlan holds when a person's licence comes with a mailbox.
func (t *Tenant) mailPlan(sku string) bool {
	return slices.ContainsFunc(t.words.Licences[sku], func(plan string) bool {
		return plan == "EXCHANGE_S_ENTERPRISE" || plan == "EXCHANGE_S_STANDARD"
	})
}
