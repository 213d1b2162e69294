package policies.directory.members

compliant := false
