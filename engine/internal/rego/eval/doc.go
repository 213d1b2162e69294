// Package eval evaluates the decisions of a rule's package over one input after another.
//
// A rule runs sealed: it sees its input, the evidence and parameters of its [Env], and the declared time. It has no network, no process
// environment and no clock, and it ends where it exceeds a limit of steps, memory or output (package
// limit).
//
// Rules run on the VM (package vm). OPA's topdown is the reference: it evaluates rules that can't be compiled, and it repeats an evaluation
// that failed in any way, so that errors read as OPA words them. The package knows nothing of controls, populations or points.
package eval
