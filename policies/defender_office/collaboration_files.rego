package policies.defender_office.collaboration_files

# Files in SharePoint, OneDrive and Teams go through Safe Attachments.
default compliant := false

compliant if data.evidence.defender_office.atp_policy.enableATPForSPOTeamsODB == true

# The switch that is not known to be on.
reasons contains "files in SharePoint, OneDrive and Teams are not scanned with Safe Attachments" if not compliant
