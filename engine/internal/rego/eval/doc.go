// Package judge decides one rule over one input after another.
//
// It is the seam between records and verdicts: in goes a value, out comes what the rule's package says of it. A rule runs
// sealed: it sees its input, the evidence and parameters of its [Env], and the declared time; it has no network, no
// environment and no clock, and it ends when its time or output is used up.
//
// Rules run as closures (package closure). OPA's topdown is the reference: it decides where a rule can't be compiled, and where an
// evaluation fails in any way, so that what is told of a failure is what OPA tells. The package knows nothing of controls,
// populations or points.
package eval
