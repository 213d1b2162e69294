package year

import (
	"slices"

	"github.com/posture-score/posture/internal/tenant"
)

// Fortnight returns the sample tenant as it was two weeks before it was collected: testdata has both, so that everybody can compare
// them.
func Fortnight() tenant.Spec {
	spec := tenant.Samples()[0]
	spec.CollectedAt = tenant.CollectedAt().AddDate(0, 0, -14)
	spec.Failed = map[string]string{
		"teams.meeting_policies": spec.Failed["teams.meeting_policies"],
		"forms.settings":         "403 Forbidden: the collector lacks OrgSettings-Forms.Read.All",
	}
	spec.Edit = before
	return spec
}

// before takes back what two weeks changed: guests came, one person registered a method and another one removed theirs, and
// SharePoint was opened to legacy authentication.
func before(dataset string, value map[string]any) bool {
	guests := []string{"c8ce32c0-7215-4f00-a471-d33a3bdfc838", "6af0eeef-6f5d-49a3-b42d-4ee6affcab4f"}
	switch dataset {
	case "entra.users":
		return !slices.Contains(guests, text(value, "id"))
	case "entra.group_members":
		return !slices.Contains(guests, text(value, "memberId"))
	case "entra.user_registration":
		switch text(value, "userPrincipalName") {
		case "edda.petrov@contoso.example":
			value["isMfaRegistered"], value["isMfaCapable"] = false, false
		case "carla.conti@contoso.example":
			value["isMfaRegistered"], value["isMfaCapable"] = true, true
		}
		return !slices.Contains(guests, text(value, "id"))
	case "sharepoint.settings":
		value["isLegacyAuthProtocolsEnabled"] = false
	}
	return true
}
