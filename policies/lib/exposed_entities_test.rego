package policies.lib.exposed_entities_test

import data.policies.lib.exposed_entities

test_cases if {
	every case in [
		{"found": [], "clean": false, "shortfalls": {"the evidence holds no result for this assessment"}},
		{"found": [{"controlId": "B", "exposedEntities": []}], "clean": false, "shortfalls": {"the evidence holds no result for this assessment"}},
		{"found": [{"controlId": "A", "exposedEntities": []}], "clean": true, "shortfalls": set()},
		{"found": [{"controlId": "A", "exposedEntities": [{}, {}]}], "clean": false, "shortfalls": {"exposed entities: 2"}},
		{"found": [{"controlId": "A", "exposedEntities": []}, {"controlId": "A", "exposedEntities": [{}]}], "clean": false, "shortfalls": {"exposed entities: 1"}},
		{"found": [{"controlId": "A", "exposedEntities": []}, {"controlId": "A", "exposedEntities": [{}]}], "clean": false, "shortfalls": {"exposed entities: 1"}},
		{"found": [{"controlId": "A", "exposedEntities": null}], "clean": false, "shortfalls": set()},
	] {
		results := exposed_entities.results(case.found, "A")
		case.shortfalls == exposed_entities.shortfalls(results)
		clean := [true | exposed_entities.clean(results)]
		is_clean := count(clean) == 1
		case.clean == is_clean
	}
}
