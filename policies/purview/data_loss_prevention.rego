package policies.purview.data_loss_prevention

import data.policies.lib.dlp_policy

# Some policy against data loss exists and, unless the organization is content with its existence, is enforced.
default compliant := false

compliant if {
	data.parameters.enforced == false
	count(data.evidence.purview.dlp_policies) > 0
}

compliant if {
	some policy in data.evidence.purview.dlp_policies
	dlp_policy.enforced(policy)
}

# Whether policies are missing, or not enforced.
reasons contains "there is no policy against data loss" if count(data.evidence.purview.dlp_policies) == 0

reasons contains "no policy against data loss is enforced: each is off or only tested" if {
	count(data.evidence.purview.dlp_policies) > 0
	not compliant
}
