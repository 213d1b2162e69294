package tenant

import (
	"fmt"
	"strings"
)

// mailbox is a record of exchange.mailboxes.
type mailbox struct {
	PrimarySMTPAddress        string   `json:"primarySmtpAddress"`
	UserPrincipalName         string   `json:"userPrincipalName"`
	EmailAddresses            []string `json:"emailAddresses"`
	Alias                     string   `json:"alias"`
	Name                      string   `json:"name"`
	DisplayName               string   `json:"displayName"`
	DistinguishedName         string   `json:"distinguishedName"`
	GUID                      string   `json:"guid"`
	ExchangeGUID              string   `json:"exchangeGuid"`
	ExternalDirectoryObjectID string   `json:"externalDirectoryObjectId"`
	RecipientTypeDetails      string   `json:"recipientTypeDetails"`
	AuditEnabled              bool     `json:"auditEnabled"`
	AuditBypassEnabled        bool     `json:"auditBypassEnabled"`
	ForwardingSMTPAddress     *string  `json:"forwardingSmtpAddress"`
}

// mailboxOf is what a mailbox is called by, which follows from its address and from whose it is.
func (t *Tenant) mailboxOf(address, upn, name, owner string) mailbox {
	alias, _, _ := strings.Cut(address, "@")
	return mailbox{
		PrimarySMTPAddress: address, UserPrincipalName: upn, EmailAddresses: t.mailAddresses(address), Alias: alias, Name: owner,
		DisplayName: name, DistinguishedName: "CN=" + owner + ",OU=" + t.domain() + ",OU=Microsoft Exchange Hosted Organizations",
		GUID: t.guid("recipient "+address, 0), ExchangeGUID: t.guid("store "+address, 0), ExternalDirectoryObjectID: owner,
	}
}

// hasMailbox holds for people whose licence comes with one.
func (t *Tenant) hasMailbox(p person) bool { return p.sku != "" && t.mailPlans[p.sku] }

func (t *Tenant) mailboxes(yield func(any) bool) {
	forwarding := newDeck(t.spec.Seed, "forwarding", t.staff.size)
	for p := range t.everyone() {
		if !t.hasMailbox(p) {
			continue
		}
		record := t.mailboxOf(t.address(p), t.upn(p), p.given+" "+p.family, t.userID(p.index))
		record.RecipientTypeDetails, record.AuditEnabled = "UserMailbox", true
		if p.cohort == "staff" && forwarding.place(p.rank) < portion(t.staff.size, t.profile.Mailboxes.Forwarding) {
			address := "smtp:" + p.local + "@webmail.example"
			record.ForwardingSMTPAddress = &address
		}
		if !yield(record) {
			return
		}
	}
	t.sharedMailboxes(yield)
}

// sharedMailboxes yields the mailboxes that belong to no person.
func (t *Tenant) sharedMailboxes(yield func(any) bool) {
	kinds := []struct{ kind, name string }{
		{"RoomMailbox", "Meeting room"},
		{"SharedMailbox", "Shared inbox"},
		{"EquipmentMailbox", "Projector"},
		{"DiscoveryMailbox", "Discovery search"},
		{"PublicFolderMailbox", "Public folders"},
	}
	count := max(len(kinds), t.spec.Users/t.profile.Mailboxes.People)
	unaudited := newDeck(t.spec.Seed, "unaudited", count)
	for i := range count {
		kind := kinds[i%len(kinds)]
		name := fmt.Sprintf("%s %d", kind.name, i/len(kinds)+1)
		address := strings.ReplaceAll(strings.ToLower(name), " ", "-") + "@" + t.domain()
		record := t.mailboxOf(address, address, name, t.guid("mailbox", i))
		record.RecipientTypeDetails = kind.kind
		record.AuditEnabled = unaudited.place(i) >= portion(count, t.profile.Mailboxes.Unaudited)
		if !yield(record) {
			return
		}
	}
}

// mailAddresses are a mailbox's primary address and the one in the domain that the tenant began with.
func (t *Tenant) mailAddresses(primary string) []string {
	local, _, _ := strings.Cut(primary, "@")
	return []string{"SMTP:" + primary, "smtp:" + local + "@" + t.initialDomain()}
}

// mailGroup is a record of exchange.groups.
type mailGroup struct {
	PrimarySMTPAddress   string `json:"primarySmtpAddress"`
	DisplayName          string `json:"displayName"`
	RecipientTypeDetails string `json:"recipientTypeDetails"`
}

// mailGroups yields the groups of entra.groups that get mail.
func (t *Tenant) mailGroups(yield func(any) bool) {
	t.groups(func(record any) bool {
		g := record.(entraGroup)
		if !g.MailEnabled {
			return true
		}
		kind := "MailUniversalSecurityGroup"
		if len(g.GroupTypes) > 0 {
			kind = "GroupMailbox"
		}
		return yield(mailGroup{PrimarySMTPAddress: *g.Mail, DisplayName: g.DisplayName, RecipientTypeDetails: kind})
	})
}

// mailMembership is a record of exchange.group_members.
type mailMembership struct {
	Group  string `json:"group"`
	Member string `json:"member"`
}

func (t *Tenant) mailMemberships(yield func(any) bool) {
	for p := range t.everyone() {
		if !t.hasMailbox(p) {
			continue
		}
		for _, g := range t.groupsOf(p) {
			if g.Mail != "" && !yield(mailMembership{Group: t.groupMail(g), Member: t.address(p)}) {
				return
			}
		}
	}
}
