package fidelity_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/internal/score"
	"github.com/posture-score/posture/schemas"
)

// enough is greater than the depth of all evidence.
const enough = 50

// However a tenant's answers are saved, a smaller depth earns nothing: each action has at most the
// points that it has when everything was saved, and there are depths that are too small.
func TestDepthEarnsNothing(t *testing.T) {
	compiled := compile(t)
	for _, test := range []struct {
		tenant  string
		excepts bool
		kinds   []shell
	}{
		{"contoso", true, []shell{{}, {hashes: true}, {unrolled: true}, {hashes: true, unrolled: true}, {wrapped: true}}},
		{"contoso", false, []shell{{}}},
		{"tailspin", false, []shell{{hashes: true}}},
	} {
		answers := answersOf(t, test.tenant, test.excepts)
		for _, kind := range test.kinds {
			t.Run(fmt.Sprintf("%s/%+v", test.tenant, kind), func(t *testing.T) {
				t.Parallel()
				kind.depth = enough
				whole := answers.assess(t, compiled, kind)
				if reasons := cutOff(whole); !kind.unrolled && len(reasons) > 0 {
					t.Errorf("with enough depth: %s", reasons)
				}
				for depth := 1; depth <= 6; depth++ {
					kind.depth = depth
					got := answers.assess(t, compiled, kind)
					compareDepths(t, depth, got, whole)
					if depth == 2 && len(cutOff(got)) == 0 {
						t.Error("-Depth 2 costs nothing: this test shows nothing")
					}
					if earned(got) != earned(whole) && depth == 6 && !kind.unrolled {
						t.Errorf("-Depth 6 earns %s, and has all that earns %s", earned(got), earned(whole))
					}
				}
			})
		}
	}
}

// compareDepths finds actions that earn more than they do when everything was saved.
func compareDepths(t *testing.T, depth int, got, whole result) {
	t.Helper()
	for i, a := range got.Actions {
		if full := whole.Actions[i]; full.ID != a.ID || a.Points.Achieved > full.Points.Achieved {
			t.Errorf("-Depth %d: %s earns %s, and %s of all that there is (%v)", depth, a.ID, a.Points.Achieved, full.Points.Achieved, a.Reasons)
		}
	}
}

func earned(r result) score.Points {
	var sum score.Points
	for _, a := range r.Actions {
		sum += a.Points.Achieved
	}
	return sum
}

// cutOff returns the reasons of datasets that were truncated.
func cutOff(r result) []string {
	var reasons []string
	for _, dataset := range r.Evidence.Datasets {
		if strings.Contains(dataset.Reason, "-Depth 10") {
			reasons = append(reasons, dataset.Name+": "+dataset.Reason)
		}
	}
	return reasons
}

// answers are what commands answered, by the file that they are saved in.
type answers map[string]any

func (a answers) assess(t *testing.T, compiled *engine.Engine, with shell) result {
	t.Helper()
	c := testCase{files: map[string][]byte{}}
	for file, value := range a {
		c.files[file] = with.save(value)
	}
	return c.assess(t, compiled)
}

// answersOf splits a sample tenant into the answers that its evidence could have been made of. With
// exceptions, every policy leaves out two people, and whatever else it can.
func answersOf(t *testing.T, tenant string, excepts bool) answers {
	t.Helper()
	bundle := must.Get(evidence.Open(t.Context(), filepath.Join("../../testdata", tenant), evidence.DefaultLimits()))(t)
	defer func() { _ = bundle.Close() }()
	registry := must.Get(schemas.Builtin())(t)
	all := answers{}
	for _, listed := range bundle.Manifest().Datasets {
		dataset, ok := registry.Dataset(listed.Name)
		if !ok || listed.Status != evidence.Collected {
			continue
		}
		list := []any{}
		for record, err := range bundle.Records(t.Context(), listed.Name) {
			must.Do(t, err)
			value := must.Get(records.Decode(record.JSON, records.Limits{}))(t)
			if excepts {
				except(value, dataset.Shape())
			}
			list = append(list, value)
		}
		all.add(dataset, list)
	}
	return all
}

// add saves the records of a dataset as the command would answer them that it is made of first.
func (a answers) add(dataset *schemas.Dataset, records []any) {
	switch dataset.Name {
	case "exchange.groups":
		a["Get-UnifiedGroup.json"] = []any{}
	case "exchange.group_members":
		a["Get-UnifiedGroupLinks.json"] = []any{}
	case "entra.group_members":
		a.members(records)
		return
	case "entra.group_member_lists":
		return
	}
	source := dataset.Sources[0]
	if source.Cmdlet != "" {
		a[source.Cmdlet+".json"] = records
		return
	}
	path, ok := strings.CutPrefix(source.Endpoint, "GET /v1.0/")
	if !ok {
		if path, ok = strings.CutPrefix(source.Endpoint, "GET /beta/"); !ok {
			return // not collected by PowerShell
		}
	}
	answer := map[string]any{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#" + path, "value": records}
	if dataset.Kind == schemas.Document && dataset.Name != "entra.organization" && len(records) == 1 {
		answer, _ = records[0].(map[string]any)
		answer["@odata.context"] = "https://graph.microsoft.com/v1.0/$metadata#" + path + "/$entity"
	}
	a[dataset.Name+".json"] = answer
}

// members saves the members of each group as an answer of its own.
func (a answers) members(records []any) {
	for _, record := range records {
		object, _ := record.(map[string]any)
		file := fmt.Sprintf("groups_%v_transitiveMembers.json", object["groupId"])
		answer, _ := a[file].(map[string]any)
		if answer == nil {
			answer = map[string]any{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#directoryObjects", "value": []any{}}
			a[file] = answer
		}
		list, _ := answer["value"].([]any)
		answer["value"] = append(list, map[string]any{"@odata.type": "#microsoft.graph.user", "id": object["memberId"]})
	}
}

// except fills each list of exceptions in a value with two elements.
func except(value any, shape map[string]any) {
	object, ok := value.(map[string]any)
	if list, is := value.([]any); is {
		items, _ := shape["items"].(map[string]any)
		for _, element := range list {
			except(element, items)
		}
	}
	if !ok {
		return
	}
	properties, _ := shape["properties"].(map[string]any)
	for field, of := range properties {
		of, _ := of.(map[string]any)
		if items, _ := of["items"].(map[string]any); items["type"] == "string" && isException(field) {
			object[field] = exceptions(field)
		}
		if _, there := object[field]; there {
			except(object[field], of)
		}
	}
}

func isException(field string) bool {
	field = strings.ToLower(field)
	for _, part := range []string{"except", "excludeusers", "allowlist", "allowedsender", "policiesassigned"} {
		if strings.Contains(field, part) {
			return true
		}
	}
	return false
}

// exceptions are two of a kind that the sample tenant Contoso has.
func exceptions(field string) []any {
	switch {
	case strings.HasSuffix(field, "PoliciesAssigned"):
		return []any{"ManagePermissionGrantsForSelf.microsoft-user-default-legacy", "ManagePermissionGrantsForSelf.microsoft-user-default-low"}
	case field == "excludeUsers":
		return []any{"00c956aa-f674-4511-90b7-c80b32474af3", "08e5a762-ddcc-4f0d-91d1-f0d964d39e2c"}
	case field == "ipAllowList":
		return []any{"192.0.2.1", "192.0.2.2"}
	case strings.Contains(field, "Domain"):
		return []any{"contoso.example", "contoso-labs.example"}
	}
	return []any{"adm-bo.abbot@contoso.example", "adm-yara.keller@contoso.example"}
}
