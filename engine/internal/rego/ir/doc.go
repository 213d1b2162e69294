// Package ir is an index of OPA's intermediate representation (IR).
//
// OPA's planner compiles a policy to functions of simple statements over numbered locals. [PlanQuery] captures such a plan, [Plan] finds
// its functions and constants, [Visit] is the one place that knows the components of each type of statement, and [Plan.Encode] and [Decode]
// store a plan.
//
// The package analyzes and evaluates nothing.
package ir
