package engine_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/must"
)

// mailOf generates the mail policies of a tenant: presets, custom rules and policies, many of them
// insufficient.
func mailOf(r *rand.Rand) data {
	one := func(words ...string) any { return words[r.IntN(len(words))] }
	some := func(words ...any) list {
		picked := list{}
		for _, word := range words {
			if r.IntN(4) == 0 {
				picked = append(picked, word)
			}
		}
		return picked
	}
	rule := func(name string, priority int, fields ...string) object {
		rule := object{
			"name": name, "identity": name, "state": one("Enabled", "Enabled", "Enabled", "Disabled"), "priority": priority,
			"sentTo": some("ada@contoso.example"), "sentToMemberOf": some("sales@contoso.example", "unknown@contoso.example"),
			"recipientDomainIs": some("contoso.example", "fabrikam.example"), "exceptIfSentTo": some("bo@contoso.example"),
			"exceptIfSentToMemberOf": some("sales@contoso.example"), "exceptIfRecipientDomainIs": list{},
		}
		if r.IntN(3) == 0 { // for everybody
			for _, field := range []string{"sentTo", "sentToMemberOf", "recipientDomainIs", "exceptIfSentTo", "exceptIfSentToMemberOf"} {
				rule[field] = list{}
			}
		}
		for _, field := range fields {
			rule[field] = one("Default", "A", "B", "Missing", "Strict", "Standard")
		}
		return rule
	}
	policy := func(name string, isDefault bool) object {
		return object{
			"identity": name, "name": name, "isDefault": isDefault, "isBuiltInProtection": isDefault,
			"zapEnabled": r.IntN(3) > 0, "enableFileFilter": r.IntN(3) > 0, "enableSafeLinksForEmail": r.IntN(3) > 0, "enableForInternalSenders": true,
			"recommendedPolicyType": one("Custom", "Custom", "Custom", "Custom", "Custom", "Evaluation"),
		}
	}
	several := func() list {
		return list{policy("Default", true), policy("A", false), policy("B", false), policy("Strict", false), policy("Standard", false)}
	}
	rules := func(field string) list {
		rules := list{}
		for i := range r.IntN(3) {
			rules = append(rules, rule(string(rune('K'+i)), r.IntN(3), field))
		}
		return rules
	}
	presets := list{}
	for i, name := range []string{"Strict Preset Security Policy", "Standard Preset Security Policy"} {
		if r.IntN(2) == 0 {
			presets = append(presets, rule(name, i, "malwareFilterPolicy", "safeLinksPolicy"))
		}
	}
	return data{
		"defender_office.eop_preset_rules": presets, "defender_office.atp_preset_rules": presets,
		"defender_office.malware_policies": several(), "defender_office.malware_rules": rules("malwareFilterPolicy"),
		"defender_office.safe_links_policies": several(), "defender_office.safe_links_rules": rules("safeLinksPolicy"),
		"defender_office.built_in_rules": list{rule("Built-in", 0)},
		"exchange.groups":                list{object{"primarySmtpAddress": "sales@contoso.example"}},
		"exchange.group_members":         list{object{"group": "sales@contoso.example", "member": "cleo@contoso.example"}},
		"exchange.mailboxes": list{
			mailbox("ada@contoso.example"), mailbox("bo@contoso.example"), mailbox("cleo@contoso.example"), mailbox("dan@fabrikam.example"), mailbox("eve@tailspin.example"),
		},
	}
}

func mailbox(address string) object {
	return object{"primarySmtpAddress": address, "recipientTypeDetails": "UserMailbox", "emailAddresses": list{"SMTP:" + address}}
}

// TestMailForEveryone holds verdicts for everyone to the mailboxes: what is said without some of the
// evidence is what all of it says.
func TestMailForEveryone(t *testing.T) {
	t.Parallel()
	cat := builtin(t).Select(func(c *catalog.Control) bool {
		return slices.Contains([]string{"mdo_zapmalware", "mdo_commonattachmentsfilter", "mdo_safelinksforemail"}, c.ID)
	})
	compiled := must.Get(engine.Compile(t.Context(), cat, engine.Options{}))(t)
	assessed := func(evidence data) map[string]*engine.Action {
		a := must.Get(compiled.Assess(t.Context(), bundle(t, evidence), engine.AssessOptions{}))(t)
		actions := map[string]*engine.Action{}
		for i := range a.Actions {
			actions[a.Actions[i].ID] = &a.Actions[i]
		}
		return actions
	}
	r := rand.New(rand.NewPCG(11, 35))
	decided, complete := 0, 0
	for round := range 100 {
		whole := mailOf(r)
		full := assessed(whole)
		reduced := maps.Clone(whole)
		delete(reduced, "exchange.mailboxes")
		for _, name := range slices.Sorted(maps.Keys(whole)) {
			if r.IntN(4) == 0 {
				delete(reduced, name)
			}
		}
		for id, action := range assessed(reduced) {
			if full[id].Outcome == engine.Errored {
				t.Fatalf("round %d: %s is an error: %q", round, id, full[id].Reasons)
			}
			if full[id].Outcome == engine.Complete {
				complete++
			}
			if !action.Everyone {
				continue
			}
			decided++
			if action.Outcome != full[id].Outcome {
				t.Errorf("round %d: %s is %s without %v, and %s %q with all", round, id, action.Outcome, missing(whole, reduced), full[id].Outcome, full[id].Reasons)
			}
		}
	}
	if decided < 10 || complete < 30 {
		t.Errorf("of %d complete actions only %d were decided without mailboxes", complete, decided)
	}
}

func missing(whole, reduced data) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(whole)) {
		if _, ok := reduced[name]; !ok {
			names = append(names, name)
		}
	}
	return names
}
