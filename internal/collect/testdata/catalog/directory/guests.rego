package policies.directory.guests

compliant := false
