package check

import (
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Bounds of all modules together, with the copies that are compiled of shared ones.
const (
	maxTokens   = 2_000_000  // about a kilobyte each
	maxReferred = 10_000_000 // rules that each rule refers to, by way of others, too: OPA follows them from each
)

// abandoned is a compilation that was given up, by a panic: OPA's compiler goes on after errors. It holds
// what was found last.
type abandoned []Diagnostic

// guard makes a compiler give up between its stages when the context ends, and before a stage that would
// take too long.
func (b *build) guard(compiler *ast.Compiler) {
	for _, stage := range ast.AllStages() {
		compiler.WithStageAfterID(stage, ast.CompilerStageDefinition{
			Name: "Interrupt" + string(stage), MetricName: "interrupt_" + strings.ToLower(string(stage)), Stage: func(*ast.Compiler) *ast.Error {
				if b.ctx.Err() != nil {
					panic(abandoned(nil))
				}
				return nil
			},
		})
	}
	compiler.WithStageAfterID(ast.StageSetGraph, ast.CompilerStageDefinition{
		Name: "BoundGraph", MetricName: "bound_graph", Stage: func(c *ast.Compiler) *ast.Error {
			if rule := tangled(c, maxReferred); rule != nil {
				panic(abandoned{problemAt(rule.Location, "Too many rules that refer to others", fmt.Sprintf(
					"All rules together refer to more than %d rules, by way of others, too: shorten chains of rules, or put values into one object.", maxReferred))})
			}
			return nil
		},
	})
}

// tangled returns the first rule with which the rules that all rules refer to are more than so many, or nil.
func tangled(c *ast.Compiler, most int) (found *ast.Rule) {
	graph := newReferences(c)
	last := make([]int, len(graph.rules)) // with which rule each was last seen
	var queue []int
	for i, rule := range graph.rules {
		queue = append(queue[:0], i)
		for len(queue) > 0 {
			at := queue[len(queue)-1]
			queue = queue[:len(queue)-1]
			if most -= 1 + len(graph.refers[at]); most < 0 {
				return rule
			}
			for _, next := range graph.refers[at] {
				if last[next] != i+1 {
					last[next] = i + 1
					queue = append(queue, next)
				}
			}
		}
	}
	return nil
}

// references are the rules of a compiler, and by number which others each names.
type references struct {
	rules  []*ast.Rule
	refers [][]int
}

func newReferences(c *ast.Compiler) *references {
	g, numbers := &references{}, map[*ast.Rule]int{}
	for _, path := range sortedKeys(c.Modules) {
		ast.WalkRules(c.Modules[path], func(rule *ast.Rule) bool {
			numbers[rule] = len(g.rules)
			g.rules = append(g.rules, rule)
			return false
		})
	}
	g.refers = make([][]int, len(g.rules))
	for i, rule := range g.rules {
		for other := range c.Graph.Dependencies(rule) {
			if other, ok := other.(*ast.Rule); ok {
				if number, known := numbers[other]; known {
					g.refers[i] = append(g.refers[i], number)
				}
			}
		}
	}
	return g
}

// tooMuch says that a module is one too many.
func tooMuch(m Module) Diagnostic {
	return Diagnostic{
		Path: m.Path, Row: 1, Col: 1, EndRow: 1, EndCol: 2, Summary: "Too much Rego", Detail: fmt.Sprintf(
			"All files of the catalogs, with a copy of each shared one for the rules that use it, have more than %d words and marks: load fewer catalogs at once.", maxTokens),
	}
}
