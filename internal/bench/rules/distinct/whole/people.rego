# The fifteen rules about people, over the whole document: who is in scope, and who of them fails, each as a set of ids.
package bench.people

results["PeopleMailIsSignIn"] := {"in_scope": count(mail_is_sign_in_scope), "failing": count(mail_is_sign_in_failing)}

mail_is_sign_in_scope contains person.id if {
	some person in input.bench.people
	mail_is_sign_in_applies(person)
}

mail_is_sign_in_failing contains person.id if {
	some person in input.bench.people
	mail_is_sign_in_applies(person)
	not mail_is_sign_in_complies(person)
}

mail_is_sign_in_applies(_) := true

# Both are the same, in any case.
mail_is_sign_in_complies(person) if lower(person.mail) == lower(person.userPrincipalName)

results["PeopleAdminNames"] := {"in_scope": count(admin_names_scope), "failing": count(admin_names_failing)}

admin_names_scope contains person.id if {
	some person in input.bench.people
	admin_names_applies(person)
}

admin_names_failing contains person.id if {
	some person in input.bench.people
	admin_names_applies(person)
	not admin_names_complies(person)
}

admin_names_applies(person) if startswith(lower(person.userPrincipalName), data.sets.admin_names_prefix)

admin_names_complies(person) if regex.match(data.sets.admin_names_pattern, person.userPrincipalName)

results["PeoplePasswordAge"] := {"in_scope": count(password_age_scope), "failing": count(password_age_failing)}

password_age_scope contains person.id if {
	some person in input.bench.people
	password_age_applies(person)
}

password_age_failing contains person.id if {
	some person in input.bench.people
	password_age_applies(person)
	not password_age_complies(person)
}

password_age_applies(_) := true

day := ((24 * 60) * 60) * 1000000000

now := time.parse_rfc3339_ns(data.sets.now)

# The password was changed within these days.
password_age_complies(person) if {
	changed := time.parse_rfc3339_ns(person.lastPasswordChangeDateTime)
	now - changed <= data.sets.password_age_days * day
}

results["PeopleDormant"] := {"in_scope": count(dormant_scope), "failing": count(dormant_failing)}

dormant_scope contains person.id if {
	some person in input.bench.people
	dormant_applies(person)
}

dormant_failing contains person.id if {
	some person in input.bench.people
	dormant_applies(person)
	not dormant_complies(person)
}

dormant_applies(_) := true

dormant_complies(person) if time.parse_rfc3339_ns(person.lastSignInDateTime) >= time.parse_rfc3339_ns(data.sets.dormant_signed_in_since)

# New accounts are given time.
dormant_complies(person) if time.parse_rfc3339_ns(person.createdDateTime) >= time.parse_rfc3339_ns(data.sets.dormant_created_since)

results["PeopleAddressDomains"] := {"in_scope": count(address_domains_scope), "failing": count(address_domains_failing)}

address_domains_scope contains person.id if {
	some person in input.bench.people
	address_domains_applies(person)
}

address_domains_failing contains person.id if {
	some person in input.bench.people
	address_domains_applies(person)
	not address_domains_complies(person)
}

address_domains_applies(person) if count(person.proxyAddresses) > 0

address_domains_complies(person) if {
	every address in person.proxyAddresses {
		parts := split(lower(address), "@")
		parts[1] in data.sets.address_domains_domains
	}
}

results["PeopleOnePrimary"] := {"in_scope": count(one_primary_scope), "failing": count(one_primary_failing)}

one_primary_scope contains person.id if {
	some person in input.bench.people
	one_primary_applies(person)
}

one_primary_failing contains person.id if {
	some person in input.bench.people
	one_primary_applies(person)
	not one_primary_complies(person)
}

one_primary_applies(_) := true

# The protocol of the primary address is in capitals.
one_primary_complies(person) if {
	primary := [address | some address in person.proxyAddresses; startswith(address, "SMTP:")]
	count(primary) == 1
	lower(primary[0]) == concat("", ["smtp:", lower(person.mail)])
}

results["PeopleDisplayNames"] := {"in_scope": count(display_names_scope), "failing": count(display_names_failing)}

display_names_scope contains person.id if {
	some person in input.bench.people
	display_names_applies(person)
}

display_names_failing contains person.id if {
	some person in input.bench.people
	display_names_applies(person)
	not display_names_complies(person)
}

display_names_applies(_) := true

# As in "Adams, Ada (Sales)", without blanks around it.
display_names_complies(person) if {
	trim_space(person.displayName) == person.displayName
	contains(person.displayName, ", ")
	endswith(person.displayName, sprintf("(%s)", [person.department]))
}

results["PeopleOrganizationalUnit"] := {"in_scope": count(organizational_unit_scope), "failing": count(organizational_unit_failing)}

organizational_unit_scope contains person.id if {
	some person in input.bench.people
	organizational_unit_applies(person)
}

organizational_unit_failing contains person.id if {
	some person in input.bench.people
	organizational_unit_applies(person)
	not organizational_unit_complies(person)
}

organizational_unit_applies(person) if contains(person.onPremisesDistinguishedName, "DC=")

organizational_unit_complies(person) if {
	parts := split(person.onPremisesDistinguishedName, ",")
	parts[1] == sprintf("OU=%s", [person.department])
	endswith(person.onPremisesDistinguishedName, data.sets.organizational_unit_root)
}

results["PeoplePhoneNumbers"] := {"in_scope": count(phone_numbers_scope), "failing": count(phone_numbers_failing)}

phone_numbers_scope contains person.id if {
	some person in input.bench.people
	phone_numbers_applies(person)
}

phone_numbers_failing contains person.id if {
	some person in input.bench.people
	phone_numbers_applies(person)
	not phone_numbers_complies(person)
}

phone_numbers_applies(_) := true

# As E.164 writes them, once the blanks are out.
phone_numbers_complies(person) if regex.match(`^\+[1-9][0-9]{7,14}$`, replace(person.mobilePhone, " ", ""))

results["PeopleEmployeeIds"] := {"in_scope": count(employee_ids_scope), "failing": count(employee_ids_failing)}

employee_ids_scope contains person.id if {
	some person in input.bench.people
	employee_ids_applies(person)
}

employee_ids_failing contains person.id if {
	some person in input.bench.people
	employee_ids_applies(person)
	not employee_ids_complies(person)
}

employee_ids_applies(_) := true

employee_ids_complies(person) if person.employeeId == sprintf("%s-%06d", [upper(substring(person.department, 0, 3)), person.employeeNumber])

results["PeopleAppGrants"] := {"in_scope": count(app_grants_scope), "failing": count(app_grants_failing)}

app_grants_scope contains person.id if {
	some person in input.bench.people
	app_grants_applies(person)
}

app_grants_failing contains person.id if {
	some person in input.bench.people
	app_grants_applies(person)
	not app_grants_complies(person)
}

app_grants_applies(person) if count(person.grants) > 0

app_grants_complies(person) if {
	count(dangerous(person)) == 0
	every grant in person.grants {
		time.parse_rfc3339_ns(grant.grantedDateTime) >= time.parse_rfc3339_ns(data.sets.app_grants_since)
	}
}

dangerous(person) := {scope |
	some grant in person.grants
	some scope in split(grant.scope, " ")
	scope in data.sets.app_grants_dangerous
}

results["PeopleMailboxes"] := {"in_scope": count(mailboxes_scope), "failing": count(mailboxes_failing)}

mailboxes_scope contains person.id if {
	some person in input.bench.people
	mailboxes_applies(person)
}

mailboxes_failing contains person.id if {
	some person in input.bench.people
	mailboxes_applies(person)
	not mailboxes_complies(person)
}

mailboxes_applies(_) := true

mailboxes_complies(person) if {
	person.mailbox.usedBytes / person.mailbox.quotaBytes <= data.sets.mailboxes_share
	not forwards_outside(person)
}

forwards_outside(person) if {
	target := trim_prefix(lower(person.mailbox.forwardTo), "smtp:")
	not split(target, "@")[1] in data.sets.mailboxes_domains
}

results["PeopleManagers"] := {"in_scope": count(managers_scope), "failing": count(managers_failing)}

managers_scope contains person.id if {
	some person in input.bench.people
	managers_applies(person)
}

managers_failing contains person.id if {
	some person in input.bench.people
	managers_applies(person)
	not managers_complies(person)
}

managers_applies(person) if count(person.managerChain) > 0

managers_complies(person) if {
	domain := split(person.userPrincipalName, "@")[1]
	every manager in person.managerChain {
		endswith(manager.mail, concat("", ["@", domain]))
	}
}

results["PeopleSessionCountries"] := {"in_scope": count(session_countries_scope), "failing": count(session_countries_failing)}

session_countries_scope contains person.id if {
	some person in input.bench.people
	session_countries_applies(person)
}

session_countries_failing contains person.id if {
	some person in input.bench.people
	session_countries_applies(person)
	not session_countries_complies(person)
}

session_countries_applies(person) if count(sessions_of(person)) > 0

session_countries_complies(person) if {
	every session in sessions_of(person) {
		object.get(session, "country", "") in data.sets.session_countries_countries
	}
}

results["PeopleRiskySessions"] := {"in_scope": count(risky_sessions_scope), "failing": count(risky_sessions_failing)}

risky_sessions_scope contains person.id if {
	some person in input.bench.people
	risky_sessions_applies(person)
}

risky_sessions_failing contains person.id if {
	some person in input.bench.people
	risky_sessions_applies(person)
	not risky_sessions_complies(person)
}

risky_sessions_applies(_) := true

risky_sessions_complies(person) if count(risky(person)) == 0

risky(person) := {session.id |
	some session in sessions_of(person)
	time.parse_rfc3339_ns(session.createdDateTime) >= time.parse_rfc3339_ns(data.sets.risky_sessions_since)
	suspicious(session)
}

suspicious(session) if session.riskScore >= data.sets.risky_sessions_score

suspicious(session) if session.clientAppUsed in data.sets.risky_sessions_legacy

sessions_of(person) := object.get(sessions, person.id, [])

# Grouped once: OPA makes an index of the inner comprehension.
sessions := {id: mine |
	some session in input.bench.sessions
	id := session.userId
	mine := [other | some other in input.bench.sessions; other.userId == id]
}
