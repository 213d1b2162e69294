package pipeline

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rhysd/actionlint"
	"github.com/santhosh-tekuri/jsonschema/v5"
	"go.yaml.in/yaml/v4"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// root is the top of the repository.
var root = filepath.Join("..", "..")

// metadata is what is read of action.yml.
type metadata struct {
	Inputs map[string]struct {
		Description, Default string
		Required             bool
	}
	Outputs map[string]struct{ Description, Value string }
	Runs    struct {
		Using string
		Steps []step
	}
}

type step struct {
	ID, Uses, Run, Shell, If string
	Env, With                map[string]string
}

func readAction(t *testing.T) metadata {
	var action metadata
	must.Do(t, yaml.Unmarshal(must.Get(os.ReadFile(filepath.Join(root, "action.yml")))(t), &action))
	expect.Equal(t, "composite", action.Runs.Using)
	return action
}

// TestActionInputs holds that each input reaches the program, and by the environment alone.
func TestActionInputs(t *testing.T) {
	action := readAction(t)
	elsewhere := map[string]string{ // inputs that have no INPUT_ variable, and where they go
		"redact-key": "POSTURE_REDACT_KEY", "token": "GITHUB_TOKEN", "upload-sarif": "", "working-directory": "",
	}
	read := string(must.Get(os.ReadFile("github.go"))(t))
	for name, input := range action.Inputs {
		if input.Description == "" {
			t.Errorf("the input %s has no description", name)
		}
		variable, ok := elsewhere[name]
		if !ok {
			variable = inputName(name)
		}
		if variable == "" {
			continue
		}
		for _, s := range action.Runs.Steps {
			if s.ID == "assess" {
				expect.Equalf(t, "${{ inputs."+name+" }}", s.Env[variable], "%s", variable)
			}
		}
		if !ok && !strings.Contains(read, `"`+variable+`"`) && !strings.Contains(read, `"`+name+`"`) {
			t.Errorf("nothing reads %s", variable)
		}
	}
	for _, s := range action.Runs.Steps {
		for variable, value := range s.Env {
			name, ours := strings.CutPrefix(value, "${{ inputs.")
			if _, known := action.Inputs[strings.TrimSuffix(name, " }}")]; ours && !known {
				t.Errorf("%s is of no input: %s", variable, value)
			}
		}
		if strings.Contains(s.Run, "${{") {
			t.Errorf("an expression is pasted into a script: %s", s.Run)
		}
	}
}

// TestActionOutputs holds that what the action promises is written.
func TestActionOutputs(t *testing.T) {
	action := readAction(t)
	t.Chdir(t.TempDir())
	a := action0(t, map[string]string{"GITHUB_OUTPUT": "out"})
	must.Do(t, a.outputs(&result{Gates: []verdict{{Result: "met"}, {Result: "not_met"}, {Result: "met"}}}))
	text := string(must.Get(os.ReadFile("out"))(t))
	for name, output := range action.Outputs {
		expect.Equal(t, "${{ steps.assess.outputs."+name+" }}", output.Value)
		if !strings.Contains("\n"+text, "\n"+name+"=") {
			t.Errorf("nothing writes the output %s", name)
		}
	}
	if !strings.Contains(text, "gates=failed\n") {
		t.Errorf("the outputs are %s", text)
	}
}

// action0 returns an action with some variables.
func action0(t *testing.T, env map[string]string) action {
	return action{Job: Job{Env: func(name string) string { return env[name] }, Out: io.Discard, Err: io.Discard}, dir: t.TempDir()}
}

// pinned is an action of others as it has to be used: by a commit, with the version for people.
var pinned = regexp.MustCompile(`^\s*(- )?uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)

func TestActionPins(t *testing.T) {
	for _, name := range []string{"action.yml", "docs/pipelines/github.yml"} {
		uses := 0
		for line := range strings.Lines(string(must.Get(os.ReadFile(filepath.Join(root, name)))(t))) {
			if !strings.Contains(line, "uses: ") || strings.Contains(line, "uses: posture-score/posture@v") {
				continue
			}
			if uses++; !pinned.MatchString(strings.TrimSuffix(line, "\n")) {
				t.Errorf("%s does not pin: %s", name, line)
			}
		}
		if uses == 0 {
			t.Errorf("%s uses no action", name)
		}
	}
}

// TestActionLint runs actionlint over the workflow of the documentation, with what action.yml says of its inputs and outputs, and over the steps
// of action.yml as those of a reusable workflow. shellcheck reads the scripts where it is installed.
func TestActionLint(t *testing.T) {
	dir := t.TempDir()
	must.Do(t, os.MkdirAll(filepath.Join(dir, ".github", "workflows"), 0o700))
	metadata := must.Get(os.ReadFile(filepath.Join(root, "action.yml")))(t)
	must.Do(t, os.WriteFile(filepath.Join(dir, "action.yml"), metadata, 0o600))
	workflow := string(must.Get(os.ReadFile(filepath.Join(root, "docs", "pipelines", "github.yml")))(t))
	workflow = regexp.MustCompile(`posture-score/posture@\S+`).ReplaceAllString(workflow, "./")
	shellcheck, _ := exec.LookPath("shellcheck")
	project := must.Get(actionlint.NewProject(dir))(t)
	linter := must.Get(actionlint.NewLinter(io.Discard, &actionlint.LinterOptions{Shellcheck: shellcheck, WorkingDir: dir}))(t)
	lint := func(text string) string {
		found := must.Get(linter.Lint(filepath.Join(dir, ".github", "workflows", "posture.yml"), []byte(text), project))(t)
		var all []string
		for _, one := range found {
			all = append(all, one.Error())
		}
		return strings.Join(all, "\n")
	}
	expect.Equal(t, "", lint(workflow))
	expect.Equal(t, "", lint(reusable(t, metadata)))
	for name, wrong := range map[string]string{
		"an input that there is not":  strings.Replace(workflow, "fail-under:", "fail-below:", 1),
		"an output that there is not": strings.Replace(workflow, "outputs.score", "outputs.points", 1),
		"an expression in a script":   strings.Replace(workflow, `"The score is $SCORE %"`, `"${{ github.event.pull_request.title }}"`, 1),
	} {
		if lint(wrong) == "" {
			t.Errorf("actionlint does not find %s", name)
		}
	}
}

// reusable returns the steps of an action as a reusable workflow, which actionlint knows more of.
func reusable(t *testing.T, metadata []byte) string {
	var action struct {
		Inputs map[string]map[string]any
		Runs   struct{ Steps []any }
	}
	must.Do(t, yaml.Unmarshal(metadata, &action))
	for _, input := range action.Inputs {
		input["type"] = "string"
		if input["default"] == "${{ github.token }}" {
			input["default"] = ""
		}
	}
	workflow := map[string]any{
		"on":   map[string]any{"workflow_call": map[string]any{"inputs": action.Inputs}},
		"jobs": map[string]any{"action": map[string]any{"runs-on": "ubuntu-latest", "steps": action.Runs.Steps}},
	}
	return string(must.Get(yaml.Marshal(workflow))(t))
}

// readYAML reads a file of YAML as JSON has it.
func readYAML(t *testing.T, name string) map[string]any {
	var document map[string]any
	must.Do(t, yaml.Unmarshal(must.Get(os.ReadFile(filepath.Join(root, name)))(t), &document))
	text := must.Get(json.Marshal(document))(t)
	document = nil
	must.Do(t, json.Unmarshal(text, &document))
	return document
}

func TestGitLab(t *testing.T) {
	schema := must.Get(jsonschema.Compile(filepath.Join("testdata", "gitlab-ci.json")))(t)
	document := readYAML(t, "docs/pipelines/gitlab.yml")
	must.Do(t, schema.Validate(document))
	document["posture"].(map[string]any)["artifact"] = true
	if schema.Validate(document) == nil {
		t.Error("the schema takes a key that there is not")
	}
}

// TestAzure holds that steps have no keys and tasks no inputs that https://learn.microsoft.com/azure/devops/pipelines/yaml-schema does not name.
func TestAzure(t *testing.T) {
	known := map[string][]string{ // of a step, by the key that says what kind it is
		"checkout": {"fetchDepth"},
		"task":     {"inputs", "condition", "displayName"},
		"bash":     {"displayName", "target", "condition", "continueOnError", "env"},
		"publish":  {"artifact", "condition"},
	}
	tasks := map[string][]string{
		"GoTool@0": {"version"}, "PublishTestResults@2": {"testResultsFormat", "testResultsFiles", "testRunTitle"},
	}
	pipeline := readYAML(t, "docs/pipelines/azure.yml")
	expect.Equal(t, []string{"pool", "steps", "trigger", "variables"}, slices.Sorted(maps.Keys(pipeline)))
	for i, one := range pipeline["steps"].([]any) {
		s := one.(map[string]any)
		kind := ""
		for name := range known {
			if _, ok := s[name]; ok {
				kind = name
			}
		}
		for key := range s {
			if key != kind && !slices.Contains(known[kind], key) {
				t.Errorf("step %d is of the kind %q, and has %q", i+1, kind, key)
			}
		}
		if task, ok := s["task"].(string); ok {
			for input := range s["inputs"].(map[string]any) {
				if !slices.Contains(tasks[task], input) {
					t.Errorf("%s has no input %s", task, input)
				}
			}
		}
	}
}

// TestHooks holds that hooks of pre-commit run commands of posture, and that the page uses hooks that there are.
func TestHooks(t *testing.T) {
	var hooks []struct {
		ID, Name, Entry, Language, Files string
	}
	must.Do(t, yaml.Unmarshal(must.Get(os.ReadFile(filepath.Join(root, ".pre-commit-hooks.yaml")))(t), &hooks))
	entries := map[string]string{}
	for _, hook := range hooks {
		expect.Equal(t, "golang", hook.Language)
		files := must.Get(regexp.Compile(hook.Files))(t)
		expect.Equalf(t, true, files.MatchString("our-controls/entra_id/guests.rego"), "%s", hook.ID)
		expect.Equalf(t, false, files.MatchString("our-controls/README.md"), "%s", hook.ID)
		entries[hook.ID] = hook.Entry
	}
	expect.Equal(t, map[string]string{"posture-policy-check": "posture policy check", "posture-policy-fmt": "posture policy fmt"}, entries)
	var used struct {
		Repos []struct{ Hooks []struct{ ID string } }
	}
	must.Do(t, yaml.Unmarshal(must.Get(os.ReadFile(filepath.Join(root, "docs", "pipelines", "pre-commit.yml")))(t), &used))
	for _, hook := range used.Repos[0].Hooks {
		if entries[hook.ID] == "" {
			t.Errorf("there is no hook %s", hook.ID)
		}
	}
}

// TestReleases holds that releases are built as the image is, of commands that there are.
func TestReleases(t *testing.T) {
	var release struct {
		Builds []struct {
			Main       string
			Timestamp  string `yaml:"mod_timestamp"`
			Env, Flags []string
		}
		Checksum map[string]string
		Sboms    []map[string]string
	}
	text := must.Get(os.ReadFile(filepath.Join(root, ".goreleaser.yaml")))(t)
	must.Do(t, yaml.Unmarshal(text, &release))
	for _, build := range release.Builds {
		must.Get(os.Stat(filepath.Join(root, build.Main, "main.go")))(t)
		expect.Equal(t, []string{"CGO_ENABLED=0"}, build.Env)
		expect.Equal(t, []string{"-trimpath", "-buildvcs=false"}, build.Flags)
		expect.Equal(t, "{{ .CommitTimestamp }}", build.Timestamp)
	}
	expect.Equal(t, 2, len(release.Builds))
	expect.Equal(t, "sha256", release.Checksum["algorithm"])
	expect.Equal(t, "archive", release.Sboms[0]["artifacts"])
}

// TestREADME holds the example of the README to inputs that there are.
func TestREADME(t *testing.T) {
	text := string(must.Get(os.ReadFile(filepath.Join(root, "README.md")))(t))
	_, example, _ := strings.Cut(text, "- uses: posture-score/posture@")
	example, _, found := strings.Cut(example, "```")
	if !found {
		t.Fatal("README.md has no example of the action")
	}
	var step step
	must.Do(t, yaml.Unmarshal([]byte("uses: "+strings.ReplaceAll(example, "\n  ", "\n")), &step))
	action := readAction(t)
	for name := range step.With {
		if _, ok := action.Inputs[name]; !ok {
			t.Errorf("the action has no input %s", name)
		}
	}
	expect.Equal(t, 2, len(step.With))
}

// TestShellcheck checks the scripts of the templates where shellcheck is installed.
func TestShellcheck(t *testing.T) {
	program, err := exec.LookPath("shellcheck")
	if err != nil {
		t.Skip("shellcheck is not installed")
	}
	scripts := map[string]string{}
	job := readYAML(t, "docs/pipelines/gitlab.yml")["posture"].(map[string]any)
	for _, part := range []string{"before_script", "script"} {
		for _, one := range job[part].([]any) {
			scripts["sh"] += one.(string) + "\n"
		}
	}
	for _, one := range readYAML(t, "docs/pipelines/azure.yml")["steps"].([]any) {
		if script, ok := one.(map[string]any)["bash"].(string); ok {
			scripts["bash"] += "(\n" + script + ")\n"
		}
	}
	for shell, script := range scripts {
		cmd := exec.CommandContext(t.Context(), program, "--shell", shell, "--exclude", "SC2030,SC2031", "-")
		cmd.Stdin = strings.NewReader(script)
		if text, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", shell, err, bytes.TrimSpace(text))
		}
	}
	if len(scripts) != 2 {
		t.Error(fmt.Sprint("scripts of ", slices.Collect(maps.Keys(scripts))))
	}
}
