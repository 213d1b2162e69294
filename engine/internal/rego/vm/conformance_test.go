package vm_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/test/cases"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/util"

	"github.com/posture-score/posture/engine/internal/rego/ir"
	"github.com/posture-score/posture/engine/internal/rego/vm"
	"github.com/posture-score/posture/internal/must"
)

// unplanned returns the conformance cases that OPA's planner rejects, with its errors. docs/performance.md lists them.
func unplanned() map[string]string {
	return map[string]string{
		"time/time caching": "undefined function test.sleep", // which OPA has in its own tests alone
	}
}

// TestConformance runs the conformance cases of OPA's module.
func TestConformance(t *testing.T) {
	set := must.Get(cases.Load(filepath.Join(moduleFolder(t), "v1", "test", "cases", "testdata", "v1")))(t)
	if len(set.Cases) < 2400 {
		t.Fatalf("OPA's module has %d cases, fewer than ever", len(set.Cases))
	}
	passed, failed, fellBack := 0, 0, map[string]string{}
	for _, c := range set.Sorted().Cases {
		for name, value := range c.Env {
			t.Setenv(name, value)
		}
		err := runCase(t, c)
		var unsupported *unsupportedCase
		switch {
		case err == nil:
			passed++
		case errors.As(err, &unsupported):
			fellBack[c.Note] = unsupported.Error()
		default:
			failed++
			t.Errorf("%s (%s): %v", c.Note, filepath.Base(c.Filename), err)
		}
	}
	t.Logf("%d cases: %d passed, %d fell back, %d failed", len(set.Cases), passed, len(fellBack), failed)
	for note, reason := range fellBack {
		if listed := unplanned()[note]; listed == "" || !strings.Contains(reason, listed) {
			t.Errorf("%s falls back without being listed: %s", note, reason)
		}
	}
	if len(fellBack)*100 > len(set.Cases) {
		t.Errorf("%d of %d cases fell back, more than one percent", len(fellBack), len(set.Cases))
	}
}

// unsupportedCase is a case that can't be planned or compiled.
type unsupportedCase struct{ error }

func moduleFolder(t *testing.T) string {
	t.Helper()
	out := must.Get(exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/open-policy-agent/opa").Output())(t)
	return strings.TrimSpace(string(out))
}

func runCase(t *testing.T, c cases.TestCase) error {
	machine, err := machineOf(t, c)
	if err != nil {
		return &unsupportedCase{err}
	}
	results, err := machine.Query()
	if err == nil && c.StrictError {
		err = machine.BuiltinError()
	}
	switch {
	case c.WantError != nil && (err == nil || !strings.Contains(err.Error(), *c.WantError)):
		return fmt.Errorf("got error %w, want %q", err, *c.WantError)
	case c.WantErrorCode != nil:
		var e *topdown.Error
		if !errors.As(err, &e) || e.Code != *c.WantErrorCode {
			return fmt.Errorf("got error %w, want the code %q", err, *c.WantErrorCode)
		}
		return nil
	case c.WantError != nil:
		return nil
	case err != nil:
		return err
	case c.WantResult == nil:
		return errors.New("the case wants nothing")
	}
	return sameResults(*c.WantResult, results, c.SortBindings, c.IgnoreGeneratedVars)
}

// machineOf compiles a case up to a machine that has its input.
func machineOf(t *testing.T, c cases.TestCase) (*vm.Machine, error) {
	options := ast.ParserOptions{RegoVersion: ast.RegoV1}
	if c.ExperimentalKeywords {
		options.Capabilities = ast.CapabilitiesForThisVersion(ast.CapabilitiesExperimentalKeywords(true))
	}
	modules := map[string]string{}
	for i, text := range c.Modules {
		modules[fmt.Sprintf("test-%d.rego", i)] = text
	}
	compiler, err := ast.CompileModulesWithOpt(modules, ast.CompileOpts{ParserOptions: options})
	if err != nil {
		return nil, err
	}
	query, err := ast.ParseBody(c.Query)
	if err != nil {
		return nil, err
	}
	plan, err := ir.PlanQuery(t.Context(), compiler, query)
	if err != nil {
		return nil, err
	}
	program, err := vm.CompileQuery(plan)
	if err != nil {
		return nil, err
	}
	data := ast.ObjectTerm()
	if c.Data != nil {
		data = ast.NewTerm(ast.MustInterfaceToValue(*c.Data))
	}
	var input vm.Input
	switch {
	case c.InputTerm != nil:
		input = program.Term(ast.MustParseTerm(*c.InputTerm))
	case c.Input != nil:
		// Fields that are JSON are read where they stand.
		fields := map[string]json.RawMessage{}
		if object, ok := (*c.Input).(map[string]any); ok {
			for name, value := range object {
				fields[name] = must.Get(json.Marshal(value))(t)
			}
		}
		input = viewedInput(program, ast.NewTerm(ast.MustInterfaceToValue(*c.Input)), fields)
	}
	machine := program.Machine(vm.Env{Context: t.Context(), Data: data, Now: time.Now()})
	machine.Begin(input, nil)
	return machine, nil
}

func sameResults(want []map[string]any, got ast.Set, sorted, ignoreGenerated bool) error {
	wanted, found := ast.NewSet(), ast.NewSet()
	for _, bindings := range want {
		wanted.Add(ast.NewTerm(ast.MustInterfaceToValue(bindings)))
	}
	var failure error
	got.Foreach(func(result *ast.Term) {
		bindings := ast.NewObject()
		result.Value.(ast.Object).Foreach(func(name, value *ast.Term) {
			plain, err := ast.JSON(value.Value)
			if err != nil {
				failure = err
				return
			}
			if list, ok := plain.([]any); ok && sorted {
				slices.SortFunc(list, util.Compare)
			}
			if text, _ := name.Value.(ast.String); ignoreGenerated && strings.HasPrefix(string(text), "__localq") {
				return
			}
			bindings.Insert(name, ast.NewTerm(ast.MustInterfaceToValue(plain)))
		})
		found.Add(ast.NewTerm(bindings))
	})
	if failure == nil && wanted.Compare(found) != 0 {
		return fmt.Errorf("got %v, want %v", found, wanted)
	}
	return failure
}
