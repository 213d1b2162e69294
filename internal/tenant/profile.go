package tenant

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
)

//go:embed data
var data embed.FS

// profile holds the numbers of a tenant: who works there, what they hold, and how much of it is in
// order. All shares are fractions of one.
type profile struct {
	People         people          `json:"people"`
	Administrators []administrator `json:"administrators"` // the first people of every tenant
	Groups         []group         `json:"groups"`
	Teams          teams           `json:"teams"`
	Mailboxes      mailboxes       `json:"mailboxes"`
	Devices        devices         `json:"devices"`
}

// people are everyone but the administrators. Guests and disabled accounts are shares of all of
// them; the rest are shares of guests, of disabled accounts and of staff alike, unless they say
// otherwise.
type people struct {
	Guests       float64   `json:"guests"`
	Disabled     float64   `json:"disabled"`
	Synced       float64   `json:"synced"`       // of members: accounts that come from a directory on premises
	Registered   float64   `json:"registered"`   // for multifactor authentication
	Passwordless float64   `json:"passwordless"` // a part of the registered
	Resettable   float64   `json:"resettable"`   // may reset their own password
	Delegates    float64   `json:"delegates"`    // of staff: hold a lesser role
	Licences     []licence `json:"licences"`     // of staff; at most one for each person
}

type licence struct {
	SKU   string  `json:"sku"`
	Share float64 `json:"share"`
}

// administrator is a person that policies may name, by key.
type administrator struct {
	Key          string   `json:"key"`
	Given        string   `json:"given"`
	Family       string   `json:"family"`
	Roles        []string `json:"roles"`
	Licence      string   `json:"licence"`
	Disabled     bool     `json:"disabled"`
	Synced       bool     `json:"synced"`
	Activated    bool     `json:"activated"` // roles are held for a few hours, not for good
	Registered   bool     `json:"registered"`
	Passwordless bool     `json:"passwordless"`
}

// group is a group that policies may name, by key. It holds a department (a share of staff; each
// person works in one), all staff, or the administrators listed.
type group struct {
	Key            string   `json:"key"`
	Name           string   `json:"name"`
	Mail           string   `json:"mail"` // local part of its address; none makes it a security group
	Share          float64  `json:"share"`
	Everyone       bool     `json:"everyone"`
	Administrators []string `json:"administrators"`
}

// teams are the groups that people make for themselves.
type teams struct {
	People int     `json:"people"` // in each
	Public float64 `json:"public"`
}

// mailboxes of licensed people come by themselves; these are the others.
type mailboxes struct {
	People     int     `json:"people"`     // for each shared mailbox, room or device
	Unaudited  float64 `json:"unaudited"`  // of the others
	Forwarding float64 `json:"forwarding"` // of people's
}

type devices struct {
	Platforms []platform `json:"platforms"`
	// A setting is right on a share of devices: its own if there is one, else one between the least
	// and the most that follows from its id.
	Compliant struct {
		Least float64 `json:"least"`
		Most  float64 `json:"most"`
	} `json:"compliant"`
	Settings map[string]float64 `json:"settings"`
}

type platform struct {
	Name    string  `json:"name"`
	Version string  `json:"version"`
	Group   string  `json:"group"`  // device group
	Prefix  string  `json:"prefix"` // of device names
	Share   float64 `json:"share"`
}

// setting is something that Defender for Endpoint checks on a device.
type setting struct {
	ID          string `json:"id"`
	Platform    string `json:"platform"` // where it applies: the beginning of a platform's name
	Category    string `json:"category"`
	Subcategory string `json:"subcategory"`
	Impact      int    `json:"impact"`
}

// vocabulary is what tenants of all profiles are made of.
type vocabulary struct {
	Names struct {
		Given    []string `json:"given"`
		Family   []string `json:"family"`
		Teams    []string `json:"teams"`
		Kinds    []string `json:"kinds"`
		Partners []string `json:"partners"`
	}
	Roles    map[string]string   // template ids by name
	Licences map[string][]string // service plans by SKU
	Settings []setting
}

func loadVocabulary() (v vocabulary, err error) {
	return v, errors.Join(
		load("names.json", &v.Names),
		load("roles.json", &v.Roles),
		load("licences.json", &v.Licences),
		load("settings.json", &v.Settings),
	)
}

func loadProfile(name string) (p profile, err error) {
	if _, err := fs.Stat(data, path.Join("data", name, profileFile)); err != nil {
		return p, fmt.Errorf("profile %q is not known; there are good, mixed and bad", name)
	}
	return p, load(path.Join(name, profileFile), &p)
}

const profileFile = "profile.json"

// load reads a file of the embedded data, in which an unknown field is an error.
func load(name string, into any) error {
	raw, err := data.ReadFile(path.Join("data", name))
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	return nil
}
