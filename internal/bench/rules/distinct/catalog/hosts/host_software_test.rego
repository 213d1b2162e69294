package policies.hosts.host_software_test

import data.policies.hosts.host_software

_good := {"software": [{"name": "7-Zip"}]}

_parameters := {"forbidden": ["teamviewer", "anydesk", "torrent"]}

_patched(patch) := object.union(_good, patch)

test_compliant if {
	host_software.in_scope with input as _good with data.parameters as _parameters
	host_software.compliant with input as _good with data.parameters as _parameters
}

test_not_compliant_1 if not host_software.compliant with input as _patched({"software": [{"name": "7-Zip"}, {"name": "uTorrent Web"}]}) with data.parameters as _parameters

test_nothing_known if not host_software.compliant with input as {"id": "x"} with data.parameters as _parameters
