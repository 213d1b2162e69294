package vm_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/vm"
)

// TestRelease: a machine that is used again knows nothing of the environment before.
func TestRelease(t *testing.T) {
	program := planned(t, `package a
p := {[x, y] | some x in data.evidence.list; some y in input.names; regex.match(f(data.parameters.pattern), y)}
f(pattern) := sprintf("%s", [pattern])
q := {k: upper(v) | some k, v in data.evidence.texts; v in {lower(name) | some name in input.names}} if count(r) > 0
r := {x | some x in data.evidence.list; x > data.parameters.least}`)
	ask := func(least int) (*vm.Machine, string) {
		data := fmt.Sprintf(`{"evidence": {"list": [%d, 2, 3], "texts": {"a": "ada-%[1]d", "b": "bo"}}, "parameters": {"least": %[1]d, "pattern": "^Ada-%[1]d"}}`, least)
		machine := program.Machine(vm.Env{Data: ast.MustParseTerm(data), Now: time.Unix(0, 0), Own: vm.NewSharedCache()})
		machine.Share(vm.NewCalls())
		machine.Begin(program.Term(ast.MustParseTerm(fmt.Sprintf(`{"names": ["Ada-%d", "Bo"]}`, least))), nil)
		text := ""
		for i := range 2 {
			value, err := machine.Eval(i)
			if err != nil {
				t.Fatal(err)
			}
			text += fmt.Sprintln(value)
		}
		return machine, text
	}
	for _, least := range []int{1, 2, 1} {
		_, want := ask(least) // by a machine that is not released
		machine, got := ask(least)
		machine.Release()
		for name, value := range fields(machine) {
			if held := holds(value, map[uintptr]bool{}); held != "" && name != "program" {
				t.Errorf("a released machine holds %s in %s", held, name)
			}
		}
		if got != want {
			t.Errorf("a machine that was released says %s, want %s", got, want)
		}
	}
}

func fields(machine *vm.Machine) map[string]reflect.Value {
	all := map[string]reflect.Value{}
	for i, v := 0, reflect.ValueOf(machine).Elem(); i < v.NumField(); i++ {
		all[v.Type().Field(i).Name] = v.Field(i)
	}
	return all
}

// holds returns the type of a term or a text that can be reached from a value; "" if there is none.
func holds(v reflect.Value, seen map[uintptr]bool) string {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		switch {
		case v.IsNil() || v.Type() == reflect.TypeFor[*vm.Machine]():
			return ""
		case v.Kind() == reflect.Interface:
			return holds(v.Elem(), seen)
		case v.Type() == reflect.TypeFor[*ast.Term]():
			return "a term"
		case seen[v.Pointer()]:
			return ""
		}
		seen[v.Pointer()] = true
		return holds(v.Elem(), seen)
	case reflect.String:
		if v.Len() > 0 {
			return "a text"
		}
	case reflect.Map:
		if v.Len() > 0 {
			return "a map"
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return "" // texts that the next one writes over
		}
		v = v.Slice(0, v.Cap())
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			if held := holds(v.Index(i), seen); held != "" {
				return held
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if held := holds(v.Field(i), seen); held != "" {
				return held
			}
		}
	}
	return ""
}
