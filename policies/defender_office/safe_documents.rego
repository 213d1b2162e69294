package policies.defender_office.safe_documents

# Documents are checked before they leave Protected View, and the result can't be clicked away.
default compliant := false

compliant if {
	_checked
	_binding
}

# Which of the two is not known to hold.
reasons contains "Safe Documents is not on" if not _checked

reasons contains "people may leave Protected View for a file that was found harmful" if not _binding

_checked if data.evidence.defender_office.atp_policy.enableSafeDocs == true

_binding if data.evidence.defender_office.atp_policy.allowSafeDocsOpen == false
