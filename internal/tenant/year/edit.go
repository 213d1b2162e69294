package year

import (
	"slices"
	"strings"
	"time"
)

// editor turns the sample tenant back to what it was on a day. It sees the records of one tenant once, in order.
type editor struct {
	day     int
	devices []string // in the order in which they are seen
}

// edit is tenant.Spec.Edit.
func (e *editor) edit(dataset string, value map[string]any) bool {
	switch dataset {
	case "entra.users":
		return e.person(text(value, "id"))
	case "entra.group_members":
		return e.person(text(value, "memberId"))
	case "entra.user_registration":
		return e.registration(value)
	case "defender_endpoint.secure_configuration":
		return e.device(text(value, "deviceId"))
	case "sharepoint.settings":
		value["isLegacyAuthProtocolsEnabled"] = !since(e.day, settingChanged)
	case "entra.subscribed_skus":
		if since(e.day, licenseEnded) && !since(e.day, licenseRenewed) && text(value, "skuPartNumber") == "SPE_E5" {
			value["capabilityStatus"] = "Suspended"
		}
	case "attestation.claims":
		e.claim(value)
	case "defender_endpoint.exceptions":
		value["created"] = At(-1).Format(time.RFC3339)
		delete(value, "expires")
	case "entra.role_assignments":
		delete(value, "startDateTime")
		delete(value, "endDateTime")
	}
	return true
}

func text(value map[string]any, field string) string {
	s, _ := value[field].(string)
	return s
}

// person reports whether somebody is there, by id. Neither has a license or a mailbox, so that nothing else comes or leaves with them.
func (e *editor) person(id string) bool {
	switch id {
	case "c8ce32c0-7215-4f00-a471-d33a3bdfc838", "6af0eeef-6f5d-49a3-b42d-4ee6affcab4f", "b9166a36-c44a-4477-b1e1-7415493ba0c0": // guests
		return since(e.day, usersCame)
	case "88647a8a-3a3d-4956-8fb6-9421b6194340", "0139b621-ea0f-455f-a839-4d24df51e249":
		return !since(e.day, usersLeft)
	}
	return true
}

// registration is what somebody registered: four people did so within the year.
func (e *editor) registration(value map[string]any) bool {
	name := text(value, "userPrincipalName")
	switch before, _, _ := strings.Cut(name, "@"); before {
	case "edda.petrov", "eino.sousa", "elif.weiss", "emre.barros":
		if !since(e.day, usersRegistered) {
			value["isMfaRegistered"], value["isMfaCapable"] = false, false
			value["methodsRegistered"] = []any{}
		}
	}
	return e.person(text(value, "id"))
}

// device reports whether a device is there: the first five came within the year.
func (e *editor) device(id string) bool {
	if !slices.Contains(e.devices, id) {
		e.devices = append(e.devices, id)
	}
	return since(e.day, devicesCame) || slices.Index(e.devices, id) >= 5
}

// claim makes all claims and exceptions hold for the whole year, but for one.
func (e *editor) claim(value map[string]any) {
	value["at"], value["until"] = At(-1).Format(time.RFC3339), nil
	if text(value, "controlId") == "aad_linkedin_connection_disables" {
		value["until"] = At(claimsRanOut).Format(time.RFC3339)
	}
}
