package synthetic

import (
	"fmt"
	"strings"
	"time"
)

// person is shaped after Graph's user, as far as its fields differ from one user to the next.
type person struct {
	ID                string    `json:"id"`
	UserPrincipalName string    `json:"userPrincipalName"`
	Mail              string    `json:"mail"`
	DisplayName       string    `json:"displayName"`
	EmployeeID        string    `json:"employeeId"`
	Department        string    `json:"department"`
	EmployeeNumber    int       `json:"employeeNumber"`
	MobilePhone       string    `json:"mobilePhone"`
	DistinguishedName string    `json:"onPremisesDistinguishedName"`
	Created           string    `json:"createdDateTime"`
	PasswordChanged   string    `json:"lastPasswordChangeDateTime"`
	LastSignIn        string    `json:"lastSignInDateTime"`
	ProxyAddresses    []string  `json:"proxyAddresses"`
	Grants            []grant   `json:"grants"`
	Mailbox           mailbox   `json:"mailbox"`
	ManagerChain      []manager `json:"managerChain"`
}

type grant struct {
	ClientID    string `json:"clientId"`
	ConsentType string `json:"consentType"`
	Scope       string `json:"scope"` // with blanks between
	Granted     string `json:"grantedDateTime"`
}

type mailbox struct {
	UsedBytes  int64  `json:"usedBytes"`
	QuotaBytes int64  `json:"quotaBytes"`
	ForwardTo  string `json:"forwardTo,omitempty"`
}

type manager struct {
	Mail string `json:"mail"`
}

// session is shaped after Graph's signIn.
type session struct {
	ID        string  `json:"id"`
	UserID    string  `json:"userId"`
	Created   string  `json:"createdDateTime"`
	IPAddress string  `json:"ipAddress"`
	Client    string  `json:"clientAppUsed"`
	Country   string  `json:"country,omitempty"`
	RiskScore float64 `json:"riskScore"`
}

func departments() []string {
	return []string{"Sales", "Finance", "Engineering", "Operations", "Legal", "Research"}
}

// surname makes one of syllables: few people share it.
func (c *chance) surname() string {
	name := c.one("Ba", "Ca", "Da", "Fe", "Ga", "He", "Ji", "Ka", "Lo", "Mu", "Na", "Or", "Pe", "Qui", "Ro", "Sa", "Te", "Vo", "We", "Zu")
	for range 2 {
		name += c.one("ber", "din", "fel", "gan", "ha", "ker", "lin", "man", "ner", "os", "per", "ran", "sen", "ton", "vic", "wald")
	}
	return name
}

// moment returns a time of the last days before the evidence was collected.
func (c *chance) moment(days int) string {
	at := time.Date(2026, time.October, 1, 0, 0, 0, 0, time.UTC).Add(-time.Duration(c.IntN(days*86400)) * time.Second)
	return at.Format(time.RFC3339)
}

func newPerson(c *chance, i int) person {
	given, surname, department := c.one(strings.Fields(givenNames)...), c.surname(), c.one(departments()...)
	domain := c.one("contoso.example", "contoso.example", "contoso.example", "fabrikam.example")
	local := fmt.Sprintf("%s.%s%d", strings.ToLower(given), strings.ToLower(surname), i)
	if c.holds(.03) {
		local = "adm-" + local
	}
	p := person{
		ID:                c.guid(),
		UserPrincipalName: local + "@" + domain,
		Mail:              local + "@" + domain,
		DisplayName:       fmt.Sprintf("%s, %s (%s)", surname, given, department),
		Department:        department,
		EmployeeNumber:    100_000 + i,
		EmployeeID:        fmt.Sprintf("%s-%06d", strings.ToUpper(department[:3]), 100_000+i),
		MobilePhone:       fmt.Sprintf("+%d %03d %04d%03d", 1+c.IntN(98), 100+c.IntN(900), c.IntN(10_000), c.IntN(1000)),
		DistinguishedName: fmt.Sprintf("CN=%s %s,OU=%s,OU=Users,DC=contoso,DC=example", given, surname, department),
		Created:           c.moment(3000),
		PasswordChanged:   c.moment(400),
		LastSignIn:        c.moment(100),
		ProxyAddresses:    []string{"SMTP:" + local + "@" + domain},
		Grants:            newGrants(c),
		Mailbox:           mailbox{UsedBytes: c.Int64N(52 << 30), QuotaBytes: 50 << 30},
		ManagerChain:      []manager{},
	}
	if c.holds(.4) {
		p.Mail = strings.ToUpper(local[:1]) + local[1:] + "@" + domain // the same in another case
	}
	if c.holds(.6) {
		p.ProxyAddresses = append(p.ProxyAddresses, "smtp:"+local+"@"+c.one("contoso.example", "mail.contoso.example", "contoso.onmicrosoft.example"))
	}
	for range c.IntN(4) {
		p.ManagerChain = append(p.ManagerChain, manager{fmt.Sprintf("%s.%s@%s", strings.ToLower(c.one(strings.Fields(givenNames)...)), strings.ToLower(c.surname()), domain)})
	}
	return c.careless(p)
}

// careless has one in ten people differ from what is asked for, in one way or another.
func (c *chance) careless(p person) person {
	switch c.IntN(70) {
	case 0:
		p.Mail = p.EmployeeID + "@private.example"
	case 1:
		p.DisplayName += " "
	case 2:
		p.EmployeeID = strings.ToLower(p.EmployeeID)
	case 3:
		p.MobilePhone = "0" + p.MobilePhone[1:]
	case 4:
		p.DistinguishedName = strings.Replace(p.DistinguishedName, "OU=Users", "OU=Former", 1)
	case 5:
		p.ProxyAddresses = append(p.ProxyAddresses, "SMTP:"+p.EmployeeID+"@partner.example")
	case 6:
		p.Mailbox.ForwardTo = "smtp:" + p.EmployeeID + "@private.example"
	}
	return p
}

func newGrants(c *chance) []grant {
	grants := make([]grant, c.IntN(4))
	for i := range grants {
		scopes := append([]string{"openid", "profile"}, c.some(.3, "Mail.Read", "User.Read", "Calendars.Read", "Contacts.Read", "Files.Read")...)
		if c.holds(.02) {
			scopes = append(scopes, c.one("Mail.ReadWrite", "Files.ReadWrite.All", "Directory.ReadWrite.All"))
		}
		grants[i] = grant{ClientID: c.guid(), ConsentType: c.one("Principal", "AllPrincipals"), Scope: strings.Join(scopes, " "), Granted: c.moment(800)}
	}
	return grants
}

// host is shaped after Graph's managedDevice, with what an inventory says of the same machine.
type host struct {
	ID           string        `json:"id"`
	DeviceName   string        `json:"deviceName"`
	SerialNumber string        `json:"serialNumber"`
	Site         string        `json:"site"`
	OSVersion    string        `json:"osVersion"`
	IPAddress    string        `json:"ipAddress"`
	LastSync     string        `json:"lastSyncDateTime"`
	Disks        []disk        `json:"disks"`
	Certificates []certificate `json:"certificates"`
	Software     []software    `json:"software"`
}

type disk struct {
	Name      string `json:"name"`
	SizeBytes int64  `json:"sizeBytes"`
	FreeBytes int64  `json:"freeBytes"`
	Encrypted bool   `json:"encrypted"`
}

type certificate struct {
	Thumbprint string `json:"thumbprint"`
	Subject    string `json:"subject"`
	NotAfter   string `json:"notAfter"`
	KeyBits    int    `json:"keyBits"`
}

type software struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

func newHost(c *chance, _ int) host {
	site, serial := c.one("ber", "lon", "nyc", "tyo"), fmt.Sprintf("%012X", c.Uint64()>>16)
	h := host{
		ID: c.guid(), DeviceName: fmt.Sprintf("%s-%s", strings.ToUpper(site), serial[6:]), SerialNumber: serial, Site: site,
		OSVersion: fmt.Sprintf("10.0.%d.%d", 19_000+c.IntN(8000), c.IntN(5000)),
		IPAddress: fmt.Sprintf("10.%d.%d.%d", c.IntN(256), c.IntN(256), 1+c.IntN(254)),
		LastSync:  c.moment(33),
		Disks:     make([]disk, 1+c.IntN(3)), Certificates: make([]certificate, 1+c.IntN(2)), Software: make([]software, 2+c.IntN(4)),
	}
	if c.holds(.05) {
		h.DeviceName = "DESKTOP-" + serial[:6]
	}
	for i := range h.Disks {
		size := int64(128<<30) << c.IntN(4)
		h.Disks[i] = disk{Name: string(rune('C' + i)), SizeBytes: size, FreeBytes: size/100*2 + c.Int64N(size/2), Encrypted: c.holds(.97)}
	}
	for i := range h.Certificates {
		from := time.Date(2026, time.October, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 25+c.IntN(600))
		h.Certificates[i] = certificate{
			Thumbprint: fmt.Sprintf("%016x%016x%08x", c.Uint64(), c.Uint64(), uint32(c.Uint64())), //nolint:gosec // of random bits
			Subject:    "CN=" + h.DeviceName + ".contoso.example", NotAfter: from.Format(time.RFC3339), KeyBits: c.bits(),
		}
	}
	for i := range h.Software {
		h.Software[i] = software{
			Name:    c.one("Contoso Agent", "Notepad++", "7-Zip", "Firefox", "PuTTY", "Wireshark", "LibreOffice", "VLC") + " " + c.one("x64", "x86", "(user)"),
			Version: fmt.Sprintf("%d.%d.%d", 1+c.IntN(120), c.IntN(20), c.IntN(3000)),
		}
		if c.holds(.01) {
			h.Software[i].Name = c.one("TeamViewer Host", "uTorrent Web", "AnyDesk Portable")
		}
	}
	return h
}

func (c *chance) bits() int {
	if c.holds(.03) {
		return 1024
	}
	return 2048 << c.IntN(2)
}

// newSessions returns what makes the sessions of people: it makes the same people again, and so knows
// their ids.
func newSessions() func(*chance, int) session {
	people, next, at := newChance(), 0, person{}
	return func(c *chance, i int) session {
		of := i
		if i%8 < 4 {
			of &^= 1 // two sessions of one person, none of the next
		}
		for ; next <= of; next++ {
			at = newPerson(people, next)
		}
		s := session{
			ID: c.guid(), UserID: at.ID, Created: c.moment(30),
			IPAddress: fmt.Sprintf("%d.%d.%d.%d", 11+c.IntN(200), c.IntN(256), c.IntN(256), 1+c.IntN(254)),
			Client:    c.one("Browser", "Browser", "Mobile Apps and Desktop clients"),
			Country:   c.one("US", "DE", "GB", "FR"),
			RiskScore: float64(c.IntN(7000)) / 10_000,
		}
		switch c.IntN(50) {
		case 0:
			s.Client = c.one("IMAP4", "POP3", "Authenticated SMTP")
		case 1:
			s.Country = c.one("KP", "RU", "")
		case 2:
			s.RiskScore += .3
		}
		return s
	}
}
