package vm_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/ir"
	"github.com/posture-score/posture/engine/internal/rego/vm"
)

// A policy is planned by OPA, its rules are compiled, and a machine evaluates them over one input after another.
func Example() {
	compiler, err := ast.CompileModules(map[string]string{"users.rego": `package users

default compliant := false

compliant if {
	some method in input.methods
	method.strong == true
	count(input.methods) >= data.least
}`})
	if err != nil {
		log.Fatal(err)
	}
	plan, err := ir.PlanQuery(context.Background(), compiler, ast.MustParseBody("data.users.compliant"))
	if err != nil {
		log.Fatal(err)
	}
	program, err := vm.Compile(plan, "data.users.compliant")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("reads", program.Summary().AccessPaths.Input)

	machine := program.Machine(vm.Env{Data: ast.MustParseTerm(`{"least": 2}`), Now: time.Unix(0, 0)})
	for _, user := range []string{
		`{"name": "ada", "methods": [{"strong": true}, {"strong": false}]}`,
		`{"name": "ben", "methods": [{"strong": true}]}`,
	} {
		machine.Begin(program.Term(ast.MustParseTerm(user)), nil)
		value, err := machine.Eval(0)
		fmt.Println(value, err)
	}
	// Output:
	// reads {methods[{strong}]}
	// true <nil>
	// false <nil>
}
