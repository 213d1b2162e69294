package serve_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/page"
	"github.com/posture-score/posture/internal/register"
	"github.com/posture-score/posture/internal/serve"
	"github.com/posture-score/posture/internal/serve/signin"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/internal/snapshot"
	"github.com/posture-score/posture/schemas"
)

// desk is a server that shows the sample tenant with a register of its own, in front of which somebody sits.
type desk struct {
	*site
	t        testing.TB
	client   *http.Client
	source   *files
	path     string // of the register
	settings string
	base     string // of the tenant
}

// today is when the tests take place.
func today() time.Time { return time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC) }

const registered = `# Decisions of Contoso.
action "AdminMFAV2" {
  status = "planned" # by the board
  owner  = "bob@contoso.example"
  tags   = ["q4", "board"]
}
`

// fixture is the sample tenant, with nothing decided, and the catalog.
type fixture struct {
	catalog    *catalog.Catalog
	assessment *engine.Assessment
}

var sample = sync.OnceValues(func() (*fixture, error) {
	ctx := context.Background()
	set, err := schemas.Builtin()
	if err != nil {
		return nil, err
	}
	files, err := catalog.Builtin()
	if err != nil {
		return nil, err
	}
	f := &fixture{}
	if f.catalog, err = catalog.Load(ctx, set, files); err != nil {
		return nil, err
	}
	compiled, err := engine.Compile(ctx, f.catalog, engine.Options{Version: "1.2.3"})
	if err != nil {
		return nil, err
	}
	bundle, err := evidence.Open(ctx, filepath.Join("..", "..", "testdata", "contoso"), evidence.DefaultLimits())
	if err != nil {
		return nil, err
	}
	defer bundle.Close()
	f.assessment, err = compiled.Assess(ctx, bundle, engine.AssessOptions{Now: today()})
	return f, err
})

// files are a source of the sample tenant, whose register and settings are read again when that is asked for.
type files struct {
	*tenants
	desk *desk
	live bool
	mu   sync.Mutex
	snap *snapshot.Snapshot
}

func (f *files) Snapshot(context.Context, string) (*snapshot.Snapshot, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.snap, nil
}

func (f *files) Refresh(context.Context) error {
	from, err := sample()
	if err != nil {
		return err
	}
	s := &snapshot.Snapshot{
		Now: today(), Tenant: from.assessment.Tenant, Tenants: 1, Assessment: from.assessment, Catalog: from.catalog, Live: f.live,
		Settings: &settings.Settings{}, Register: snapshot.Register{Path: f.desk.path},
	}
	r, err := register.Open(f.desk.path)
	if err != nil {
		return err
	}
	s.Register.Decisions, s.Register.Version = r.Decisions(), r.Version()
	if found, err := settings.Open(f.desk.settings); err == nil {
		s.Settings = found
	}
	s.Version = fmt.Sprintf("%.8s%s%s", r.Version(), s.Settings.Version(settings.BlockZones), s.Settings.Version(settings.BlockComparison))
	f.mu.Lock()
	defer f.mu.Unlock()
	f.snap = s
	return nil
}

func newDesk(t testing.TB, role signin.Role) *desk {
	t.Helper()
	dir := t.TempDir()
	d := &desk{t: t, path: filepath.Join(dir, register.Name), settings: filepath.Join(dir, settings.Name)}
	must.Do(t, os.WriteFile(d.path, []byte(registered), 0o600))
	pages := must.Get(page.New())(t)
	d.site = newSite(t, role, func(o *serve.Options) { o.Pages = pages })
	d.source = &files{tenants: newTenants("contoso"), desk: d, live: true}
	must.Do(t, d.source.Refresh(t.Context()))
	d.serve.Show(d.source)
	d.client = d.browser(t)
	d.base = "/tenants/" + must.Get(d.source.Snapshot(t.Context(), ""))(t).Tenant.ID
	return d
}

// get returns a page.
func (d *desk) get(path string, want int) string {
	d.t.Helper()
	response, text := d.ask(d.t, d.client, http.MethodGet, d.base+path, nil, "Accept", "text/html")
	expect.Equalf(d.t, want, response.StatusCode, "GET %s", path)
	return text
}

// post sends a form: names and values in turns.
func (d *desk) post(path string, want int, pairs ...string) string {
	d.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	response, text := d.ask(d.t, d.client, http.MethodPost, d.base+path, form, "Accept", "text/html")
	expect.Equalf(d.t, want, response.StatusCode, "POST %s", path)
	if want == http.StatusSeeOther {
		return response.Header.Get("Location")
	}
	return text
}

var hidden = regexp.MustCompile(`name="version" value="([0-9a-f]*)"`)

// versionIn returns the version that a form has.
func (d *desk) versionIn(text string) string {
	d.t.Helper()
	found := hidden.FindStringSubmatch(text)
	if found == nil {
		d.t.Fatalf("no version in\n%s", text)
	}
	return found[1]
}

func (d *desk) wantRegister(want string) {
	d.t.Helper()
	expect.Equal(d.t, want, stamps.ReplaceAllString(string(must.Get(os.ReadFile(d.path))(d.t)), `"NOW"`))
}

// stamps are times of the clock.
var stamps = regexp.MustCompile(`"20[0-9-]+T[0-9:]+Z"`)

func (d *desk) wantIn(text string, wants ...string) {
	d.t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			d.t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// A decision is written as it was filled in, its effect is there when the browser comes back, and it can be taken back.
func TestWriteStatus(t *testing.T) {
	d := newDesk(t, signin.Editor)
	form := d.get("/actions/AdminMFAV2/edit", http.StatusOK)
	d.wantIn(form, `value="planned" checked`, `value="bob@contoso.example"`, "Change the status")
	to := d.post("/actions/AdminMFAV2", http.StatusSeeOther, "form", "status", "version", d.versionIn(form), "status", "third_party",
		"reason", "another\r\nprovider", "owner", "<script>alert(1)</script> ${x} %{y} \" \\", "due", "", "expires", "2999-01-01", "approved_by", "", "ticket", "SEC-1")
	expect.Equal(t, d.base+"/actions/AdminMFAV2", to)
	after := `# Decisions of Contoso.
action "AdminMFAV2" {
  status     = "third_party" # by the board
  reason     = "another\nprovider"
  owner      = "<script>alert(1)</script> $${x} %%{y} \" \\"
  expires    = "2999-01-01"
  ticket     = "SEC-1"
  tags       = ["q4", "board"]
  changed_by = "Ada Lovelace"
  changed_at = "NOW"
}
`
	d.wantRegister(after)
	snap := must.Get(d.source.Snapshot(t.Context(), ""))(t)
	expect.Equal(t, engine.ThirdParty, snap.Register.Decisions["AdminMFAV2"].Status)

	shown := d.get("/overview", http.StatusOK)
	d.wantIn(shown, "Saved.", `action="`+d.base+`/undo"`, `name="file" value="register"`)
	if again := d.get("/overview", http.StatusOK); strings.Contains(again, "Saved.") {
		t.Error("it is said twice")
	}
	form = d.get("/actions/AdminMFAV2/edit", http.StatusOK)
	d.wantIn(form, "&lt;script&gt;alert(1)&lt;/script&gt;", "another\nprovider</textarea>")
	if strings.Contains(form, "<script>alert") {
		t.Error("a name is a script")
	}
	to = d.post("/undo", http.StatusSeeOther, "file", "register", "version", d.versionIn(shown), "return", d.base+"/plan")
	expect.Equal(t, d.base+"/plan", to)
	d.wantRegister(registered)
	d.wantIn(d.get("/overview", http.StatusOK), "The change was taken back.")
	d.wantIn(d.post("/undo", http.StatusConflict, "file", "register", "version", d.versionIn(shown), "return", "//evil.example"), "There is nothing to take back")
}

// What can't be saved is shown with what was filled in, and what is wrong with it.
func TestWriteInvalid(t *testing.T) {
	d := newDesk(t, signin.Editor)
	version := d.versionIn(d.get("/actions/AdminMFAV2/edit", http.StatusOK))
	text := d.post("/actions/AdminMFAV2", http.StatusUnprocessableEntity, "form", "status", "version", version, "status", "risk_accepted", "reason", "", "owner", "x\u202ey",
		"due", "", "expires", "2026-01-01", "approved_by", "<ciso>", "ticket", strings.Repeat("t", 300))
	d.wantIn(text, "Nothing was saved.", "Say why", "On this day the decision has ended already", "steers a terminal", "has 300 characters",
		`value="risk_accepted" checked`, `value="&lt;ciso&gt;"`, `aria-describedby="edit-status-expires-wrong edit-status-expires-hint" aria-invalid="true"`, `value="`+version+`"`)
	for path, form := range map[string][]string{
		"/actions/AdminMFAV2":        {"form", "note", "text", " "},
		"/plan":                      {"owner", "x"},
		"/zones":                     {"version", "", "good", "60", "okay", "80"},
		"/goal":                      {"version", "", "percent", "x", "by", ""},
		"/comparison":                {"version", "", "with", "/etc/passwd x", "name", ""},
		"/actions/MFARegistrationV2": {"form", "tags", "version", "", "add", strings.Repeat("x", 51)},
	} {
		d.wantIn(d.post(path, http.StatusUnprocessableEntity, form...), "Nothing was saved.", `class="wrong"`)
	}
	d.wantRegister(registered)
	if _, err := os.Stat(d.settings); err == nil {
		t.Error("settings were made")
	}
}

// Who has not seen the latest state gets both, side by side, and decides which holds.
func TestWriteConflict(t *testing.T) {
	d := newDesk(t, signin.Editor)
	seen := d.versionIn(d.get("/actions/AdminMFAV2/edit", http.StatusOK))
	status := func(want int, version, owner string) string {
		return d.post("/actions/AdminMFAV2", want, "form", "status", "version", version, "status", "planned", "owner", owner, "reason", "", "due", "", "expires", "", "approved_by", "", "ticket", "")
	}
	status(http.StatusSeeOther, seen, "first@contoso.example")
	text := status(http.StatusConflict, seen, "<second>")
	d.wantIn(text, "Use mine", "Keep theirs", "Changed by <bdi>Ada Lovelace</bdi>", "<bdi>first@contoso.example</bdi>", "<bdi>&lt;second&gt;</bdi>",
		`name="owner" value="&lt;second&gt;"`, `<tr class="differs"><th scope="row">Owner</th>`)
	status(http.StatusSeeOther, d.versionIn(text), "<second>") // use mine
	d.wantIn(string(must.Get(os.ReadFile(d.path))(t)), `owner      = "<second>"`)

	// Tags, a plan and settings are no different, and their forms send again what was filled in.
	text = d.post("/actions/AdminMFAV2", http.StatusConflict, "form", "tags", "version", seen, "tag", "q4", "add", "new, q4")
	d.wantIn(text, "<bdi>new, q4</bdi>", "<bdi>board, q4</bdi>", `name="tag" value="new"`)
	d.post("/actions/AdminMFAV2", http.StatusSeeOther, "form", "tags", "version", d.versionIn(text), "tag", "q4", "tag", "new")
	d.wantIn(string(must.Get(os.ReadFile(d.path))(t)), `tags       = ["q4", "new"]`)
	text = d.post("/plan", http.StatusConflict, "select", "AdminMFAV2", "version", seen, "select", "MFARegistrationV2", "version", "", "owner", "", "due", "2999-12-31")
	d.wantIn(text, "Use mine", `name="select" value="MFARegistrationV2"><input type="hidden" name="version" value="">`)
	d.post("/plan", http.StatusSeeOther, "select", "AdminMFAV2", "version", d.versionIn(text), "select", "MFARegistrationV2", "version", "", "due", "2999-12-31", "owner", "")
	d.wantIn(string(must.Get(os.ReadFile(d.path))(t)), "action \"MFARegistrationV2\" {\n  status     = \"planned\"\n  due        = \"2999-12-31\"\n")

	d.post("/zones", http.StatusSeeOther, "version", "", "good", "80", "okay", "60")
	d.wantIn(d.get("/overview", http.StatusOK), "Saved, in a new file")
	text = d.post("/zones", http.StatusConflict, "version", "", "good", "90", "okay", "60")
	d.wantIn(text, "<td><bdi>90</bdi></td><td><bdi>80</bdi></td>")
	d.post("/zones", http.StatusSeeOther, "version", d.versionIn(text), "remove", "yes", "good", "90", "okay", "60")
	expect.Equal(t, "", string(must.Get(os.ReadFile(d.settings))(t)))
}

// Zones, goal and comparison are written into posture.hcl, and shown at once.
func TestWriteSettings(t *testing.T) {
	d := newDesk(t, signin.Editor)
	d.post("/goal", http.StatusSeeOther, "version", d.versionIn(d.get("/goal", http.StatusOK)), "percent", "75", "by", "2999-06-30")
	form := d.get("/comparison", http.StatusOK)
	d.wantIn(form, `<option value="microsoft "`)
	d.post("/comparison", http.StatusSeeOther, "version", d.versionIn(form), "with", "microsoft ", "name", "All </title>")
	d.wantIn(d.get("/comparison", http.StatusOK), `<option value="microsoft " selected>`, `value="All &lt;/title&gt;"`)
	s := must.Get(d.source.Snapshot(t.Context(), ""))(t).Settings
	expect.Equal(t, 75_00, s.Goal.Percent)
	expect.Equal(t, settings.Microsoft, s.Comparison.Benchmark)
	expect.Equal(t, "Ada Lovelace", s.Changes[settings.BlockGoal].By)
}

// What follows from evidence takes no status by hand; the page says why.
func TestWriteLocked(t *testing.T) {
	d := newDesk(t, signin.Editor)
	completed := ""
	for _, a := range must.Get(d.source.Snapshot(t.Context(), ""))(t).Assessment.Actions {
		if a.Status == engine.Completed && !strings.HasPrefix(a.ID, "scid") {
			completed = a.ID
			break
		}
	}
	for id, want := range map[string]string{completed: "is completed", "scid_2010": "Vulnerability management knows", "MDA_GitHub_MFA": "deprecated"} {
		d.wantIn(d.post("/actions/"+id, http.StatusConflict, "form", "status", "version", "", "status", "planned"), want)
		if text := d.get("/actions/"+id+"/edit", http.StatusOK); !strings.Contains(text, want) || strings.Contains(text, "edit-form") {
			t.Errorf("%s has a form:\n%s", id, text)
		}
	}
	d.post("/actions/Nobody", http.StatusNotFound, "form", "status", "version", "", "status", "planned")
	d.get("/actions/Nobody/edit", http.StatusNotFound)
	d.wantRegister(registered)
	d.post("/actions/scid_2010", http.StatusSeeOther, "form", "note", "text", "Asked the vendor.")
	d.wantIn(string(must.Get(os.ReadFile(d.path))(t)), "author = \"Ada Lovelace\"\n    text   = \"Asked the vendor.\"")
}

// Readers change nothing, and learn why.
func TestReadersWriteNothing(t *testing.T) {
	d := newDesk(t, signin.Reader)
	for _, path := range []string{"/actions/AdminMFAV2", "/plan", "/zones", "/goal", "/comparison", "/undo"} {
		d.wantIn(d.post(path, http.StatusForbidden, "form", "note", "text", "x"), "Your role here is reader")
	}
	for _, path := range []string{"/actions/AdminMFAV2/edit", "/zones"} {
		d.wantIn(d.get(path, http.StatusForbidden), "Your role here is reader")
	}
	d.wantRegister(registered)
}

// What no browser sends is refused, whatever it would mean.
func TestWriteForms(t *testing.T) {
	d := newDesk(t, signin.Editor)
	send := func(media, body string) int {
		r := must.Get(http.NewRequestWithContext(t.Context(), http.MethodPost, d.URL+d.base+"/actions/AdminMFAV2", strings.NewReader(body)))(t)
		r.Header.Set("Content-Type", media)
		response := must.Get(d.client.Do(r))(t)
		must.Do(t, response.Body.Close())
		return response.StatusCode
	}
	const form = "application/x-www-form-urlencoded"
	for body, want := range map[string]int{
		"form=status&form=note":                        http.StatusBadRequest,
		"form=delete":                                  http.StatusBadRequest,
		"form=note&text=%zz":                           http.StatusBadRequest,
		"form=note&text=%ff":                           http.StatusBadRequest,
		"form=note&text=a%00b":                         http.StatusBadRequest,
		"form=note&text=" + strings.Repeat("x", 1<<20): http.StatusRequestEntityTooLarge,
		strings.Repeat("tag=x&", 2001) + "form=tags":   http.StatusBadRequest,
	} {
		expect.Equalf(t, want, send(form, body), "%.60s", body)
	}
	expect.Equal(t, http.StatusUnsupportedMediaType, send("application/json", `{"form":"note","text":"x"}`))
	expect.Equal(t, http.StatusUnsupportedMediaType, send("multipart/form-data; boundary=x", "--x--"))
	d.wantRegister(registered)
	if strings.Contains(d.log.String(), "Ada") {
		t.Error("the log has a name")
	}
}

// A register that somebody broke by hand is left as it is, and the page says what is wrong with it.
func TestWriteBroken(t *testing.T) {
	d := newDesk(t, signin.Editor)
	must.Do(t, os.WriteFile(d.path, []byte("action \"AdminMFAV2\" {\n  statsu = \"x\"\n}\n"), 0o600))
	d.wantIn(d.post("/actions/MFARegistrationV2", http.StatusConflict, "form", "note", "text", "x"), "the file has a mistake", "statsu")
}

// Two write at once, and nothing of what they write is lost.
func TestWriteConcurrently(t *testing.T) {
	d := newDesk(t, signin.Editor)
	var group sync.WaitGroup
	for _, id := range []string{"MFARegistrationV2", "AdminMFAV2"} {
		group.Go(func() {
			for range 3 {
				d.post("/actions/"+id, http.StatusSeeOther, "form", "note", "text", "of "+id)
			}
		})
	}
	group.Wait()
	r := must.Get(register.Open(d.path))(t)
	for _, id := range []string{"MFARegistrationV2", "AdminMFAV2"} {
		expect.Equalf(t, 3, len(r.Decisions()[id].Notes), "notes of %s", id)
	}
}
