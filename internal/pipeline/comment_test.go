package pipeline

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

const (
	ours   = "<!-- posture-comment 3bb6c6301afdc01ef08ebe7b99ecd6ce -->"
	others = "<!-- posture-comment ffffffffffffffffffffffffffffffff -->"
)

// system is one of the systems: the variables of a job for a pull request, and how it has its comments.
type system struct {
	env     map[string]string
	path    string                    // of the comments
	changed string                    // the path of the comment 7
	list    func(bodies []string) any // a page, of which the first has the id 7
	posted  func(body map[string]any) string
}

func systems() map[string]system {
	list := func(bodies []string) any {
		all := []any{}
		for i, body := range bodies {
			all = append(all, map[string]any{"id": 7 + i, "body": body, "user": map[string]any{"login": "somebody"}})
		}
		return all
	}
	body := func(sent map[string]any) string { return fmt.Sprint(sent["body"]) }
	return map[string]system{
		"GitHub": {
			env: map[string]string{
				"GITHUB_ACTIONS": "true", "GITHUB_API_URL": "BASE", "GITHUB_REPOSITORY": "contoso/posture",
				"GITHUB_REF": "refs/pull/12/merge", "GITHUB_TOKEN": "secret",
			},
			path: "/repos/contoso/posture/issues/12/comments", changed: "PATCH /repos/contoso/posture/issues/comments/7",
			list: list, posted: body,
		},
		"GitLab": {
			env: map[string]string{
				"GITLAB_CI": "true", "CI_API_V4_URL": "BASE/api/v4", "CI_MERGE_REQUEST_PROJECT_ID": "34",
				"CI_MERGE_REQUEST_IID": "12", "GITLAB_TOKEN": "secret",
			},
			path: "/api/v4/projects/34/merge_requests/12/notes", changed: "PUT /api/v4/projects/34/merge_requests/12/notes/7",
			list: list, posted: body,
		},
		"Azure DevOps": {
			env: map[string]string{
				"TF_BUILD": "True", "SYSTEM_COLLECTIONURI": "BASE/contoso/", "SYSTEM_TEAMPROJECT": "Our project", "BUILD_REPOSITORY_ID": "34",
				"BUILD_REPOSITORY_PROVIDER": "TfsGit", "SYSTEM_PULLREQUEST_PULLREQUESTID": "12", "SYSTEM_ACCESSTOKEN": "secret",
			},
			path:    "/contoso/Our%20project/_apis/git/repositories/34/pullRequests/12/threads",
			changed: "PATCH /contoso/Our%20project/_apis/git/repositories/34/pullRequests/12/threads/7/comments/1",
			list: func(bodies []string) any {
				all := []any{}
				for i, body := range bodies {
					all = append(all, map[string]any{"id": 7 + i, "comments": []any{map[string]any{"id": 1, "content": body}}})
				}
				return map[string]any{"value": all, "count": len(all)}
			},
			posted: func(sent map[string]any) string {
				if list, ok := sent["comments"].([]any); ok && sent["status"] == "closed" {
					sent = list[0].(map[string]any)
				}
				return fmt.Sprint(sent["content"])
			},
		},
	}
}

// serve answers as a system does, and notes what is sent to it.
func (s system) serve(t *testing.T, bodies []string) (Job, *[]string) {
	sent := new([]string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer secret" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		if r.Method == http.MethodGet && r.URL.EscapedPath() == s.path {
			page := bodies
			switch r.URL.Query().Get("page") {
			case "1":
				page = bodies[:min(len(bodies), perPage)]
			case "2":
				page = bodies[min(len(bodies), perPage):]
			}
			must.Do(t, json.NewEncoder(w).Encode(s.list(page)))
			return
		}
		var body map[string]any
		must.Do(t, json.NewDecoder(r.Body).Decode(&body))
		*sent = append(*sent, r.Method+" "+r.URL.EscapedPath()+": "+s.posted(body))
		w.WriteHeader(http.StatusCreated)
	}))
	t.Cleanup(server.Close)
	env := func(name string) string { return strings.ReplaceAll(s.env[name], "BASE", server.URL) }
	return Job{Env: env, Out: io.Discard, Err: new(strings.Builder), Client: server.Client()}, sent
}

func TestComment(t *testing.T) {
	tests := map[string]struct {
		there []string // comments
		text  string   // of this job
		want  string   // what is sent: PATH and CHANGED stand for places
	}{
		"first comment":                       {text: ours + "\n### It fell\n", want: "POST PATH: " + ours + "\n### It fell\n"},
		"beside comments of people":           {there: []string{"Nice", "About " + ours}, text: ours + "\n1", want: "POST PATH: " + ours + "\n1"},
		"beside the comment of a tenant":      {there: []string{others + "\n0"}, text: ours + "\n1", want: "POST PATH: " + ours + "\n1"},
		"update":                              {there: []string{ours + "\n0", "Nice"}, text: ours + "\n1", want: "CHANGED: " + ours + "\n1"},
		"update of lines with returns":        {there: []string{ours + "\r\n0"}, text: ours + "\n1", want: "CHANGED: " + ours + "\n1"},
		"the same again":                      {there: []string{ours + "\n1"}, text: ours + "\n1\n"},
		"nothing changed":                     {there: []string{"Nice"}},
		"nothing changes any more":            {there: []string{ours + "\n0"}, want: "CHANGED: " + ours + "\n" + settled},
		"nothing changes, which stands there": {there: []string{ours + "\n" + settled}},
	}
	for name, s := range systems() {
		for what, tt := range tests {
			t.Run(name+"/"+what, func(t *testing.T) {
				job, sent := s.serve(t, tt.there)
				files(t, map[string]string{"comment.md": tt.text, "summary.md": ours + "\n### It is\n"})
				expect.Equal(t, exitOK, Run(t.Context(), job, []string{"comment", "--summary", "summary.md", "comment.md"}))
				want := strings.NewReplacer("PATH", s.path, "CHANGED", s.changed).Replace(tt.want)
				expect.Equal(t, want, strings.Join(*sent, "\n"))
			})
		}
	}
}

// TestCommentOnLaterPage looks for the comment behind a hundred others.
func TestCommentOnLaterPage(t *testing.T) {
	s := systems()["GitHub"]
	there := make([]string, perPage+1)
	there[perPage] = ours + "\n0"
	job, sent := s.serve(t, there)
	files(t, map[string]string{"comment.md": ours + "\n1"})
	expect.Equal(t, exitOK, Run(t.Context(), job, []string{"comment", "comment.md"}))
	expect.Equal(t, []string{s.changed + ": " + ours + "\n1"}, *sent)
}

func TestNoComment(t *testing.T) {
	tests := map[string]struct {
		system string
		set    map[string]string
		text   string
		code   int
		want   string
	}{
		"no pull request on GitHub":            {"GitHub", map[string]string{"GITHUB_REF": "refs/heads/main"}, ours, exitOK, "this job is for no pull request"},
		"no token on GitHub":                   {"GitHub", map[string]string{"GITHUB_TOKEN": ""}, ours, exitOK, "there is no GITHUB_TOKEN"},
		"token of a fork":                      {"GitHub", map[string]string{"GITHUB_TOKEN": "weak"}, ours, exitError, "403 Forbidden: to comment, the token needs the permission pull-requests: write"},
		"no merge request":                     {"GitLab", map[string]string{"CI_MERGE_REQUEST_IID": ""}, ours, exitOK, "this job is for no merge request"},
		"no token on GitLab":                   {"GitLab", map[string]string{"GITLAB_TOKEN": ""}, ours, exitOK, "there is no GITLAB_TOKEN"},
		"no pull request on Azure":             {"Azure DevOps", map[string]string{"SYSTEM_PULLREQUEST_PULLREQUESTID": ""}, ours, exitOK, "this job is for no pull request"},
		"repository of GitHub, built by Azure": {"Azure DevOps", map[string]string{"BUILD_REPOSITORY_PROVIDER": "GitHub"}, ours, exitOK, "not in Azure Repos"},
		"token that is not mapped":             {"Azure DevOps", map[string]string{"SYSTEM_ACCESSTOKEN": ""}, ours, exitOK, "there is no SYSTEM_ACCESSTOKEN"},
		"elsewhere":                            {"GitHub", map[string]string{"GITHUB_ACTIONS": ""}, ours, exitOK, "no job of GitHub Actions, GitLab CI or Azure Pipelines"},
		"text without a mark":                  {"GitHub", nil, "# Report", exitError, "does not begin with the mark of a comment"},
		"text that is too long":                {"GitHub", nil, ours + strings.Repeat("\na", maxComment/2), exitError, "a comment at most 65536"},
		"nothing, without a summary":           {"GitHub", nil, "", exitOK, "nothing changed: no comment"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			job, sent := systems()[tt.system].serve(t, nil)
			env := job.Env
			job.Env = func(name string) string {
				if value, ok := tt.set[name]; ok {
					return value
				}
				return env(name)
			}
			files(t, map[string]string{"comment.md": tt.text})
			expect.Equal(t, tt.code, Run(t.Context(), job, []string{"comment", "comment.md"}))
			if said := job.Err.(*strings.Builder).String(); !strings.Contains(said, tt.want) {
				t.Errorf("it says %q, without %q", said, tt.want)
			}
			expect.Equal(t, 0, len(*sent))
		})
	}
}

// TestRedirect holds that a token goes nowhere but to the system.
func TestRedirect(t *testing.T) {
	asked := false
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer other.Close()
	server := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusFound))
	defer server.Close()
	env := systems()["GitLab"].env
	job := Job{Env: func(name string) string { return strings.ReplaceAll(env[name], "BASE", server.URL) }, Out: io.Discard, Err: io.Discard, Client: Client()}
	files(t, map[string]string{"comment.md": ours})
	expect.Equal(t, exitError, Run(t.Context(), job, []string{"comment", "comment.md"}))
	expect.Equal(t, false, asked)
}

// files writes files into a folder for the test, which becomes the working directory.
func files(t *testing.T, texts map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range texts {
		must.Do(t, os.MkdirAll(filepath.Dir(name), 0o700))
		must.Do(t, os.WriteFile(name, []byte(text), 0o600))
	}
}

// FuzzRemarks reads what systems answer.
func FuzzRemarks(f *testing.F) {
	f.Add([]byte(`[{"id": 1, "body": "a"}]`))
	f.Add([]byte(`{"value": [{"id": 1, "comments": [{"id": 1, "content": "a"}]}, {"id": 2, "comments": []}, {"id": 3}]}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(_ *testing.T, text []byte) {
		_, _ = notes(text)
		_, _ = threads(text)
	})
}
