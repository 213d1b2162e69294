// Package check is the Rego half of a catalog: it compiles the modules of a catalog under seal, checks them against the
// shape of the data that they will see, and runs their tests.
//
// A module is compiled as strict Rego v1 with the builtins of [Capabilities] alone: nothing that reaches the network, the
// environment, a clock or a random number. A control's module comes with an [InputSchema]: the JSON Schemas of its input, of the
// datasets that it declares and of its parameters. [Compile] then refuses what would otherwise be undefined at run time and
// so decide a control by accident: a misspelled field, a dataset that was not declared, a literal that a field never holds,
// a comparison of unlike types, a rule of another control. Every mistake is a [Diagnostic] with its place and how to mend it;
// all of them are gathered.
//
// Shared modules that read input or data, and the rules that several controls name, are compiled once for each schema: the
// copies keep the places of the text, so that a mistake is reported there, for the controls that it is one for.
//
// The package knows neither HCL nor evidence, evaluates nothing but tests, and prints nothing.
package check
