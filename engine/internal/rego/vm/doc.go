// Package closure runs OPA's plan of rules as Go closures over registers.
//
// OPA compiles a policy to an intermediate representation: functions of simple statements over numbered locals (package ir). This
// package turns each statement into a closure once, and then runs them for one input after another. Operands are found when
// the closures are made, not when they run; a rule is worked out once per input, and one that reads no input once for all of them;
// built-in functions are OPA's own, with short ways for the common ones. What comes out is what OPA's topdown gives, errors
// included; OPA's conformance cases hold it to that.
//
// The stages are a file each: a [Plan] is indexed (plan.go), its functions are compiled (compile.go and what it calls: operand.go,
// control.go, access.go, collect.go, call.go, with.go, builtin.go, fast.go) and a [Machine] runs them (machine.go, memo.go). What functions
// use is found out on the way: uses.go, reach.go (which parts of the documents), premise.go (which rules read the input).
package vm
