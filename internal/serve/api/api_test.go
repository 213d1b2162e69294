package api_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/serve/api"
	"github.com/posture-score/posture/internal/serve/signin"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/internal/snapshot"
	"github.com/posture-score/posture/schemas"
)

// assessed is the sample tenant on four days, the last two of them the same, with its catalog.
type assessed struct {
	catalog *catalog.Catalog
	days    []*engine.Assessment
}

var assessOnce = sync.OnceValues(func() (*assessed, error) {
	ctx := context.Background()
	schemas, err := schemas.Builtin()
	if err != nil {
		return nil, err
	}
	builtin, err := catalog.Builtin()
	if err != nil {
		return nil, err
	}
	cat, err := catalog.Load(ctx, schemas, builtin)
	if err != nil {
		return nil, err
	}
	compiled, err := engine.Compile(ctx, cat, engine.Options{Version: "1.2.3"})
	if err != nil {
		return nil, err
	}
	bundle, err := evidence.Open(ctx, filepath.Join("..", "..", "..", "testdata", "contoso"), evidence.DefaultLimits())
	if err != nil {
		return nil, err
	}
	defer bundle.Close()
	made := &assessed{catalog: cat}
	for _, at := range []string{"2026-10-01T06:00:00Z", "2026-10-02T06:00:00Z", "2026-10-03T06:00:00Z", "2026-10-03T18:00:00Z"} {
		now, _ := time.Parse(time.RFC3339, at)
		decisions := map[string]engine.Decision{}
		if len(made.days) > 0 {
			due := now.AddDate(0, 0, -1)
			decisions["PWAgePolicyNew"] = engine.Decision{Status: engine.Planned, Owner: "=ada@contoso.example", Due: &due}
		}
		a, err := compiled.Assess(ctx, bundle, engine.AssessOptions{Now: now, Decisions: decisions})
		if err != nil {
			return nil, err
		}
		made.days = append(made.days, a)
	}
	return made, nil
})

// server is the API over a source, as somebody with a role sees it.
type server struct {
	*api.API
	t        *testing.T
	doc      *openapi3.T
	tenant   string // address of the tenant
	id       string
	register string
}

// serve opens a source with the sample tenant, a history and a register.
func serve(t *testing.T, past bool) *server {
	t.Helper()
	made := must.Get(assessOnce())(t)
	dir := t.TempDir()
	s := &server{t: t, register: filepath.Join(dir, "register.hcl"), id: made.days[0].Tenant.ID}
	s.tenant = "/api/v1/tenants/" + s.id
	options := snapshot.Options{
		Assessment: made.days[len(made.days)-1], Register: s.register, Settings: func() (*settings.Settings, error) { return &settings.Settings{}, nil },
		Catalog: made.catalog, Engine: engine.Options{Version: "1.2.3"}, Benchmark: snapshot.Benchmark{Path: settings.Microsoft},
	}
	if past {
		options.Store = filepath.Join(dir, "past.db")
		store := must.Get(history.Open(t.Context(), options.Store))(t)
		for _, a := range made.days {
			_, _, err := store.AppendRecords(t.Context(), a, history.Posture, nil)
			must.Do(t, err)
		}
		must.Do(t, store.Close())
		options.Path, options.Assessment = options.Store, nil
	}
	source := must.Get(snapshot.Open(t.Context(), options))(t)
	t.Cleanup(func() { must.Do(t, source.Close()) })
	s.API = api.New(api.Options{
		Source: func() api.Source { return source }, Refresh: source.Refresh,
		Now: func() time.Time { return time.Date(2026, 10, 3, 20, 0, 0, 0, time.UTC) }, Origin: "https://posture.example",
	})
	s.doc = describe(t, s.API)
	return s
}

// describe reads the description that the API serves.
func describe(t *testing.T, handler http.Handler) *openapi3.T {
	t.Helper()
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/api/v1/openapi.json", nil))
	doc := must.Get(openapi3.NewLoader().LoadFromData(w.Body.Bytes()))(t)
	must.Do(t, doc.Validate(t.Context()))
	return doc
}

// do sends a request as an editor, or as whoever is in its context, and holds the answer to the description.
func (s *server) do(r *http.Request) *httptest.ResponseRecorder {
	s.t.Helper()
	if _, ok := signin.Session(r.Context()); !ok {
		r = r.WithContext(signin.WithUser(r.Context(), signin.User{Name: "Ada <ada@contoso.example>", Role: signin.Editor}))
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	_, path, found := strings.Cut(r.Pattern, " ")
	if !found {
		return w // nothing is there
	}
	item := s.doc.Paths.Value(path)
	if item == nil || item.GetOperation(r.Method) == nil {
		s.t.Fatalf("%s is not described", r.Pattern)
	}
	openapi3filter.RegisterBodyDecoder("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", openapi3filter.FileBodyDecoder)
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{
			Request: r, Route: &routers.Route{Spec: s.doc, Path: path, PathItem: item, Method: r.Method, Operation: item.GetOperation(r.Method)},
		},
		Status: w.Code, Header: w.Header(), Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	}
	kind := w.Header().Get("Content-Type")
	if strings.HasSuffix(kind, "json") {
		input.SetBodyBytes(w.Body.Bytes())
	} else {
		input.SetBodyBytes([]byte("file"))
		input.Options.ExcludeResponseBody = true
	}
	if err := openapi3filter.ValidateResponse(s.t.Context(), input); err != nil {
		s.t.Errorf("%s %s: %d is not as described: %.2000v", r.Method, r.URL, w.Code, err)
	}
	return w
}

func (s *server) get(path string) *httptest.ResponseRecorder {
	s.t.Helper()
	return s.do(httptest.NewRequest(http.MethodGet, path, nil))
}

func decode[V any](t *testing.T, w *httptest.ResponseRecorder) V {
	t.Helper()
	var v V
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
		t.Fatalf("%v in %.300s", err, w.Body)
	}
	return v
}

// TestRoutes holds that every route is described, and that everything described is a route.
func TestRoutes(t *testing.T) {
	handler := api.New(api.Options{Source: func() api.Source { return nil }})
	var described []string
	doc := describe(t, handler)
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			described = append(described, method+" "+path)
		}
	}
	slices.Sort(described)
	expect.Equal(t, described, handler.Patterns())
}

// TestAnswers holds what each address answers, with a history and without.
func TestAnswers(t *testing.T) {
	s := serve(t, true)
	for _, path := range []string{
		"/api/v1/openapi.json", "/api/v1/tenants", "/api/v1/tenants?search=contoso&from=0&limit=1", s.tenant, s.tenant + "/assessment", s.tenant + "/actions",
		s.tenant + "/actions?status=planned&group=product&sort=title&dir=desc", s.tenant + "/actions.csv?q=password&column=id,title", s.tenant + "/actions.xlsx",
		s.tenant + "/actions/AdminMFAV2", s.tenant + "/actions/AdminMFAV2/failing?from=1&limit=2", s.tenant + "/actions/AdminMFAV2/failing.csv", s.tenant + "/actions/OneAdmin/failing",
		s.tenant + "/actions/AdminMFAV2/task.json", s.tenant + "/actions/AdminMFAV2/task.csv", s.tenant + "/actions/tasks.csv?status=planned&column=title&dir=&group=",
		s.tenant + "/history", s.tenant + "/history.csv", s.tenant + "/history/1", s.tenant + "/history/2", s.tenant + "/trends", s.tenant + "/trends.csv?every=day",
		s.tenant + "/owners", s.tenant + "/owners.csv", s.tenant + "/owners.xlsx", s.tenant + "/plan?target=80", s.tenant + "/plan?target=100&assessed_only=true",
		"/v1.0/security/secureScores", "/v1.0/security/secureScoreControlProfiles", "/v1.0/security/secureScoreControlProfiles/AdminMFAV2",
		"/v1.0/security/secureScores/" + s.id + "_2026-10-02",
	} {
		if w := s.get(path); w.Code != http.StatusOK {
			t.Errorf("%s: %d %.300s", path, w.Code, w.Body)
		}
	}
	without := serve(t, false)
	for path, want := range map[string]int{without.tenant: 200, without.tenant + "/history": 200, without.tenant + "/trends": 404, "/v1.0/security/secureScores": 200, "/api/v1/tenants": 200} {
		expect.Equalf(t, want, without.get(path).Code, "%s", path)
	}
}

// TestRefused holds what is wrong with a request to a status and a problem.
func TestRefused(t *testing.T) {
	s := serve(t, true)
	for path, want := range map[string]int{
		"/api/v1/tenants/nobody":                                  404,
		"/api/v1/tenants?limit=0":                                 400,
		"/api/v1/tenants?from=-1":                                 400,
		"/api/v1/tenants?%zz":                                     400,
		s.tenant + "?x=1":                                         400,
		s.tenant + "/actions?status=%3Cscript%3E":                 400,
		s.tenant + "/actions?tag=no-such-tag":                     400,
		s.tenant + "/actions?Status=planned":                      400,
		s.tenant + "/actions/nothing":                             404,
		s.tenant + "/actions/nothing/task.json":                   404,
		s.tenant + "/actions/nothing/task.csv":                    404,
		s.tenant + "/actions/tasks.csv?status=nothing":            400,
		s.tenant + "/actions/tasks.csv?limit=1":                   400,
		s.tenant + "/actions/%2e%2e%2fAdminMFAV2":                 404,
		s.tenant + "/actions/AdminMFAV2/failing?limit=1001":       400,
		s.tenant + "/actions/AdminMFAV2/failing?from=999999999":   200,
		s.tenant + "/actions/AdminMFAV2/failing?from=1e3":         400,
		s.tenant + "/history/99":                                  404,
		s.tenant + "/history/x":                                   404,
		s.tenant + "/trends?every=year":                           400,
		s.tenant + "/plan":                                        400,
		s.tenant + "/plan?target=101":                             400,
		s.tenant + "/plan?target=1e1":                             400,
		s.tenant + "/plan?target=50&assessed_only=maybe":          400,
		s.tenant + "/nothing":                                     404,
		"/v1.0/security/secureScores/x":                           404,
		"/v1.0/security/secureScores/" + s.id + "_2020-01-01":     404,
		"/v1.0/security/secureScoreControlProfiles/nothing":       404,
		"/v1.0/security/secureScores?$select=id":                  400,
		"/v1.0/security/secureScores?$orderby=currentScore":       400,
		"/v1.0/security/secureScores?$top=0":                      400,
		"/v1.0/security/secureScores?$filter=currentScore+eq+'x'": 400,
	} {
		w := s.get(path)
		expect.Equalf(t, want, w.Code, "%s: %.200s", path, w.Body)
		if strings.Contains(w.Body.String(), "<script>") {
			t.Errorf("%s: %s", path, w.Body)
		}
	}
	w := s.do(httptest.NewRequest(http.MethodDelete, s.tenant+"/actions/AdminMFAV2", nil))
	expect.Equal(t, http.StatusMethodNotAllowed, w.Code)
	expect.Equal(t, "GET, HEAD, PATCH", w.Header().Get("Allow"))
	expect.Equal(t, "application/problem+json", w.Header().Get("Content-Type"))
	for path, want := range map[string]int{"/v1.0/security/secureScores": 405, "/v1.0/security/nothing": 404} { // in the form of Graph's errors
		w = s.do(httptest.NewRequest(http.MethodPost, path, nil))
		expect.Equalf(t, want, w.Code, "%s: %s", path, w.Body)
		if !strings.Contains(w.Body.String(), `{"error":{"code":`) {
			t.Errorf("%s: %s", path, w.Body)
		}
	}
	starting := api.New(api.Options{Source: func() api.Source { return nil }})
	w = httptest.NewRecorder()
	starting.ServeHTTP(w, httptest.NewRequest(http.MethodGet, s.tenant, nil))
	expect.Equal(t, http.StatusServiceUnavailable, w.Code)
}

// TestGivenTwice holds that nothing is passed over in silence, and that filters may have several values.
func TestGivenTwice(t *testing.T) {
	s := serve(t, true)
	for path, name := range map[string]string{
		"/api/v1/tenants?limit=1&limit=2":                            "limit",
		s.tenant + "/plan?target=50&target=80":                       "target",
		s.tenant + "/plan?target=50&t%61rget=80":                     "target",
		s.tenant + "/actions?sort=title&sort=id":                     "sort",
		s.tenant + "/trends?every=day&every=day":                     "every",
		s.tenant + "/actions/AdminMFAV2/failing?from=1&from=2":       "from",
		"/v1.0/security/secureScores?$top=1&%24top=2":                "$top",
		"/v1.0/security/secureScoreControlProfiles?$skip=0&$skip=10": "$skip",
	} {
		w := s.get(path)
		if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "The parameter "+name+": it is given 2 times") {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	expect.Equal(t, http.StatusOK, s.get(s.tenant+"/actions?status=planned&status=to_address").Code)
}

// TestUnchanged holds that a program that has an answer is told that it is still right.
func TestUnchanged(t *testing.T) {
	s := serve(t, true)
	for _, path := range []string{s.tenant, s.tenant + "/assessment", s.tenant + "/owners.csv", s.tenant + "/actions/AdminMFAV2/failing", "/v1.0/security/secureScores?$top=1"} {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("If-None-Match", `"x", `+s.get(path).Header().Get("ETag"))
		if w := s.do(r); w.Code != http.StatusNotModified || w.Body.Len() > 0 {
			t.Errorf("%s: %d with %d bytes", path, w.Code, w.Body.Len())
		}
	}
}

// TestFailingPages holds that the pages of failing records are all of them, in order, and so is the sheet.
func TestFailingPages(t *testing.T) {
	s := serve(t, false)
	type page struct {
		Total, Known int64
		Records      []engine.Record
		Next         string
	}
	var all []engine.Record
	next := s.tenant + "/actions/MFARegistrationV2/failing?limit=3"
	var p page
	for next != "" {
		p = decode[page](t, s.get(next))
		all, next = append(all, p.Records...), p.Next
	}
	if int64(len(all)) != p.Known || p.Known == 0 {
		t.Errorf("%d of %d records, of %d", len(all), p.Known, p.Total)
	}
	sheet := s.get(s.tenant + "/actions/MFARegistrationV2/failing.csv").Body.String()
	expect.Equal(t, len(all)+1, strings.Count(sheet, "\n"))
	if !strings.HasPrefix(sheet, "Key,Label\n"+all[0].Key+",") {
		t.Errorf("it begins with %.200s", sheet)
	}
}

// TestHostile holds that a name that wants to be a formula is none in a sheet.
func TestHostile(t *testing.T) {
	s := serve(t, true)
	if text := s.get(s.tenant + "/owners.csv").Body.String(); !strings.Contains(text, "'=ada@contoso.example") {
		t.Errorf("the sheet is %.300s", text)
	}
}

// TestTask holds that the task of an action is the same as JSON and as a sheet, with its key and the address of its page whatever the request
// calls this server, and that no text of it is a formula.
func TestTask(t *testing.T) {
	s := serve(t, true)
	r := httptest.NewRequest(http.MethodGet, s.tenant+"/actions/PWAgePolicyNew/task.json", nil)
	r.Host = "evil.example"
	got := decode[map[string]string](t, s.do(r))
	rows := must.Get(csv.NewReader(s.get(s.tenant + "/actions/PWAgePolicyNew/task.csv").Body).ReadAll())(t)
	expect.Equal(t, [][]string{
		{"Key", "Title", "Bucket", "Due", "Owner", "Notes"},
		{"[posture:" + s.id[:8] + ":PWAgePolicyNew]", got["title"], got["bucket"], "2026-10-02", "'=ada@contoso.example", got["notes"]},
	}, rows)
	expect.Equal(t, "=ada@contoso.example", got["owner"])
	expect.Equal(t, rows[1][0], got["key"])
	notes := strings.Split(got["notes"], "\n")
	expect.Equal(t, got["key"], notes[0])
	if !slices.Contains(notes, "https://posture.example/tenants/"+s.id+"/actions/PWAgePolicyNew") || !strings.HasPrefix(notes[len(notes)-1], "https://") {
		t.Errorf("the notes are %q", notes)
	}
}

// TestTasks holds that the sheet of tasks has the actions that the list finds, in its order.
func TestTasks(t *testing.T) {
	s := serve(t, true)
	const query = "?category=identity&sort=title&dir=desc"
	type list struct{ Actions []struct{ Title string } }
	var want, got []string
	for _, a := range decode[list](t, s.get(s.tenant+"/actions"+query)).Actions {
		want = append(want, a.Title)
	}
	for _, row := range must.Get(csv.NewReader(s.get(s.tenant + "/actions/tasks.csv" + query).Body).ReadAll())(t)[1:] {
		got = append(got, row[1])
	}
	expect.Equal(t, want, got)
	if len(got) < 3 {
		t.Errorf("%d tasks", len(got))
	}
}

// TestSearch holds that programs find actions by what their product is called, as people do.
func TestSearch(t *testing.T) {
	s := serve(t, true)
	found := decode[struct{ Actions []struct{ Product string } }](t, s.get(s.tenant+"/actions?q=Microsoft+Entra+ID")).Actions
	found = slices.DeleteFunc(found, func(a struct{ Product string }) bool { return a.Product != "entra_id" })
	if len(found) < 10 {
		t.Errorf("it finds %v", found)
	}
}

// patchAs sends a change.
func (s *server) patchAs(role signin.Role, id, tag, body string) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest(http.MethodPatch, s.tenant+"/actions/"+url.PathEscape(id), strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if tag != "" {
		r.Header.Set("If-Match", tag)
	}
	return s.do(r.WithContext(signin.WithUser(r.Context(), signin.User{Name: "Ada", Role: role})))
}

// TestChange holds that a change is written with its author, that a lost update is refused with what is there, and that the next answer shows it.
func TestChange(t *testing.T) {
	s := serve(t, true)
	path := s.tenant + "/actions/AdminMFAV2"
	tag := s.get(path).Header().Get("ETag")
	expect.Equal(t, `"none"`, tag)
	body := `{"status": "planned", "owner": "grace@contoso.example", "due": "2026-12-31", "tags": ["q4"], "note": "The keys have \"arrived\".", "reason": null}`
	w := s.patchAs(signin.Editor, "AdminMFAV2", tag, body)
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	text := string(must.Get(os.ReadFile(s.register))(t))
	for _, want := range []string{`status`, `"planned"`, `"grace@contoso.example"`, `"2026-12-31"`, `"q4"`, `The keys have \"arrived\".`, `"Ada"`} {
		if !strings.Contains(text, want) {
			t.Errorf("the register lacks %s:\n%s", want, text)
		}
	}
	fresh := s.get(path)
	expect.Equal(t, w.Header().Get("ETag"), fresh.Header().Get("ETag"))
	if !strings.Contains(fresh.Body.String(), "grace@contoso.example") {
		t.Error("the next answer does not show it")
	}
	second := s.patchAs(signin.Editor, "AdminMFAV2", tag, `{"owner": "mallory"}`)
	expect.Equal(t, http.StatusPreconditionFailed, second.Code)
	if !strings.Contains(second.Body.String(), "grace@contoso.example") {
		t.Errorf("it does not show what is there: %s", second.Body)
	}
	again := s.patchAs(signin.Editor, "AdminMFAV2", fresh.Header().Get("ETag"), `{"owner": "grace@contoso.example"}`)
	expect.Equal(t, false, decode[struct{ Changed bool }](t, again).Changed)
	removed := s.patchAs(signin.Editor, "AdminMFAV2", fresh.Header().Get("ETag"), `{"status": "to_address", "owner": "", "due": "", "tags": []}`)
	expect.Equalf(t, http.StatusOK, removed.Code, "%s", removed.Body)
	if text := string(must.Get(os.ReadFile(s.register))(t)); strings.Contains(text, "grace") || !strings.Contains(text, "arrived") {
		t.Errorf("the note alone is to stay:\n%s", text)
	}
}

// TestChangeRefused holds what can't be changed, and that nothing is written then.
func TestChangeRefused(t *testing.T) {
	s := serve(t, false)
	fixed := ""
	made := must.Get(assessOnce())(t)
	for _, a := range made.days[0].Actions {
		if control, ok := made.catalog.Control(a.ID); ok && control.Exception != "" {
			fixed = a.ID
		}
	}
	for name, test := range map[string]struct {
		role          signin.Role
		id, tag, body string
		want          int
	}{
		"reader":           {signin.Reader, "AdminMFAV2", `"none"`, `{"owner": "x"}`, 403},
		"no version":       {signin.Editor, "AdminMFAV2", ``, `{"owner": "x"}`, 428},
		"any version":      {signin.Editor, "AdminMFAV2", `*`, `{"owner": "x"}`, 400},
		"two versions":     {signin.Editor, "AdminMFAV2", `"a", "b"`, `{"owner": "x"}`, 400},
		"another version":  {signin.Editor, "AdminMFAV2", `"a"`, `{"owner": "x"}`, 412},
		"no reason":        {signin.Editor, "AdminMFAV2", `"none"`, `{"status": "risk_accepted"}`, 422},
		"no status":        {signin.Editor, "AdminMFAV2", `"none"`, `{"status": "completed"}`, 422},
		"past day":         {signin.Editor, "AdminMFAV2", `"none"`, `{"status": "planned", "due": "2020-01-01"}`, 422},
		"bad tag":          {signin.Editor, "AdminMFAV2", `"none"`, `{"tags": ["\u0000"]}`, 422},
		"unknown field":    {signin.Editor, "AdminMFAV2", `"none"`, `{"rank": 1}`, 400},
		"other case":       {signin.Editor, "AdminMFAV2", `"none"`, `{"STATUS": "planned"}`, 400},
		"given twice":      {signin.Editor, "AdminMFAV2", `"none"`, `{"owner": "x", "own\u0065r": "y"}`, 400},
		"no UTF-8":         {signin.Editor, "AdminMFAV2", `"none"`, "{\"owner\": \"\xff\"}", 400},
		"nothing":          {signin.Editor, "AdminMFAV2", `"none"`, `{}`, 400},
		"no object":        {signin.Editor, "AdminMFAV2", `"none"`, `[]`, 400},
		"two objects":      {signin.Editor, "AdminMFAV2", `"none"`, `{"owner": "x"}{}`, 400},
		"no JSON":          {signin.Editor, "AdminMFAV2", `"none"`, `owner=x`, 400},
		"too large":        {signin.Editor, "AdminMFAV2", `"none"`, `{"owner": "` + strings.Repeat("x", 70_000) + `"}`, 413},
		"too long":         {signin.Editor, "AdminMFAV2", `"none"`, `{"owner": "` + strings.Repeat("x", 60_000) + `"}`, 422},
		"unknown action":   {signin.Editor, "../x", `"none"`, `{"owner": "x"}`, 404},
		"by the evidence":  {signin.Editor, fixed, `"none"`, `{"status": "planned"}`, 409},
		"done by evidence": {signin.Editor, "OneAdmin", `"none"`, `{"status": "planned"}`, 409},
	} {
		t.Run(name, func(t *testing.T) {
			s.t = t
			w := s.patchAs(test.role, test.id, test.tag, test.body)
			expect.Equalf(t, test.want, w.Code, "%s", w.Body)
		})
	}
	s.t = t
	r := httptest.NewRequest(http.MethodPatch, s.tenant+"/actions/AdminMFAV2", strings.NewReader("owner=x"))
	r.Header.Set("If-Match", `"none"`)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	expect.Equal(t, http.StatusUnsupportedMediaType, s.do(r).Code)
	if _, err := os.Stat(s.register); err == nil {
		t.Error("something was written")
	}
}

// TestWrongTypes holds that a field of another type is told by its name and what it has to be.
func TestWrongTypes(t *testing.T) {
	s := serve(t, false)
	for body, want := range map[string]string{
		`{"owner": 1}`:            `The field "owner": it has to be a text, or null to leave it.`,
		`{"status": ["planned"]}`: `The field "status": it has to be a text, or null to leave it.`,
		`{"note": {}}`:            `The field "note": it has to be a text, or null to add none.`,
		`{"tags": "q4"}`:          `The field "tags": it has to be a list of texts, or null to leave it.`,
		`{"tags": ["q4", null]}`:  `The field "tags": it has to be a list of texts, or null to leave it.`,
		`{"Owner": "x"}`:          `The field "Owner": it is unknown here.`,
		`{"due": "", "due": ""}`:  `The field "due": it is given twice.`,
		`"owner"`:                 `The body has to be one object, such as {"owner": "ada@contoso.example"}.`,
		`{"owner": "x"`:           `The body has to be one object of JSON, in UTF-8.`,
	} {
		w := s.patchAs(signin.Editor, "AdminMFAV2", `"none"`, body)
		expect.Equal(t, http.StatusBadRequest, w.Code)
		expect.Equalf(t, want, decode[struct{ Detail string }](t, w).Detail, "%s", body)
	}
}

// TestScores holds days, pages, counts and filters of the answers of Graph.
func TestScores(t *testing.T) {
	s := serve(t, true)
	type day struct {
		ID            string
		ControlScores []struct{ ControlName string }
	}
	type answer struct {
		Count *int   `json:"@odata.count"`
		Next  string `json:"@odata.nextLink"`
		Value []day
	}
	ask := func(query string) (answer, []string) {
		a := decode[answer](t, s.get("/v1.0/security/secureScores?"+query))
		dates := []string{}
		for _, d := range a.Value {
			dates = append(dates, strings.TrimPrefix(d.ID, s.id+"_"))
		}
		return a, dates
	}
	all := []string{"2026-10-03", "2026-10-02", "2026-10-01"}
	a, dates := ask("$count=true")
	expect.Equal(t, all, dates) // two on the last day are one
	expect.Equal(t, 3, *a.Count)
	if len(a.Value[2].ControlScores) < 50 {
		t.Error("an earlier day has no controls")
	}
	var paged []string
	a, dates = ask("$top=1")
	paged = append(paged, dates...)
	for a.Next != "" {
		next := must.Get(url.Parse(a.Next))(t)
		expect.Equal(t, "https://example.com", next.Scheme+"://"+next.Host) // a proxy asks by http
		a, dates = ask(next.RawQuery)
		paged = append(paged, dates...)
	}
	s.Origin = "http://example.com"
	if a, _ := ask("$top=1"); !strings.HasPrefix(a.Next, "http://example.com/") {
		t.Errorf("without TLS the next page is %s", a.Next)
	}
	expect.Equal(t, all, paged)
	for filter, want := range map[string][]string{
		"createdDateTime ge 2026-10-02T00:00:00Z":                                             all[:2],
		"createdDateTime ge 2026-10-02 and createdDateTime lt 2026-10-03":                     all[1:2],
		"azureTenantId eq '" + strings.ToUpper(s.id) + "'":                                    all,
		"azureTenantId eq 'nobody'":                                                           {},
		"vendorInformation/provider eq 'SecureScore' and not (createdDateTime gt 2026-10-01)": all[2:],
		"currentScore gt 100000 or createdDateTime eq 2026-10-01":                             all[2:],
		"id eq '" + s.id + "_2026-10-01'":                                                     all[2:],
	} {
		_, dates := ask("$filter=" + url.QueryEscape(filter))
		expect.Equalf(t, want, dates, "%s", filter)
	}
}

// TestScoresBounded holds that days are read for a few at once, and that whoever leaves while waiting gets an answer that says so.
func TestScoresBounded(t *testing.T) {
	s := serve(t, true)
	free := s.Fill()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := s.do(httptest.NewRequestWithContext(ctx, http.MethodGet, "/v1.0/security/secureScores", nil))
	expect.Equalf(t, http.StatusServiceUnavailable, w.Code, "%.300s", w.Body)
	free()
	expect.Equal(t, http.StatusOK, s.get("/v1.0/security/secureScores").Code)
}

// TestReaders holds that readers do not learn where files are.
func TestReaders(t *testing.T) {
	s := serve(t, true)
	must.Do(t, os.WriteFile(s.register, []byte("action {"), 0o600))
	_ = s.Refresh(t.Context()) // the snapshot tells the problem
	r := httptest.NewRequest(http.MethodGet, s.tenant, nil)
	problem := func(role signin.Role) string {
		r := r.WithContext(signin.WithUser(r.Context(), signin.User{Name: "Ada", Role: role}))
		return decode[struct{ Problem string }](t, s.do(r)).Problem
	}
	if text := problem(signin.Reader); !strings.Contains(text, "register.hcl") || strings.Contains(text, "/") {
		t.Errorf("a reader sees %q", text)
	}
	if text := problem(signin.Editor); !strings.Contains(text, s.register) {
		t.Errorf("an editor sees %q", text)
	}
}

// TestProfiles holds the filter of profiles.
func TestProfiles(t *testing.T) {
	s := serve(t, false)
	for filter, want := range map[string][]string{
		"id eq 'AdminMFAV2'": {"AdminMFAV2"},
		"id eq 'AdminMFAV2' and controlCategory eq 'identity'":       {"AdminMFAV2"},
		"id eq 'AdminMFAV2' and service ne 'AzureAD'":                {},
		"(id eq 'AdminMFAV2' or id eq 'OneAdmin') and maxScore ge 2": {"AdminMFAV2"},
		"id eq 'it''s'":      {},
		"deprecated eq true": {},
	} {
		w := s.get("/v1.0/security/secureScoreControlProfiles?$filter=" + url.QueryEscape(filter))
		var ids []string
		for _, p := range decode[struct{ Value []struct{ ID string } }](t, w).Value {
			ids = append(ids, p.ID)
		}
		expect.Equalf(t, want, append([]string{}, ids...), "%s", filter)
	}
}

// TestSameBytes holds that an answer is the same as long as nothing changes.
func TestSameBytes(t *testing.T) {
	s := serve(t, true)
	for _, path := range []string{s.tenant, s.tenant + "/actions", "/v1.0/security/secureScores", s.tenant + "/owners.xlsx"} {
		first := s.get(path).Body.Bytes()
		if !bytes.Equal(first, s.get(path).Body.Bytes()) {
			t.Errorf("%s differs", path)
		}
	}
}
