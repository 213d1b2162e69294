package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// pipelinePage is docs/pipelines.md.
var pipelinePage = filepath.Join("docs", "pipelines.md")

// shownFile is a file of the repository that a page shows as it is.
var shownFile = regexp.MustCompile("(?ms)^```yaml file=(\\S+)\n(.*?)^```$")

// TestPipelinesFiles holds the page to the templates that it shows.
func TestPipelinesFiles(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	page := string(must.Get(os.ReadFile(pipelinePage))(t))
	files := 0
	want := shownFile.ReplaceAllStringFunc(page, func(block string) string {
		files++
		name := shownFile.FindStringSubmatch(block)[1]
		return "```yaml file=" + name + "\n" + string(must.Get(os.ReadFile(name))(t)) + "```"
	})
	expect.Equal(t, 4, files)
	if *update {
		must.Do(t, os.WriteFile(pipelinePage, []byte(want), 0o644))
		return
	}
	expect.Equal(t, want, page)
}

// TestPipelinesPage runs the commands of docs/pipelines.md, which print what it shows, in a repository with evidence that a pull request changes.
func TestPipelinesPage(t *testing.T) {
	page := string(must.Get(os.ReadFile(filepath.Join("..", "..", pipelinePage)))(t))
	pullRequest(t)
	t.Setenv("PATH", shims(t)+string(os.PathListSeparator)+os.Getenv("PATH"))
	commands := 0
	for _, found := range block.FindAllStringSubmatch(page, -1) {
		if found[1] != "" {
			continue
		}
		for _, shown := range strings.Split("\n"+found[2], "\n$ ")[1:] {
			command, want, _ := strings.Cut(shown, "\n")
			text, err := exec.CommandContext(t.Context(), "sh", "-c", command).CombinedOutput()
			if err != nil {
				t.Errorf("%s: %v\n%s", command, err, text)
			}
			if want = strings.TrimSuffix(want, "\n"); want != "" && !fits(string(text), want+"\n") {
				t.Errorf("%s prints\n%s, and the page shows\n%s", command, text, want)
			}
			commands++
		}
	}
	if commands < 11 {
		t.Errorf("the page has %d commands", commands)
	}
}

// fits reports whether a text is what a page shows of it, where "..." stands for any text.
func fits(text, shown string) bool {
	parts := strings.Split(shown, "...")
	for i, part := range parts {
		parts[i] = regexp.QuoteMeta(part)
	}
	return regexp.MustCompile(`(?s)\A` + strings.Join(parts, ".*") + `\z`).MatchString(text)
}

// pullRequest makes a repository the working directory, in which a pull request weakens a setting in the evidence. It returns the commit of the
// base, and the one that merges the change into it, which is checked out.
func pullRequest(t *testing.T) (base, merge string) {
	tenants := must.Get(filepath.Abs(filepath.Join("..", "..", "testdata")))(t)
	script := string(must.Get(os.ReadFile(filepath.Join("testdata", "script", "policy_formats.txtar")))(t))
	t.Chdir(t.TempDir())
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	for _, name := range []string{"GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD"} {
		t.Setenv(name, "") // the test itself may run in one of them
	}
	for _, name := range []string{"shut.hcl", "shut.rego", "shut_test.rego"} {
		_, text, _ := strings.Cut(script, "-- good/"+name+" --\n")
		text, _, _ = strings.Cut(text, "\n-- ")
		must.Do(t, os.MkdirAll("our-controls", 0o700))
		must.Do(t, os.WriteFile(filepath.Join("our-controls", name), []byte(text+"\n"), 0o600))
	}
	git := func(args ...string) string { return gitSays(t, args...) }
	git("init", "--quiet", "--initial-branch=main")
	before := must.Get(os.ReadFile(filepath.Join(tenants, "contoso-2026-09-17.tar.zst")))(t)
	must.Do(t, os.WriteFile("evidence", before, 0o600))
	git("add", ".")
	git("commit", "--quiet", "--message=base")
	git("checkout", "--quiet", "-b", "change")
	must.Do(t, os.Remove("evidence"))
	must.Do(t, os.CopyFS("evidence", os.DirFS(filepath.Join(tenants, "contoso"))))
	git("add", ".")
	git("commit", "--quiet", "--message=change")
	git("checkout", "--quiet", "--detach", "main")
	git("merge", "--quiet", "--no-ff", "--message=merge", "change") // what a job of a pull request has
	return git("rev-parse", "HEAD^1"), git("rev-parse", "HEAD")
}

// gitSays runs git and returns what it prints.
func gitSays(t *testing.T, args ...string) string {
	t.Helper()
	all := append([]string{"-c", "user.name=Ada", "-c", "user.email=ada@contoso.example"}, args...)
	text, err := exec.CommandContext(t.Context(), "git", all...).CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, text)
	}
	return strings.TrimSpace(string(text))
}

// shims are programs that a page uses and a machine may not have. They stand for what they would do with posture.
func shims(t *testing.T) string {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"docker":     "if [ \"$1\" = build ]; then exit; fi\nwhile [ \"$1\" != posture ]; do shift; done; shift\nexec posture \"$1\" \"$PWD$2\"\n",
		"pre-commit": "posture policy fmt our-controls && posture policy check our-controls\n",
	} {
		must.Do(t, os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+text), 0o700))
	}
	return dir
}

// remarks starts a system that has no comments, and notes those that are made.
func remarks(t *testing.T) (url string, made *[]string) {
	made = new([]string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			fmt.Fprint(w, map[bool]string{true: `{"value": []}`, false: `[]`}[strings.Contains(r.URL.Path, "/_apis/")])
			return
		}
		var body struct {
			Body     string
			Comments []struct{ Content string }
		}
		must.Do(t, json.NewDecoder(r.Body).Decode(&body))
		for _, one := range body.Comments {
			body.Body += one.Content
		}
		*made = append(*made, body.Body)
		w.WriteHeader(http.StatusCreated)
	}))
	t.Cleanup(server.Close)
	return server.URL, made
}

// shell runs a script and returns its exit code.
func shell(t *testing.T, shell, script string) int {
	t.Helper()
	text, err := exec.CommandContext(t.Context(), shell, "-ec", script).CombinedOutput()
	t.Logf("%s\n%s", script, text)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if exit != nil {
		return exit.ExitCode()
	}
	return 0
}

// wantComment holds that one comment tells of the change of the pull request.
func wantComment(t *testing.T, made []string) {
	t.Helper()
	if len(made) != 1 || !strings.HasPrefix(made[0], "<!-- posture-comment ") || !strings.Contains(made[0], "spo\\_legacy\\_auth") {
		t.Errorf("comments: %q", made)
	}
}

// wantFiles holds that files were written, and have something in them.
func wantFiles(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		if len(must.Get(os.ReadFile(name))(t)) == 0 {
			t.Errorf("%s is empty", name)
		}
	}
}

// readYAML reads a file of docs/pipelines.
func readYAML(t *testing.T, name string, to any) {
	must.Do(t, yaml.Unmarshal(must.Get(os.ReadFile(filepath.Join("..", "..", name)))(t), to))
}

// install is the step that a test does not need.
const install = `go install github.com/posture-score/posture/cmd/...@"$VERSION"`

func TestPipelinesGitLab(t *testing.T) {
	var template struct {
		Posture struct {
			Variables map[string]string
			Before    []string `yaml:"before_script"`
			Script    []string
		}
	}
	readYAML(t, "docs/pipelines/gitlab.yml", &template)
	job := template.Posture
	expect.Equal(t, install, job.Before[0])
	base, _ := pullRequest(t)
	url, made := remarks(t)
	for name, value := range map[string]string{
		"GITLAB_CI": "true", "CI_API_V4_URL": url, "CI_MERGE_REQUEST_PROJECT_ID": "1", "CI_MERGE_REQUEST_IID": "2", "GITLAB_TOKEN": "secret",
		"CI_MERGE_REQUEST_DIFF_BASE_SHA": base, "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": "", "EVIDENCE": job.Variables["EVIDENCE"],
	} {
		t.Setenv(name, value)
	}
	expect.Equal(t, exitGate, shell(t, "sh", strings.Join(job.Script, "\n")))
	wantComment(t, *made)
	wantFiles(t, "gl-code-quality-report.json", "posture.xml", "assessment.json")

	t.Setenv("CI_MERGE_REQUEST_DIFF_BASE_SHA", "")
	expect.Equal(t, exitOK, shell(t, "sh", strings.Join(job.Script, "\n")))
	expect.Equal(t, 1, len(*made))
}

func TestPipelinesAzure(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("bash is not installed")
	}
	var template struct {
		Variables map[string]string
		Steps     []struct{ Bash, Condition string }
	}
	readYAML(t, "docs/pipelines/azure.yml", &template)
	pullRequest(t)
	url, made := remarks(t)
	for name, value := range map[string]string{
		"TF_BUILD": "True", "SYSTEM_COLLECTIONURI": url + "/", "SYSTEM_TEAMPROJECT": "Our project", "BUILD_REPOSITORY_ID": "1",
		"BUILD_REPOSITORY_PROVIDER": "TfsGit", "SYSTEM_PULLREQUEST_PULLREQUESTID": "2", "SYSTEM_ACCESSTOKEN": "secret",
		"BUILD_REASON": "PullRequest", "EVIDENCE": template.Variables["EVIDENCE"],
	} {
		t.Setenv(name, value)
	}
	steps := func() (codes []int) {
		for _, step := range template.Steps {
			if step.Bash != "" && !strings.Contains(step.Bash, install) {
				codes = append(codes, shell(t, "bash", step.Bash))
			}
		}
		return codes
	}
	expect.Equal(t, []int{exitGate, exitOK}, steps())
	wantComment(t, *made)
	wantFiles(t, "posture.sarif", "posture.xml", "assessment.json", "summary.md")

	must.Do(t, os.Remove("comment.md")) // each job begins with a clean folder
	t.Setenv("BUILD_REASON", "IndividualCI")
	expect.Equal(t, []int{exitOK, exitOK}, steps())
	expect.Equal(t, 1, len(*made))
}

// githubJob makes a job for a pull request, with the inputs that the workflow gives the action. It returns the base, and what is commented.
func githubJob(t *testing.T) (base string, made *[]string) {
	var workflow struct {
		Jobs struct {
			Assess struct {
				Steps []struct {
					ID   string
					With map[string]string
				}
			}
		}
	}
	readYAML(t, "docs/pipelines/github.yml", &workflow)
	base, merge := pullRequest(t)
	url, made := remarks(t)
	inputs := 0
	for _, step := range workflow.Jobs.Assess.Steps {
		if step.ID != "posture" {
			continue
		}
		for name, value := range step.With {
			t.Setenv("INPUT_"+strings.ToUpper(strings.ReplaceAll(name, "-", "_")), value)
			inputs++
		}
	}
	expect.Equal(t, 4, inputs)
	for name, value := range map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_API_URL": url, "GITHUB_REPOSITORY": "contoso/posture", "GITHUB_REF": "refs/pull/2/merge", "GITHUB_TOKEN": "secret",
		"BASE_COMMIT": strings.Repeat("0", 40), "GITHUB_SHA": merge, // whose parent is the base, whatever the event says
		"RUNNER_TEMP": t.TempDir(), "GITHUB_OUTPUT": "outputs", "GITHUB_STEP_SUMMARY": "summary",
	} {
		t.Setenv(name, value)
	}
	return base, made
}

// runAction does what action.yml does, and returns the exit code, the log, and the outputs.
func runAction(t *testing.T) (code int, log, outputs string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "posture-ci", "github")
	text, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	t.Logf("%s", text)
	if written, err := os.ReadFile("outputs"); err == nil {
		outputs = string(written)
		must.Do(t, os.Remove("outputs"))
	}
	return cmd.ProcessState.ExitCode(), string(text), outputs
}

// wantFits holds that a text is what is expected, where "..." stands for any text.
func wantFits(t *testing.T, want, text string) {
	t.Helper()
	if !fits(text, want) {
		t.Errorf("%s\nis not\n%s", text, want)
	}
}

func TestPipelinesGitHub(t *testing.T) {
	base, made := githubJob(t)
	t.Run("pull request", func(t *testing.T) {
		code, log, outputs := runAction(t)
		expect.Equal(t, exitGate, code)
		wantFits(t, "::stop-commands::...\nContoso...\n::error title=posture gate fail-on regression::1 action regressed...\n", log)
		wantFits(t, "score=61.72\ngates=failed\nresult=.../assessment.json\nsarif=.../posture.sarif\n", outputs)
		wantComment(t, *made)
		summary := string(must.Get(os.ReadFile("summary"))(t))
		wantFits(t, "<!-- posture-comment ...rose from 61.20 % to 61.72 %...<!-- posture-comment ...Points left...", summary)
	})
	t.Run("pull request, without names", func(t *testing.T) {
		*made = nil
		t.Setenv("POSTURE_REDACT_KEY", strings.Repeat("0f", 16))
		code, _, _ := runAction(t)
		expect.Equal(t, exitGate, code)
		wantComment(t, *made)
		if strings.Contains(fmt.Sprint(*made), "contoso") {
			t.Errorf("the comment names the tenant: %s", *made)
		}
	})
	t.Run("push", func(t *testing.T) {
		*made = nil
		t.Setenv("BASE_COMMIT", "")
		t.Setenv("GITHUB_REF", "refs/heads/main")
		code, _, outputs := runAction(t)
		expect.Equal(t, exitOK, code)
		expect.Equal(t, 0, len(*made))
		wantFits(t, "score=61.72\ngates=passed\n...", outputs)
	})
	t.Run("pull request, with gates in the environment", func(t *testing.T) {
		t.Setenv("POSTURE_MAX_AGE", "1h")
		t.Setenv("POSTURE_BASELINE", "none.json")
		code, log, outputs := runAction(t)
		expect.Equal(t, exitGate, code)
		wantFits(t, "...::error title=posture gate max-age::...::error title=posture gate fail-on regression::1 action regressed...", log)
		wantFits(t, "score=61.72\ngates=failed\n...", outputs)
	})
	t.Run("pull request on a base that is gone", func(t *testing.T) {
		t.Setenv("GITHUB_SHA", base) // no merge; what the author merged says nothing
		code, log, _ := runAction(t)
		expect.Equal(t, exitGate, code)
		wantFits(t, "...::warning title=posture%3A no baseline::...::error title=posture gate fail-on regression::there is no baseline to compare with...", log)
	})
	t.Run("evidence that can't be read", func(t *testing.T) {
		must.Do(t, os.WriteFile("broken.json", []byte("{"), 0o600))
		t.Setenv("INPUT_EVIDENCE", "broken.json")
		code, log, outputs := runAction(t)
		expect.Equal(t, exitFailure, code)
		expect.Equal(t, "", outputs)
		wantFits(t, "...::error title=posture could not assess::...", log)
	})
}
