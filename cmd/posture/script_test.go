package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/posture-score/posture/internal/gcpace"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/pipeline"
	"github.com/rogpeppe/go-internal/testscript"
)

// update rewrites what the scripts compare with, and the reference of the command line: look at the diff before committing.
var update = flag.Bool("update", false, "rewrite docs/cli.md and the expected output in testdata/script")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"posture": func() {
			gcpace.Relax(gcpace.Room) // as the program does
			os.Exit(run(context.Background(), os.Args[1:], terminal{in: os.Stdin, out: os.Stdout, err: os.Stderr}))
		},
		"posture-ci": func() {
			job := pipeline.Job{Env: os.Getenv, Out: os.Stdout, Err: os.Stderr, Client: pipeline.Client()}
			os.Exit(pipeline.Run(context.Background(), job, os.Args[1:]))
		},
	})
}

// TestScripts runs the walk-throughs of testdata/script: what a user types, and what comes back.
func TestScripts(t *testing.T) {
	tenants := must.Get(filepath.Abs(filepath.Join("..", "..", "testdata")))(t)
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "sub": substitute, "fleet": fleet, "serve": startServer, "fetch": fetch, "stop": stopServer, "registry": startRegistry},
		Setup: func(env *testscript.Env) error {
			env.Setenv("TENANTS", tenants)
			env.Values[serverKey{}] = &served{}
			env.Setenv("GIT_CONFIG_NOSYSTEM", "1") // git names nobody, unless a script says so
			return nil
		},
	})
}

// substitute replaces what matches a regular expression in a file: sub FILE REGEXP TEXT.
func substitute(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: sub FILE REGEXP TEXT")
	}
	pattern, err := regexp.Compile(args[1])
	ts.Check(err)
	before := ts.ReadFile(args[0])
	after := pattern.ReplaceAllString(before, args[2])
	if after == before {
		ts.Fatalf("nothing in %s matches %s", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(after), 0o600))
}

// fleet saves an assessment as those of many tenants: fleet COUNT ASSESSMENT PREFIX writes PREFIX-01.json, and so on, of the tenants
// PREFIX-01 and so on.
func fleet(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: fleet COUNT ASSESSMENT PREFIX")
	}
	count, err := strconv.Atoi(args[0])
	ts.Check(err)
	text := ts.ReadFile(args[1])
	tenant := regexp.MustCompile(`"tenant": \{[^}]*\}`)
	ts.Check(os.MkdirAll(filepath.Dir(ts.MkAbs(args[2])), 0o700))
	for i := range count {
		name := fmt.Sprintf("%s-%02d", args[2], i+1)
		as := fmt.Sprintf(`"tenant": {"id": %q, "name": "Customer %02d"}`, filepath.Base(name), i+1)
		ts.Check(os.WriteFile(ts.MkAbs(name+".json"), []byte(tenant.ReplaceAllLiteralString(text, as)), 0o600))
	}
}

// exits runs a program that has to end with an exit code: exits 2 posture assess.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM [ARGUMENT...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	switch err := ts.Exec(args[1], args[2:]...); {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Fatalf("running %s: %v", args[1], err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}
