package securescore_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/cohort"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/securescore"
)

// The types below are the API's, with nothing left open: a reader in a typed language has such. Counts and booleans are texts there.
type (
	strictScores struct {
		Context string        `json:"@odata.context"`
		Value   []strictScore `json:"value"`
	}
	strictScore struct {
		ID                       string             `json:"id"`
		AzureTenantID            string             `json:"azureTenantId"`
		ActiveUserCount          int                `json:"activeUserCount"`
		CreatedDateTime          time.Time          `json:"createdDateTime"`
		CurrentScore             float64            `json:"currentScore"`
		EnabledServices          []string           `json:"enabledServices"`
		LicensedUserCount        int                `json:"licensedUserCount"`
		MaxScore                 float64            `json:"maxScore"`
		AverageComparativeScores []strictComparison `json:"averageComparativeScores"`
		ControlScores            []strictControl    `json:"controlScores"`
		VendorInformation        strictVendor       `json:"vendorInformation"`
	}
	strictComparison struct {
		Basis                   string  `json:"basis"`
		AverageScore            float64 `json:"averageScore"`
		SeatSizeRangeLowerValue string  `json:"SeatSizeRangeLowerValue"`
		SeatSizeRangeUpperValue string  `json:"SeatSizeRangeUpperValue"`
	}
	strictControl struct {
		ControlCategory      string    `json:"controlCategory"`
		ControlName          string    `json:"controlName"`
		Description          string    `json:"description"`
		Score                float64   `json:"score"`
		Count                string    `json:"count"`
		Total                string    `json:"total"`
		On                   string    `json:"on"`
		LastSynced           time.Time `json:"lastSynced"`
		ImplementationStatus string    `json:"implementationStatus"`
		ScoreInPercentage    float64   `json:"scoreInPercentage"`
	}
	strictVendor struct {
		Provider        string  `json:"provider"`
		ProviderVersion *string `json:"providerVersion"`
		SubProvider     *string `json:"subProvider"`
		Vendor          string  `json:"vendor"`
	}
	strictProfiles struct {
		Context string          `json:"@odata.context"`
		Value   []strictProfile `json:"value"`
	}
	strictProfile struct {
		ID                    string         `json:"id"`
		AzureTenantID         string         `json:"azureTenantId"`
		ActionType            string         `json:"actionType"`
		ActionURL             string         `json:"actionUrl"`
		ControlCategory       string         `json:"controlCategory"`
		Title                 string         `json:"title"`
		Deprecated            bool           `json:"deprecated"`
		ImplementationCost    string         `json:"implementationCost"`
		LastModifiedDateTime  *time.Time     `json:"lastModifiedDateTime"`
		MaxScore              float64        `json:"maxScore"`
		Rank                  int            `json:"rank"`
		Remediation           string         `json:"remediation"`
		RemediationImpact     string         `json:"remediationImpact"`
		Service               string         `json:"service"`
		Threats               []string       `json:"threats"`
		Tier                  string         `json:"tier"`
		UserImpact            string         `json:"userImpact"`
		ComplianceInformation []any          `json:"complianceInformation"`
		ControlStateUpdates   []strictUpdate `json:"controlStateUpdates"`
		VendorInformation     strictVendor   `json:"vendorInformation"`
	}
	strictUpdate struct {
		AssignedTo      *string    `json:"assignedTo"`
		Comment         *string    `json:"comment"`
		State           string     `json:"state"`
		UpdatedBy       *string    `json:"updatedBy"`
		UpdatedDateTime *time.Time `json:"updatedDateTime"`
	}
)

func strictly(t testing.TB, value, into any) {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(must.Get(json.Marshal(value))(t)))
	decoder.DisallowUnknownFields()
	must.Do(t, decoder.Decode(into))
}

// export returns the export of a sample tenant.
func export(t testing.TB, tenant string) (*engine.Assessment, *securescore.Export) {
	t.Helper()
	a := assess(t, tenant)
	for i := range a.Actions { // one of each status, as a register would set them
		action := &a.Actions[i]
		switch action.ID {
		case "IntegratedApps":
			action.Status, action.Decision = engine.RiskAccepted, &engine.Decision{Status: engine.RiskAccepted, Reason: "known", Owner: "ada", ApprovedBy: "grace"}
		case "PWAgePolicyNew":
			action.Status, action.Decision = engine.Planned, &engine.Decision{Status: engine.Planned}
		}
	}
	return a, securescore.NewExport(a, must.Get(builtin(t.Context()))(t), must.Get(cohort.Microsoft())(t))
}

// TestStrictTypes decodes exports as a typed reader does, and checks what readers rely on.
func TestStrictTypes(t *testing.T) {
	for _, tenant := range []string{"contoso", "tailspin"} {
		a, x := export(t, tenant)
		var scores strictScores
		var profiles strictProfiles
		strictly(t, x.Scores, &scores)
		strictly(t, x.Profiles, &profiles)
		s := scores.Value[0]
		expect.Equal(t, a.Tenant.ID+"_2026-10-01", s.ID)
		expect.Equal(t, []string{"AllTenants", "TotalSeats"}, []string{s.AverageComparativeScores[0].Basis, s.AverageComparativeScores[1].Basis})
		maxima := map[string]float64{}
		states := map[string]string{}
		for _, p := range profiles.Value {
			maxima[p.ID] = p.MaxScore
			if len(p.ControlStateUpdates) == 0 || p.Service == "" || p.ControlCategory == strings.ToLower(p.ControlCategory) {
				t.Errorf("the profile %s has %+v", p.ID, p)
			}
			states[p.ID] = p.ControlStateUpdates[0].State
		}
		sum, most := 0.0, 0.0
		for _, c := range s.ControlScores {
			sum, most = sum+c.Score, most+maxima[c.ControlName]
			if share := c.Score - maxima[c.ControlName]*c.ScoreInPercentage/100; share > 1e-6 || share < -1e-6 {
				t.Errorf("%s: %v points are not %v%% of %v", c.ControlName, c.Score, c.ScoreInPercentage, maxima[c.ControlName])
			}
			if (c.Count == "") == (c.On == "") || c.ImplementationStatus == "" {
				t.Errorf("%s counts %q of %q, and is %q: %q", c.ControlName, c.Count, c.Total, c.On, c.ImplementationStatus)
			}
		}
		expect.Equal(t, fmt.Sprintf("%.2f of %.2f", s.CurrentScore, s.MaxScore), fmt.Sprintf("%.2f of %.2f", sum, most))
		if tenant == "contoso" {
			expect.Equal(t, []string{"Ignored", "Reviewed", "Default"}, []string{states["IntegratedApps"], states["PWAgePolicyNew"], states["AdminMFAV2"]})
			status := ""
			for _, c := range s.ControlScores {
				if c.ControlName == "MFARegistrationV2" {
					status = c.ImplementationStatus
				}
			}
			expect.Equal(t, "You have 30 of 57 users that aren't registered with MFA.", status)
		}
	}
}

// packages is what npm installs for the test below: hdf-converters, without what its other converters need. The reader of Secure Score
// takes the words of statuses from inspecjs, and nothing else.
const packages = `{
  "private": true,
  "dependencies": { "@mitre/hdf-converters": "2.14.0" },
  "overrides": {
    "inspecjs": "2.12.6",
    "@aws-sdk/client-config-service": "file:none", "@e965/xlsx": "file:none", "@mdi/js": "file:none",
    "@microsoft/microsoft-graph-types": "file:none", "@mitre/jsonix": "file:none", "@smithy/node-http-handler": "file:none",
    "@tailwindcss/cli": "file:none", "tailwindcss": "file:none", "tw-elements": "file:none"
  }
}
`

// convert has the reader read a file, and prints what it made of it.
const convert = `
const { MsftSecureScoreResults } = require("@mitre/hdf-converters/lib/src/msft-secure-score-mapper");
const text = require("fs").readFileSync(process.argv[1], "utf8");
const [hdf] = new MsftSecureScoreResults(text).toHdf();
const controls = hdf.profiles[0].controls;
const { currentScore, maxScore, averageComparativeScores } = hdf.passthrough.auxiliary_data[0].data;
console.log(JSON.stringify({
  title: hdf.profiles[0].title, currentScore, maxScore, averages: averageComparativeScores.length,
  controls: controls.map((c) => ({
    id: c.id, title: c.title, impact: c.impact, status: c.results[0].status, text: c.results[0].code_desc, category: c.tags.category, services: c.tags.services,
    fix: c.descriptions.some((d) => d.label === "fix" && d.data),
  })),
}));
`

// hdfConverters installs the reader, once for all runs: npm's own cache is too slow for that. It returns the folder.
func hdfConverters(t *testing.T) string {
	t.Helper()
	skip := func(format string, args ...any) {
		if os.Getenv("CI") != "" {
			t.Fatalf(format, args...)
		}
		t.Skipf(format, args...)
	}
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			skip("NOT TESTED: @mitre/hdf-converters needs %s, which is not installed", program)
		}
	}
	cache := must.Get(os.UserCacheDir())(t)
	dir := filepath.Join(cache, "posture-test", "hdf-converters-2.14.0")
	if text, err := os.ReadFile(filepath.Join(dir, "installed")); err == nil && string(text) == packages {
		return dir
	}
	must.Do(t, os.MkdirAll(filepath.Dir(dir), 0o755))
	fresh := must.Get(os.MkdirTemp(filepath.Dir(dir), "installing-"))(t)
	t.Cleanup(func() { _ = os.RemoveAll(fresh) })
	must.Do(t, os.Mkdir(filepath.Join(fresh, "none"), 0o755))
	must.Do(t, os.WriteFile(filepath.Join(fresh, "none", "package.json"), []byte(`{"name": "none", "version": "0.0.0"}`), 0o600))
	must.Do(t, os.WriteFile(filepath.Join(fresh, "package.json"), []byte(packages), 0o600))
	install := exec.CommandContext(t.Context(), "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline")
	install.Dir = fresh
	if out, err := install.CombinedOutput(); err != nil {
		skip("NOT TESTED: npm can't install @mitre/hdf-converters: %v\n%s", err, out)
	}
	must.Do(t, os.WriteFile(filepath.Join(fresh, "installed"), []byte(packages), 0o600))
	_ = os.RemoveAll(dir)
	if err := os.Rename(fresh, dir); err != nil { // another run was faster
		return fresh
	}
	return dir
}

// TestHDFConverters has @mitre/hdf-converters, from npm, read an export: it has to find every control, and both sums.
func TestHDFConverters(t *testing.T) {
	dir := hdfConverters(t)
	a, x := export(t, "contoso")
	combined := filepath.Join(t.TempDir(), "secureScore.json")
	must.Do(t, os.WriteFile(combined, must.Get(json.Marshal(securescore.Combined{SecureScore: x.Scores, Profiles: x.Profiles}))(t), 0o600))
	node := exec.CommandContext(t.Context(), "node", "-e", convert, combined)
	node.Dir = dir
	var stderr bytes.Buffer
	node.Stderr = &stderr
	out, err := node.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	var hdf struct {
		Title                  string
		CurrentScore, MaxScore json.Number
		Averages               int
		Controls               []struct {
			ID, Title, Status, Text string
			Impact                  float64
			Category, Services      []string
			Fix                     bool
		}
	}
	must.Do(t, json.Unmarshal(out, &hdf))
	expect.Equal(t, a.Score.Achieved.String()+" of "+a.Score.Total.String(), hdf.CurrentScore.String()+" of "+hdf.MaxScore.String())
	expect.Equal(t, 2, hdf.Averages)
	byID := map[string]int{}
	for i, c := range hdf.Controls {
		byID[c.ID] = i + 1
	}
	counted := 0
	for i := range a.Actions {
		action := &a.Actions[i]
		if !action.Counts() {
			continue
		}
		counted++
		at := byID[strings.ToUpper(action.Category[:1])+action.Category[1:]+":"+action.ID]
		if at == 0 {
			t.Errorf("%s was not read", action.ID)
			continue
		}
		c := hdf.Controls[at-1]
		status := "failed"
		if action.Points.Achieved == action.Points.Max {
			status = "passed"
		}
		if c.Status != status || c.Title != action.Title || c.Impact != action.Points.Max.Float()/10 || c.Text == "" || len(c.Services) != 1 || !c.Fix {
			t.Errorf("%s was read as %+v", action.ID, c)
		}
	}
	expect.Equal(t, counted, len(hdf.Controls))
}
