package policies.users.recent_sign_ins

default in_scope := true

in_scope := false if input.accountEnabled == false

default compliant := false

# Times of one form are in the order of their texts.
compliant if input.lastSignIn >= data.parameters.since
