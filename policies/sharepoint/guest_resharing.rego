package policies.sharepoint.guest_resharing

# Guests can't pass on what they don't own, or nothing is shared with guests at all.
default compliant := false

compliant if data.evidence.sharepoint.settings.sharingCapability == "disabled"

compliant if data.evidence.sharepoint.settings.isResharingByExternalUsersEnabled == false

# The switch that is not known to be off.
reasons contains "guests are not kept from sharing what they don't own" if not compliant
