package engine_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/expect"
)

// sharing is the beginning of rules about settings that may be absent.
const sharing = `
default compliant := false
settings := data.evidence.sharepoint.settings
policies := data.evidence.teams.meeting_policies
`

// sharingCatalog is a catalog of a control over a document and a list.
func sharingCatalog(t testing.TB, kind, rule string) *catalog.Catalog {
	t.Helper()
	block := kind + " {}\ncontext = [\"sharepoint.settings\", \"teams.meeting_policies\"]\n"
	if kind == "graded" {
		rule = strings.Replace(rule, "default compliant := false", "default fraction := 0", 1)
	}
	return load(t, block, rule)
}

// TestAbsent says when an absent field is missing evidence: where the control could earn more with some value of it.
func TestAbsent(t *testing.T) {
	t.Parallel()
	policy := func(id string, fields object) object {
		fields["identity"] = id
		return fields
	}
	for _, test := range []struct {
		name     string
		kind     string // setting, if empty
		rule     string
		settings object
		policies list
		want     string
	}{
		{"decides", "", `compliant if settings.isResharingByExternalUsersEnabled == false`, object{}, nil, "no_evidence 0; sharepoint.settings has no field isResharingByExternalUsersEnabled"},
		{"is there", "", `compliant if settings.isResharingByExternalUsersEnabled == false`, object{"isResharingByExternalUsersEnabled": true}, nil, "not_met 0"},
		{"is not read", "", `compliant if settings.isResharingByExternalUsersEnabled == false`, object{"isResharingByExternalUsersEnabled": true, "zz": 1}, nil, "not_met 0"},
		{"does not help", "", "compliant if {\n\tsettings.isResharingByExternalUsersEnabled == false\n\tsettings.isLegacyAuthProtocolsEnabled == false\n}", object{"isLegacyAuthProtocolsEnabled": true}, nil, "not_met 0"},
		{"by the input", "", `compliant if input.sharepoint.settings.isLegacyAuthProtocolsEnabled == false`, object{}, nil, "no_evidence 0; sharepoint.settings has no field isLegacyAuthProtocolsEnabled"},
		{"null is a value", "", `compliant if settings.sharingDomainRestrictionMode == "allowList"`, object{"sharingDomainRestrictionMode": nil}, nil, "not_met 0"},
		{"absence has a meaning", "", `compliant if object.get(settings, "isLegacyAuthProtocolsEnabled", true) == false`, object{}, nil, "not_met 0"},
		{"no value of the enum helps", "", `compliant if sprintf("%v", [settings.sharingDomainRestrictionMode]) == "all"`, object{}, nil, "not_met 0"},
		{"negated", "", `compliant if not settings.isLegacyAuthProtocolsEnabled == true`, object{"isLegacyAuthProtocolsEnabled": true}, nil, "not_met 0"},
		{
			"a list that may be anything", "", "compliant if {\n\tcount(settings.sharingAllowedDomainList) > 0\n\tsettings.sharingDomainRestrictionMode == \"allowList\"\n}",
			object{"sharingDomainRestrictionMode": "allowList"},
			nil, "no_evidence 0; sharepoint.settings has no field sharingAllowedDomainList",
		},
		{
			"a list that does not help", "", "compliant if {\n\tcount(settings.sharingAllowedDomainList) > 0\n\tsettings.sharingDomainRestrictionMode == \"allowList\"\n}",
			object{"sharingDomainRestrictionMode": "none"},
			nil, "not_met 0",
		},
		{
			"an object", "", "compliant if {\n\tsettings.idleSessionSignOut.isEnabled == true\n\tsettings.idleSessionSignOut.signOutAfterInSeconds <= 3600\n}",
			object{},
			nil, "no_evidence 0; sharepoint.settings has no field idleSessionSignOut",
		},
		{
			"within an object", "", "compliant if {\n\tsettings.idleSessionSignOut.isEnabled == true\n\tsettings.idleSessionSignOut.signOutAfterInSeconds <= 3600\n}",
			object{"idleSessionSignOut": object{"isEnabled": true}},
			nil, "no_evidence 0; sharepoint.settings has no field idleSessionSignOut.signOutAfterInSeconds",
		},
		{
			"within an object that fails", "", "compliant if {\n\tsettings.idleSessionSignOut.signOutAfterInSeconds <= 3600\n\tsettings.idleSessionSignOut.isEnabled == true\n}",
			object{"idleSessionSignOut": object{"isEnabled": false}},
			nil, "not_met 0",
		},
		{
			"of some records", "", "compliant if {\n\tcount(policies) > 0\n\tevery p in policies { p.allowAnonymousUsersToStartMeeting == false }\n}",
			object{},
			list{policy("Global", object{}), policy("b", object{"allowAnonymousUsersToStartMeeting": false}), policy("c", object{})},
			"no_evidence 0; teams.meeting_policies has no field allowAnonymousUsersToStartMeeting in 2 of 3 records",
		},
		{
			"of a record beside one that fails", "", "compliant if {\n\tcount(policies) > 0\n\tevery p in policies { p.allowAnonymousUsersToStartMeeting == false }\n}",
			object{},
			list{policy("Global", object{}), policy("b", object{"allowAnonymousUsersToStartMeeting": true}), policy("c", object{})},
			"not_met 0",
		},
		{
			"by a name that a parameter gives", "", "names := [\"allowAnonymousUsersToStartMeeting\"]\ncompliant if {\n\tsome p in policies\n\tsome name in names\n\tp[name] == false\n}",
			object{},
			list{policy("Global", object{"autoAdmittedUsers": "Everyone"})},
			"no_evidence 0; teams.meeting_policies has no field allowAnonymousUsersToStartMeeting in 1 of 1 records",
		},
		{"a fraction that could be more", "graded", "fraction := 0.5 if settings.isLegacyAuthProtocolsEnabled == false\nreasons contains \"half\"", object{}, nil, "no_evidence 0; sharepoint.settings has no field isLegacyAuthProtocolsEnabled"},
		{"a fraction that can't", "graded", "fraction := 0.5 if not settings.isLegacyAuthProtocolsEnabled == true\nreasons contains \"half\"", object{}, nil, "partial 5; half"},
		{"applies perhaps", "", "default applicable := true\napplicable := false if settings.isLegacyAuthProtocolsEnabled == false", object{}, nil, "no_evidence 0; sharepoint.settings has no field isLegacyAuthProtocolsEnabled"},
		{"does not apply", "", "default applicable := true\napplicable := false if settings.isLegacyAuthProtocolsEnabled == false\nnot_applicable contains \"why\"\nreasons contains \"other\"", object{"isLegacyAuthProtocolsEnabled": false}, nil, "not_applicable 0; why"},
	} {
		t.Run(test.name, func(t *testing.T) {
			kind := test.kind
			if kind == "" {
				kind = "setting"
			}
			cat := sharingCatalog(t, kind, sharing+test.rule)
			if test.policies == nil {
				test.policies = list{object{"identity": "Global"}}
			}
			b := bundle(t, data{"sharepoint.settings": test.settings, "teams.meeting_policies": test.policies})
			for _, topdown := range []bool{false, true} {
				a := assess(t, cat, b, engine.Options{Interpreter: topdown}, engine.AssessOptions{})
				expect.Equalf(t, test.want, brief(a.Actions[0]), "topdown %v", topdown)
				conforms(t, a)
			}
		})
	}
}

// TestAbsentInALargeExport holds that what is found out about absent fields is bounded, and errs to the safe side.
func TestAbsentInALargeExport(t *testing.T) {
	t.Parallel()
	cat := sharingCatalog(t, "setting", sharing+"compliant if {\n\tevery p in policies { p.allowAnonymousUsersToStartMeeting == false }\n\tevery p in policies { p.allowPSTNUsersToBypassLobby == false }\n}")
	many := list{}
	for i := range 3000 {
		many = append(many, object{"identity": fmt.Sprint("p", i), "allowPSTNUsersToBypassLobby": true})
	}
	a := assess(t, cat, bundle(t, data{"sharepoint.settings": object{}, "teams.meeting_policies": many}), engine.Options{}, engine.AssessOptions{}).Actions[0]
	if a.Outcome != engine.NoEvidence || len(a.Absent) == 0 {
		t.Errorf("got %s", brief(a))
	}
}

// TestAbsentAgrees invents rules and settings, and holds that no value of what is absent earns more
// where the control is not met, and that one does where it lacks evidence.
func TestAbsentAgrees(t *testing.T) {
	t.Parallel()
	fields := []string{"isLegacyAuthProtocolsEnabled", "isResharingByExternalUsersEnabled", "isUnmanagedSyncAppForTenantRestricted"}
	outcomes := map[engine.Outcome]int{}
	for seed := range uint64(120) {
		random := rand.New(rand.NewPCG(seed, 3))
		cat := sharingCatalog(t, "setting", sharing+inventedRule(random, fields))
		settings := object{}
		var absent []string
		for _, field := range fields {
			if random.IntN(2) == 0 {
				absent = append(absent, field)
			} else {
				settings[field] = random.IntN(2) == 0
			}
		}
		got := settled(t, cat, settings)
		outcomes[got]++
		better := false
		for filled := range fillings(settings, absent) {
			better = better || settled(t, cat, filled) == engine.Complete
		}
		if got == engine.NotMet && better || got == engine.NoEvidence && !better {
			t.Fatalf("seed %d: %s, with some value complete: %v", seed, got, better)
		}
	}
	if outcomes[engine.NotMet] < 10 || outcomes[engine.NoEvidence] < 10 {
		t.Errorf("%v is too little to compare", outcomes)
	}
}

func settled(t *testing.T, cat *catalog.Catalog, settings object) engine.Outcome {
	t.Helper()
	b := bundle(t, data{"sharepoint.settings": settings, "teams.meeting_policies": list{object{"identity": "Global"}}})
	return assess(t, cat, b, engine.Options{}, engine.AssessOptions{}).Actions[0].Outcome
}

// inventedRule is compliant by some of the fields, in any way that can be put into words.
func inventedRule(random *rand.Rand, fields []string) string {
	var b strings.Builder
	for range 1 + random.IntN(2) {
		b.WriteString("compliant if {\n")
		for range 1 + random.IntN(3) {
			field := fields[random.IntN(len(fields))]
			fmt.Fprintf(&b, []string{
				"\tsettings.%s == true\n", "\tsettings.%s == false\n", "\tnot settings.%s == true\n", "\tsettings.%s in {true}\n",
				"\tcount([x | x := settings.%s; x == true]) == 0\n",
			}[random.IntN(5)], field)
		}
		b.WriteString("}\n\n")
	}
	return b.String()
}

// fillings are the settings with every combination of values in the absent fields.
func fillings(settings object, absent []string) func(func(object) bool) {
	return func(yield func(object) bool) {
		values := []any{true, false, nil}
		for n := range pow(len(values), len(absent)) {
			filled := object{}
			for name, value := range settings {
				filled[name] = value
			}
			for _, name := range absent {
				filled[name] = values[n%len(values)]
				n /= len(values)
			}
			if !yield(filled) {
				return
			}
		}
	}
}

func pow(base, exponent int) int {
	n := 1
	for range exponent {
		n *= base
	}
	return n
}

// TestAbsentBesideAMissingDataset holds that a field which the whole evidence may lack may be lacking
// where a dataset is missing, too.
func TestAbsentBesideAMissingDataset(t *testing.T) {
	t.Parallel()
	cat := sharingCatalog(t, "setting", sharing+`
compliant if {
	settings.isLegacyAuthProtocolsEnabled == false
	not settings.isResharingByExternalUsersEnabled == true
}

compliant if {
	settings.isLegacyAuthProtocolsEnabled == true
	count(policies) > 0
}
`)
	for _, test := range []struct {
		name     string
		settings object
		want     string
	}{
		{"complete", object{"isLegacyAuthProtocolsEnabled": false}, "complete 10"},
		{"not without the dataset", object{"isLegacyAuthProtocolsEnabled": true}, "no_evidence 0"},
		{"not without the fields", object{}, "no_evidence 0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := brief(assess(t, cat, bundle(t, data{"sharepoint.settings": test.settings}), engine.Options{}, engine.AssessOptions{}).Actions[0])
			want := test.want + " missing [teams.meeting_policies]; teams.meeting_policies is not in the evidence"
			expect.Equal(t, want, got)
		})
	}
}
