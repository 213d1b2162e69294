package collect_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/collect"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/schemas"
)

// load loads a catalog of a few controls, one for each kind of source.
func load(t *testing.T) *catalog.Catalog {
	t.Helper()
	return loaded(t, must.Get(catalog.Dir(filepath.Join("testdata", "catalog")))(t))
}

func loaded(t *testing.T, source catalog.Source) *catalog.Catalog {
	t.Helper()
	return must.Get(catalog.Load(t.Context(), must.Get(schemas.Builtin())(t), source))(t)
}

// brief is a plan in lines, a dataset each: its service, its name, the controls that read it.
func brief(p *collect.Plan) []string {
	lines := []string{fmt.Sprintf("%d controls, %s points, %d left out", p.Controls, p.Points, p.LeftOut)}
	for _, d := range p.Datasets {
		line := string(d.Service) + " " + d.Name + ":"
		for _, c := range d.Controls {
			line += " " + c.ID
		}
		lines = append(lines, line)
	}
	return lines
}

func TestOf(t *testing.T) {
	cat := load(t)
	archive := must.Get(txtar.ParseFile(filepath.Join("testdata", "plans.txtar")))(t)
	tests := map[string]collect.Options{
		"everything":             {},
		"a license of a control": {Licenses: []string{"aad_premium_p2"}},
		"a license of a product": {Licenses: []string{"EXCHANGE_S_STANDARD"}, Products: []string{"mail"}},
		"nothing left":           {Licenses: []string{"FORMS_PLAN_E1"}, Products: []string{"mail"}},
	}
	if len(archive.Files) != len(tests) {
		t.Errorf("%d plans for %d tests", len(archive.Files), len(tests))
	}
	for _, want := range archive.Files {
		t.Run(want.Name, func(t *testing.T) {
			plan := must.Get(collect.Of(cat, tests[want.Name]))(t)
			expect.Equal(t, string(want.Data), strings.Join(brief(plan), "\n")+"\n")
		})
	}
}

// TestGathered holds what is at the top of a plan: each permission and each module once.
func TestGathered(t *testing.T) {
	plan := must.Get(collect.Of(load(t), collect.Options{}))(t)
	permissions := []collect.Permission{
		{Service: collect.Graph, Name: "Organization.Read.All", Datasets: []string{"entra.organization", "entra.subscribed_skus"}},
		{Service: collect.Graph, Name: "Policy.Read.All", Datasets: []string{"entra.security_defaults"}},
		{Service: collect.Graph, Name: "RoleAssignmentSchedule.Read.Directory", Datasets: []string{"entra.role_assignments"}},
		{Service: collect.Graph, Name: "RoleManagement.Read.Directory", Datasets: []string{"entra.role_assignments"}},
		{Service: collect.Graph, Name: "SharePointTenantSettings.Read.All", Datasets: []string{"sharepoint.settings"}},
	}
	expect.Equal(t, permissions, plan.Permissions)
	var modules []string
	for _, m := range plan.Modules {
		modules = append(modules, m.Connect+": "+strings.Join(m.Cmdlets, " ")+" as "+strings.Join(m.Roles, " "))
	}
	want := []string{
		"Connect-ExchangeOnline: Get-AcceptedDomain Get-EOPProtectionPolicyRule as Global Reader",
		"Connect-IPPSSession: Get-LabelPolicy as Global Reader",
		"Connect-MicrosoftTeams: Get-CsTeamsMeetingConfiguration as Global Reader",
	}
	expect.Equal(t, want, modules)
}

// TestWays distinguishes alternatives from parts of one answer.
func TestWays(t *testing.T) {
	plan := must.Get(collect.Of(load(t), collect.Options{}))(t)
	for name, any := range map[string]bool{
		"entra.role_assignments": true, "sharepoint.settings": true, "entra.organization": false,
	} {
		i := slices.IndexFunc(plan.Datasets, func(d collect.Dataset) bool { return d.Name == name })
		if plan.Datasets[i].AnyWay != any {
			t.Errorf("%s: AnyWay is %v", name, !any)
		}
	}
}

func TestUnknown(t *testing.T) {
	cat := load(t)
	_, err := collect.Of(cat, collect.Options{Products: []string{"male"}})
	var unknown *collect.UnknownProductError
	if !errors.As(err, &unknown) || !strings.Contains(err.Error(), `no product "male". It has directory, mail`) || !slices.Contains(unknown.Known, "mail") {
		t.Errorf("the error is %v", err)
	}
	got := collect.UnknownPlans(cat, []string{"AAD_PREMUM", "aad_premium", "EXCHANGE_S_STANDARD"})
	expect.Equal(t, []string{"AAD_PREMUM"}, got)
}

// TestRequests holds plain requests to what the scripts can make of them: an address of the service
// that the way names, and nothing to fill in but what they know. A request to Graph with an address
// of another service always fails, and so does signing in to Graph for a permission that it has
// not.
func TestRequests(t *testing.T) {
	plan := must.Get(collect.Of(loaded(t, must.Get(catalog.Builtin())(t)), collect.Options{}))(t)
	forms := map[collect.Service]*regexp.Regexp{
		collect.Graph:      regexp.MustCompile(`^GET /(v1\.0|beta)/([^ {}]|\{id\})+$`),
		collect.Defender:   regexp.MustCompile(`^GET https://api\.security\.microsoft\.com/[^ {}]+$`),
		collect.Management: regexp.MustCompile(`^GET https://manage\.office\.com/api/v1\.0/\{tenant\}/[^ {}]+$`),
	}
	for _, d := range plan.Datasets {
		for _, way := range d.Ways {
			form := forms[way.Service]
			if (form != nil) != way.Service.Requested() || form != nil && !form.MatchString(way.From) {
				t.Errorf("%s: %q is no request that can be sent to %s", d.Name, way.From, way.Service)
			}
		}
	}
	for _, p := range plan.Permissions {
		if service := map[bool]collect.Service{true: collect.Management, false: p.Service}[strings.HasPrefix(p.Name, "ActivityFeed.")]; p.Service != service {
			t.Errorf("%s is asked for %s, which belongs to %s", p.Service, p.Name, service)
		}
	}
}

// TestSources holds that a plan can describe the sources of the built-in schemas: those collected
// by hand have advice in words.
func TestSources(t *testing.T) {
	plan := must.Get(collect.Of(loaded(t, must.Get(catalog.Builtin())(t)), collect.Options{}))(t)
	for _, d := range plan.Datasets {
		if (d.Service == collect.Hand) != (d.Advice != "") {
			t.Errorf("%s: by %s, with the advice %q", d.Name, d.Service, d.Advice)
		}
		for _, way := range d.Ways {
			if way.Service == collect.Hand && !strings.Contains(way.From, "hand") && !strings.Contains(way.From, "organization") {
				t.Errorf("%s: nothing is known of the source %q", d.Name, way.From)
			}
		}
	}
}
