package year

import (
	"fmt"
	"strings"
	"time"
)

// Register returns the register of a day, as HCL.
func Register(day int) string {
	var text strings.Builder
	decide := func(id, status, more string) {
		fmt.Fprintf(&text, "action %q {\n  status = %q\n  reason = %q\n%s}\n\n", id, status, "decided for the year", more)
	}
	if since(day, statusSet) {
		decide("PWAgePolicyNew", "third_party", fmt.Sprintf("  expires = %q\n", At(statusExpired).Format(time.DateOnly)))
	}
	if !since(day, statusEnded) {
		decide("aad_phishing_MFA_strength", "alternate_mitigation", "")
	}
	if since(day, planned) {
		decide("IntegratedApps", "planned", fmt.Sprintf("  due = %q\n", At(Days).Format(time.DateOnly)))
	}
	if since(day, excluded) {
		fmt.Fprintf(&text, "action \"AdminMFAV2\" {\n  exclude \"b062f694-2634-4b03-a459-6d8e29370693\" {\n    reason  = \"for emergencies\"\n    expires = %q\n  }\n}\n",
			At(exclusionExpired).Format(time.DateOnly))
	}
	return text.String()
}

// Parameters returns the file of parameters of a day, as HCL.
func Parameters(day int) string {
	if !since(day, parametersChanged) {
		return ""
	}
	return "control \"aad_sign_in_freq_session_timeout\" {\n  max_hours = 1000\n}\n"
}

// Catalog returns the files of the organization's own catalog on a day, by path; empty if it has none.
func Catalog(day int) map[string]string {
	if !since(day, controlAdded) || since(day, controlRemoved) {
		return nil
	}
	points, stage, rule := 4, "", `input.userType == "Member"`
	if since(day, pointsChanged) {
		points = 6
	}
	if since(day, ruleChanged) {
		rule = `startswith(input.userPrincipalName, "adm-")`
	}
	if since(day, stageChanged) {
		stage = "  stage    = \"preview\"\n"
	}
	return map[string]string{
		"entra/guest_review.hcl":  fmt.Sprintf(guestReview, points, stage),
		"entra/guest_review.rego": "package policies.entra.guest_review\n\ndefault compliant := false\n\ncompliant if " + rule + "\n",
	}
}

const guestReview = `control "ContosoGuestReview" {
  title    = "Review guests"
  category = "identity"
  product  = "entra_id"
  points   = %d
  tier     = "core"
  threats  = ["data_spillage"]
%s
  coverage "entra.users" {
    when_empty = "full"
  }

  implementation {
    steps = ["Remove guests that nobody needs."]
  }
  source = "Contoso, baseline"
}
`
