package synthetic

import "fmt"

// device is shaped after Graph's managedDevice, with what the policies of Intune found on it.
type device struct {
	ID                string    `json:"id"`
	DeviceName        string    `json:"deviceName"`
	OperatingSystem   string    `json:"operatingSystem"`
	OSVersion         string    `json:"osVersion"`
	ComplianceState   string    `json:"complianceState"`
	IsEncrypted       bool      `json:"isEncrypted"`
	IsSupervised      bool      `json:"isSupervised"`
	JailBroken        string    `json:"jailBroken"`
	ManagementAgent   string    `json:"managementAgent"`
	OwnerType         string    `json:"ownerType"`
	PasscodeRequired  bool      `json:"passcodeRequired"`
	PasscodeMinLength int       `json:"passcodeMinLength"`
	FirewallEnabled   bool      `json:"firewallEnabled"`
	AntivirusEnabled  bool      `json:"antivirusEnabled"`
	SecureBoot        bool      `json:"secureBoot"`
	TPMVersion        string    `json:"tpmVersion"`
	LastSync          string    `json:"lastSync"`
	AutoUpdate        bool      `json:"autoUpdate"`
	DefenderRealtime  bool      `json:"defenderRealtime"`
	BitLocker         bitLocker `json:"bitlocker"`
	SerialNumber      string    `json:"serialNumber"`
}

type bitLocker struct {
	Enabled bool   `json:"enabled"`
	Method  string `json:"method"`
}

func newDevice(c *chance, i int) device {
	return device{
		ID:                c.guid(),
		DeviceName:        fmt.Sprintf("DEV-%06d", i),
		OperatingSystem:   c.one("Windows", "iOS", "Android", "macOS", "Linux"),
		OSVersion:         c.one("10.0.19045.3803", "10.0.22631.2861", "10.0.22621.1702", "17.2.1", "16.7.3", "14", "13", "14.2.1", "12.6.8", "22.04"),
		ComplianceState:   c.one("compliant", "compliant", "compliant", "noncompliant", "inGracePeriod"),
		IsEncrypted:       c.holds(.85),
		IsSupervised:      c.holds(.3),
		JailBroken:        c.one("False", "False", "False", "Unknown"),
		ManagementAgent:   c.one("mdm", "eas", "configManager"),
		OwnerType:         c.one("company", "personal"),
		PasscodeRequired:  c.holds(.9),
		PasscodeMinLength: 4 + c.IntN(5),
		FirewallEnabled:   c.holds(.95),
		AntivirusEnabled:  c.holds(.95),
		SecureBoot:        c.holds(.9),
		TPMVersion:        c.one("2.0", "1.2", ""),
		LastSync:          fmt.Sprintf("2026-%02d-%02dT%02d:00:00Z", 1+c.IntN(9), 1+c.IntN(28), c.IntN(24)),
		AutoUpdate:        c.holds(.9),
		DefenderRealtime:  c.holds(.97),
		BitLocker:         bitLocker{Enabled: c.holds(.8), Method: c.one("XtsAes128", "XtsAes256", "AesCbc128")},
		SerialNumber:      fmt.Sprintf("%016X", c.Uint64()),
	}
}
