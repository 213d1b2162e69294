package script_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/collect"
	"github.com/posture-score/posture/internal/collect/script"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/schemas"
)

var update = flag.Bool("update", false, "rewrite the goldens in testdata")

// languages are the functions that write scripts.
func languages() map[string]func(io.Writer, *collect.Plan) error {
	return map[string]func(io.Writer, *collect.Plan) error{"powershell": script.PowerShell, "curl": script.Curl}
}

func render(t *testing.T, write func(io.Writer, *collect.Plan) error, plan *collect.Plan) string {
	t.Helper()
	var text bytes.Buffer
	must.Do(t, write(&text, plan))
	return text.String()
}

// builtin is the plan for the whole built-in catalog.
func builtin(t *testing.T) *collect.Plan {
	t.Helper()
	datasets := must.Get(schemas.Builtin())(t)
	source := must.Get(catalog.Builtin())(t)
	cat := must.Get(catalog.Load(t.Context(), datasets, source))(t)
	return must.Get(collect.Of(cat, collect.Options{}))(t)
}

// graphDataset is a dataset from Graph.
func graphDataset(name string, kind schemas.Kind, endpoints ...string) collect.Dataset {
	d := collect.Dataset{Name: name, Title: "What " + name + " is", Kind: kind, Service: collect.Graph, AnyWay: len(endpoints) > 1}
	for _, endpoint := range endpoints {
		d.Ways = append(d.Ways, collect.Way{Service: collect.Graph, From: "GET " + endpoint, Permission: "Directory.Read.All"})
	}
	return d
}

// small has a dataset of every kind that the scripts distinguish.
func small(t *testing.T) *collect.Plan {
	t.Helper()
	plan := &collect.Plan{}
	must.Do(t, json.Unmarshal(must.Get(os.ReadFile(filepath.Join("testdata", "plan.json")))(t), plan))
	for i, d := range plan.Datasets {
		if slices.Contains([]collect.Service{collect.Exchange, collect.Purview, collect.Teams, collect.SharePoint}, d.Service) {
			plan.Datasets[i].Shape = shape()
		}
	}
	return plan
}

// shape has a field of every kind, and one of any name.
func shape(names ...string) map[string]any {
	text := map[string]any{"type": "string"}
	properties := map[string]any{"identity": text, "enabled": text, "priority": map[string]any{"type": []any{"integer", "null"}}, "sentTo": map[string]any{"type": "array"}}
	for _, name := range names {
		properties[name] = text
	}
	return map[string]any{"properties": properties}
}

func TestScripts(t *testing.T) {
	for name, write := range languages() {
		t.Run(name, func(t *testing.T) {
			got := render(t, write, small(t))
			path := filepath.Join("testdata", name+".golden")
			if *update {
				must.Do(t, os.WriteFile(path, []byte(got), 0o644))
			}
			want := must.Get(os.ReadFile(path))(t)
			expect.Equalf(t, string(want), got, "%s", path)
		})
	}
}

// TestWhole holds the scripts for the built-in catalog to their grammar, as far as it can be looked
// at here, and to the plan: each dataset from a service is requested once, under a comment with
// every control that needs it.
func TestWhole(t *testing.T) {
	plan := builtin(t)
	powershell, curl := render(t, script.PowerShell, plan), render(t, script.Curl, plan)
	if err := balanced(powershell); err != nil {
		t.Errorf("the PowerShell script: %v", err)
	}
	parses(t, curl)
	if found := looseColon.FindString(powershell); found != "" {
		t.Errorf("PowerShell takes %q for a variable of a drive", found)
	}
	for service, tells := range map[collect.Service]bool{
		collect.Graph: false, collect.Defender: true, collect.Management: true, collect.Exchange: true, collect.Purview: true, collect.Teams: true,
	} {
		_, line, _ := strings.Cut(powershell, "\nConnect-Source '"+string(service)+"' ")
		if line, _, _ = strings.Cut(line, "\n"); strings.HasSuffix(line, "} {") != tells {
			t.Errorf("whether the PowerShell script looks which tenant %s is of is not %v: %s", service, tells, line)
		}
	}
	for _, d := range plan.Datasets {
		asked, fetched := 1, 0
		switch {
		case d.Service == collect.Hand:
			asked = 0
		case d.Service.Requested() && d.Name != collect.MemberLists:
			fetched = 1
		}
		if n := strings.Count(powershell, " '"+d.Name+"' '"+string(d.Kind)+"' {"); n != asked {
			t.Errorf("the PowerShell script asks for %s %d times, not %d", d.Name, n, asked)
		}
		if n := strings.Count(curl, "\n  failed '"+d.Name+"'\n"); n != fetched {
			t.Errorf("the shell script asks for %s %d times, not %d", d.Name, n, fetched)
		}
		for _, c := range d.Controls {
			if asked > 0 && !strings.Contains(powershell, c.ID) {
				t.Errorf("no comment names %s", c.ID)
			}
		}
	}
	for _, p := range plan.Permissions {
		// A permission that Graph doesn't have would fail the whole sign-in.
		if asked := strings.Contains(powershell, "    '"+p.Name+"'"); asked != (p.Service == collect.Graph) {
			t.Errorf("whether the PowerShell script asks Graph for %s of %s: %v", p.Name, p.Service, asked)
		}
	}
}

// looseColon finds a variable that a colon follows, as in a text. PowerShell reads a scope or a
// drive there, and the script not at all.
var looseColon = regexp.MustCompile(`\$[A-Za-z_]\w*:[^\w{:]`)

// TestHostile puts texts into a plan that would do harm if they were not quoted.
func TestHostile(t *testing.T) {
	const evil = "x'; rm -rf ~; echo \u2019; Remove-Item ~ #>\r\nrm -rf ~\n`$(rm)` \"\x1b"
	plan := small(t)
	plan.Licenses = []string{evil}
	plan.Permissions = append(plan.Permissions, collect.Permission{Service: collect.Graph, Name: evil})
	plan.Modules[0].Roles = []string{evil}
	for i := range plan.Datasets {
		d := &plan.Datasets[i]
		d.Title, d.Purpose = evil, evil
		d.Controls = []collect.Control{{ID: evil}}
		if d.Advice != "" {
			d.Advice = evil
		}
		for j := range d.Ways {
			if d.Ways[j].Service.Requested() {
				d.Ways[j].From += evil
			}
		}
	}
	powershell, curl := render(t, script.PowerShell, plan), render(t, script.Curl, plan)
	if err := balanced(powershell); err != nil {
		t.Errorf("the PowerShell script: %v", err)
	}
	parses(t, curl)
	for name, text := range map[string]string{"powershell": powershell, "curl": curl} {
		if strings.ContainsAny(text, "\r\x1b") {
			t.Errorf("%s: control characters got through", name)
		}
	}
	for name, text := range map[string]string{"PowerShell": bare(powershell, "\u2019", "'"), "shell": bare(curl, `\'`, "")} {
		if strings.Contains(text, "rm -rf") {
			t.Errorf("the %s script runs foreign text", name)
		}
	}
}

func TestRefused(t *testing.T) {
	tests := map[string]collect.Dataset{
		"the name of the dataset": graphDataset("entra.users; rm", schemas.List, "/v1.0/users"),
		"the cmdlet":              {Name: "teams.x", Service: collect.Teams, Shape: shape(), Ways: []collect.Way{{Service: collect.Teams, From: "Get-X; Remove-Item"}}},
		"the field":               {Name: "teams.x", Service: collect.Teams, Shape: shape("a b"), Ways: []collect.Way{{Service: collect.Teams, From: "Get-X"}}},
	}
	for want, d := range tests {
		t.Run(want, func(t *testing.T) {
			var text bytes.Buffer
			err := script.PowerShell(&text, &collect.Plan{Datasets: []collect.Dataset{d}})
			if err == nil || !strings.Contains(err.Error(), want) || text.Len() > 0 {
				t.Errorf("the error is %v, and %d bytes were written", err, text.Len())
			}
		})
	}
	if err := script.Curl(io.Discard, &collect.Plan{Datasets: []collect.Dataset{tests["the name of the dataset"]}}); err == nil {
		t.Error("the shell script takes any name")
	}
}

// parses lets bash read a script without running it.
func parses(t *testing.T, text string) {
	t.Helper()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not here")
	}
	cmd := exec.CommandContext(t.Context(), bash, "-n")
	cmd.Stdin = strings.NewReader(text)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("bash -n: %v\n%s", err, out)
	}
}

// bare is a script without its single-quoted literals and its comments, once some texts are
// replaced by others.
func bare(text string, replace ...string) string {
	quotes := strings.NewReplacer(replace...)
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		// The text between quotes: a doubled quote of PowerShell closes and opens again, and so
		// does the shell's '\''.
		for i, part := range strings.Split(quotes.Replace(line), "'") {
			if i%2 == 0 {
				b.WriteString(part)
			}
		}
	}
	return b.String()
}

// balanced reads PowerShell as far as its quotes, comments and brackets go: pwsh is not a part of
// our tests. Expressions within double quotes are read as well.
func balanced(text string) error {
	var open []byte
	runes := []rune(text)
	for i := 0; i < len(runes); i++ {
		inText := len(open) > 0 && open[len(open)-1] == '"'
		switch c := runes[i]; {
		case c == '`':
			i++
		case c == '"' && inText:
			open = open[:len(open)-1]
		case inText && c == '$' && runes[i+1] == '(':
			open = append(open, '(')
			i++
		case inText:
			if c == '\n' {
				return errors.New("a text goes over the end of a line: " + around(runes, i))
			}
		case c == '"':
			open = append(open, '"')
		case quote(c):
			end, err := literal(runes, i)
			if err != nil {
				return err
			}
			i = end
		case c == '#':
			for i+1 < len(runes) && runes[i+1] != '\n' {
				i++
			}
		case strings.ContainsRune("([{", c):
			open = append(open, byte(c))
		case strings.ContainsRune(")]}", c):
			if len(open) == 0 || !slices.Contains([]string{"()", "[]", "{}"}, string(open[len(open)-1])+string(c)) {
				return errors.New("a bracket closes what was not opened: " + around(runes, i))
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		return errors.New("never closed: " + string(open))
	}
	return nil
}

// literal finds the end of a single-quoted literal, in which a doubled quote means one.
func literal(runes []rune, start int) (int, error) {
	for i := start + 1; i < len(runes) && runes[i] != '\n'; i++ {
		switch {
		case !quote(runes[i]):
		case i+1 < len(runes) && quote(runes[i+1]):
			i++
		default:
			return i, nil
		}
	}
	return 0, errors.New("a literal goes over the end of a line: " + around(runes, start))
}

func quote(r rune) bool { return strings.ContainsRune("'\u2018\u2019\u201a\u201b", r) }

func around(runes []rune, i int) string { return string(runes[max(0, i-60):min(len(runes), i+20)]) }

func TestBalanced(t *testing.T) {
	for _, text := range []string{"{ 'a''}' }", `"$("}")" # }`, "@('\u2019\u2019')", "\"`\"\""} {
		if err := balanced(text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, text := range []string{"{", "}", "(]", "'a\n'", "\"a\n\"", "'a' '", "{ # }"} {
		if balanced(text) == nil {
			t.Errorf("%q is taken for well-formed", text)
		}
	}
}
