package pipeline

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// timeout is how long one answer may take.
const timeout = 30 * time.Second

// maxAnnotations is how many errors GitHub shows of a step.
const maxAnnotations = 10

// action is a run of action.yml: its inputs, and the files that it writes.
type action struct {
	Job
	evidence string
	shared   []string // flags that hold for the base branch, too
	redact   bool
	dir      string // of the files
}

// github does what action.yml does, from its inputs in INPUT_ variables.
func (j Job) github(ctx context.Context) (int, error) {
	a := action{Job: j, evidence: j.Env("INPUT_EVIDENCE"), redact: j.Env("POSTURE_REDACT_KEY") != ""}
	if a.evidence == "" || a.evidence == "-" {
		return 0, usageError{errors.New("the input evidence has to name a file or a folder")}
	}
	var err error
	if a.dir, err = os.MkdirTemp(j.Env("RUNNER_TEMP"), "posture-"); err != nil {
		return 0, err
	}
	for _, catalog := range lines(j.Env("INPUT_CATALOG")) {
		a.shared = append(a.shared, "--catalog="+catalog)
	}
	if config := j.Env("INPUT_CONFIG"); config != "" {
		a.shared = append(a.shared, "--settings="+config)
	}
	a.shared = append(a.shared, lines(j.Env("INPUT_ARGS"))...)
	baseline := a.baseline(ctx)
	code, err := a.assess(ctx, baseline)
	if err != nil || code != exitOK && code != exitGate {
		return code, err
	}
	result, err := readResult(a.file("assessment.json"))
	if err != nil {
		return 0, err
	}
	a.annotate(result.Gates)
	return code, errors.Join(a.tell(ctx, baseline), a.outputs(result))
}

func (a action) file(name string) string { return filepath.Join(a.dir, name) }

// baseline returns what to compare with: what the input names, or the assessment of the commit that a pull request goes to. It is "" if there
// is none; a gate that compares fails then.
func (a action) baseline(ctx context.Context) string {
	commit, given := a.Env("BASE_COMMIT"), a.Env("INPUT_BASELINE")
	if given != "" || commit == "" {
		return given
	}
	if strings.HasSuffix(a.Env("GITHUB_REF"), "/merge") { // the commit of the event may be older than what GitHub merged into
		commit = cmp.Or(mergedInto(ctx, a.Env("GITHUB_SHA")), commit)
	}
	file := a.file("baseline.json")
	if err := a.Job.baseline(ctx, commit, file, a.evidence, a.shared); err != nil {
		a.command("warning", "posture: no baseline", err.Error())
		return ""
	}
	return file
}

// gateFlags returns the flags of the gates. Events that need a baseline are looked for where there has to be one: without it they can't be
// judged, which fails.
func (a action) gateFlags(baseline string) []string {
	var flags []string
	for _, name := range []string{"fail-under", "fail-on", "max-age", "require-assessed", "known-missing"} {
		if value := strings.Join(lines(strings.ReplaceAll(a.Env(inputName(name)), ",", "\n")), ","); value != "" {
			flags = append(flags, "--"+name+"="+value)
		}
	}
	if a.Env("BASE_COMMIT") != "" || a.Env("INPUT_BASELINE") != "" {
		flags = append(flags, "--fail-on="+cmp.Or(a.Env("INPUT_FAIL_ON_CHANGE"), "regression"))
	}
	switch {
	case baseline != "":
		flags = append(flags, "--baseline="+baseline)
	case a.Env("BASE_COMMIT") != "":
		// What could not be assessed is not there, which fails. Nothing that is in the pull request, such as a history, stands in for it.
		flags = append(flags, "--baseline="+a.file("baseline.json"))
	}
	if a.Env("INPUT_WARN_ONLY") == "true" {
		flags = append(flags, "--warn-only")
	}
	return flags
}

// inputName returns the variable of an input.
func inputName(name string) string {
	return "INPUT_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// lines returns the lines of an input that say something.
func lines(text string) []string {
	var list []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

// assess runs 'posture assess' and returns its exit code. What it prints can't be a command to the runner: names in evidence are not ours.
func (a action) assess(ctx context.Context, baseline string) (int, error) {
	args := append([]string{"assess", "--report=json=" + a.file("assessment.json"), "--report=sarif=" + a.file("posture.sarif")}, a.shared...)
	args = append(args, a.gateFlags(baseline)...)
	switch {
	case a.redact:
		args = append(args, "--redact")
	case baseline != "":
		args = append(args, "--report=markdown="+a.file("comment.md"))
	}
	stop := rand.Text()
	fmt.Fprintf(a.Out, "::stop-commands::%s\n", stop)
	var said bytes.Buffer
	code, err := posture(ctx, a.Out, io.MultiWriter(a.Err, &said), append(args, "--", a.evidence)...)
	fmt.Fprintf(a.Out, "\n::%s::\n", stop)
	if err == nil && code != exitOK && code != exitGate {
		a.command("error", "posture could not assess", strings.TrimSpace(said.String()))
	}
	return code, err
}

// posture runs posture and returns its exit code.
func posture(ctx context.Context, out, errs io.Writer, args ...string) (int, error) {
	cmd := program(ctx, "posture", args...)
	cmd.Stdout, cmd.Stderr = out, errs
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() > 0 {
		return exit.ExitCode(), nil
	}
	return exitOK, err
}

// result is what is read of an assessment.
type result struct {
	Score struct {
		Percent json.Number `json:"percent"`
	} `json:"score"`
	Gates []verdict `json:"gates"`
}

// verdict is what is read of a gate.
type verdict struct {
	Gate     string `json:"gate"`
	Of       string `json:"of"`
	Result   string `json:"result"`
	Enforced bool   `json:"enforced"`
	Message  string `json:"message"`
}

// level returns how GitHub shows a gate: "" if there is nothing to show.
func (v verdict) level() string {
	switch {
	case v.Result == "met":
		return ""
	case v.Result == "warning", !v.Enforced:
		return "warning"
	}
	return "error"
}

func readResult(file string) (*result, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	r := new(result)
	if err := json.Unmarshal(text, r); err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	return r, nil
}

// annotate shows the gates that are not met.
func (a action) annotate(gates []verdict) {
	shown := 0
	for _, v := range gates {
		if v.level() == "" {
			continue
		}
		if shown++; shown > maxAnnotations {
			return // the summary has all of them
		}
		a.command(v.level(), strings.TrimSpace("posture gate "+v.Gate+" "+v.Of), v.Message)
	}
}

// command prints a command to the runner: an annotation.
func (a action) command(level, title, text string) {
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	fmt.Fprintf(a.Out, "::%s title=%s::%s\n", level, property.Replace(title), data.Replace(text))
}

// tell writes the comment and the summary. A comment that can't be made is a notice, since the token of a fork may not comment.
func (a action) tell(ctx context.Context, baseline string) error {
	if err := a.write(ctx, baseline); err != nil {
		return err
	}
	comment, summary := a.file("comment.md"), a.file("summary.md")
	if err := appendFiles(a.Env("GITHUB_STEP_SUMMARY"), comment, summary); err != nil {
		return err
	}
	if baseline == "" || a.Env("INPUT_COMMENT") == "false" {
		return nil
	}
	if err := a.comment(ctx, comment, summary); err != nil {
		a.command("notice", "posture: no comment", err.Error())
	}
	return nil
}

// write writes the summary, which says what to do next, and the comment if 'posture assess' did not: what it says of the change names records.
func (a action) write(ctx context.Context, baseline string) error {
	result, comment := a.file("assessment.json"), a.file("comment.md")
	summary := append([]string{"assess", "--settings=", "--format=markdown", "--output=" + a.file("summary.md")}, ungated()...)
	if err := a.quietly(ctx, append(summary, "--", result)...); err != nil {
		return err
	}
	switch {
	case baseline == "":
		return os.WriteFile(comment, nil, 0o600)
	case !a.redact:
		return nil
	case baseline != a.file("baseline.json"):
		a.say("what changed since %s is not told, since it would name records", baseline)
		return os.WriteFile(comment, nil, 0o600)
	}
	base := a.file("baseline-redacted.json")
	args := append([]string{"assess", "--format=json", "--output=" + base, "--redact"}, append(ungated(), a.catalogs()...)...)
	return errors.Join(a.quietly(ctx, append(args, "--", baseline)...),
		a.quietly(ctx, "diff", "--format=markdown", "--output="+comment, "--", base, result))
}

// catalogs returns the flags that name catalogs: what words of theirs are no names.
func (a action) catalogs() []string {
	var list []string
	for _, flag := range a.shared {
		if strings.HasPrefix(flag, "--catalog=") {
			list = append(list, flag)
		}
	}
	return list
}

// quietly runs posture for a file that it writes.
func (a action) quietly(ctx context.Context, args ...string) error {
	var said bytes.Buffer
	code, err := posture(ctx, io.Discard, &said, args...)
	if err == nil && code != exitOK {
		err = fmt.Errorf("posture %s: exit code %d: %s", args[0], code, bytes.TrimSpace(said.Bytes()))
	}
	return err
}

// outputs writes the outputs of the action.
func (a action) outputs(r *result) error {
	gates := "none"
	for _, v := range r.Gates {
		if gates != "failed" {
			gates = "passed"
		}
		if v.Result != "met" && v.Result != "warning" { // with warn-only, too: whoever reads this wants to know
			gates = "failed"
		}
	}
	text := fmt.Sprintf("score=%s\ngates=%s\nresult=%s\nsarif=%s\n", cmp.Or(r.Score.Percent.String(), "0"), gates,
		a.file("assessment.json"), a.file("posture.sarif"))
	return appendTo(a.Env("GITHUB_OUTPUT"), []byte(text))
}

// appendFiles appends what files have to a file of the runner.
func appendFiles(to string, files ...string) error {
	var all []byte
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if len(text) > 0 {
			all = append(append(all, text...), '\n')
		}
	}
	return appendTo(to, all)
}

// appendTo appends to a file of the runner; without one it does nothing.
func appendTo(name string, text []byte) error {
	if name == "" {
		return nil
	}
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	return errors.Join(err, file.Close())
}
