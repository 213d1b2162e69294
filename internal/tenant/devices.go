package tenant

import (
	"fmt"
	"math"
	"strings"
)

// configuration is a record of defender_endpoint.secure_configuration: one setting on one device.
type configuration struct {
	DeviceID                 string `json:"deviceId"`
	DeviceName               string `json:"deviceName"`
	OSPlatform               string `json:"osPlatform"`
	OSVersion                string `json:"osVersion"`
	RBACGroupName            string `json:"rbacGroupName"`
	ConfigurationID          string `json:"configurationId"`
	ConfigurationCategory    string `json:"configurationCategory"`
	ConfigurationSubcategory string `json:"configurationSubcategory"`
	ConfigurationImpact      int    `json:"configurationImpact"`
	IsApplicable             bool   `json:"isApplicable"`
	IsCompliant              bool   `json:"isCompliant"`
}

// check is a setting together with the devices that have it right.
type check struct {
	setting
	devices deck
	right   int // places below it comply
}

func (t *Tenant) configurations(yield func(any) bool) {
	count := t.spec.Users / 2
	platforms := newDeck(t.spec.Seed, "platforms", count)
	shares := make([]float64, len(t.profile.Devices.Platforms))
	for i, p := range t.profile.Devices.Platforms {
		shares[i] = p.Share
	}
	checks := t.checks(count)
	for i := range count {
		p := t.profile.Devices.Platforms[max(0, platforms.pile(i, shares))]
		device := configuration{
			DeviceID: t.machine(i), DeviceName: fmt.Sprintf("%s-%s-%04d", t.spec.Name, p.Prefix, i+1), OSPlatform: p.Name, OSVersion: p.Version,
			RBACGroupName: p.Group,
		}
		for _, c := range checks {
			if !yield(c.on(device, i)) {
				return
			}
		}
	}
}

// on returns the record of the check on the index-th device. A check that doesn't apply is never
// called compliant.
func (c check) on(device configuration, index int) configuration {
	device.ConfigurationID, device.ConfigurationImpact = c.ID, c.Impact
	device.ConfigurationCategory, device.ConfigurationSubcategory = c.Category, c.Subcategory
	device.IsApplicable = strings.HasPrefix(device.OSPlatform, c.Platform)
	device.IsCompliant = device.IsApplicable && c.devices.place(index) < c.right
	return device
}

func (t *Tenant) checks(devices int) []check {
	checks := make([]check, len(t.settings))
	for i, s := range t.settings {
		checks[i] = check{
			setting: s, devices: newDeck(t.spec.Seed, "setting "+s.ID, devices), right: portion(devices, t.compliantShare(s.ID)),
		}
	}
	return checks
}

// compliantShare is the share of devices on which a setting is right.
func (t *Tenant) compliantShare(id string) float64 {
	d := t.profile.Devices
	if share, ok := d.Settings[id]; ok {
		return share
	}
	position := float64(mix(hash(id))) / math.MaxUint64
	return d.Compliant.Least + (d.Compliant.Most-d.Compliant.Least)*position
}
