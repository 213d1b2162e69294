# The user that the record is about, as Conditional Access policies tell users apart, and whom policies spare. Controls that use this have
# entra.conditional_access_policies in their context, beside what entra_user needs.
package policies.lib.entra_sign_in

import data.policies.lib.conditional_access
import data.policies.lib.entra_user

user := conditional_access.user(input.id, _account, input.groups, entra_user.assignments, _named)

# Holds for a policy of which is known whom it excludes.
knows_excluded(policy) if conditional_access.knows_excluded(policy, entra_user.complete_groups, _role_assignments)

_named := conditional_access.named(data.evidence.entra.conditional_access_policies)

_account := conditional_access.account(_user_type, _sign_in_name)

default _user_type := null

_user_type := input.userType

default _sign_in_name := null

_sign_in_name := input.userPrincipalName

default _role_assignments := null

_role_assignments := data.evidence.entra.role_assignments
