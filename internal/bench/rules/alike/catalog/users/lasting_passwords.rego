package policies.users.lasting_passwords

default in_scope := true

in_scope := false if input.accountEnabled == false

default compliant := false

# One of the policies of the password, which are a list with commas, keeps it from expiring.
compliant if contains(input.passwordPolicies, "DisablePasswordExpiration")
