// Package engine assesses evidence against a catalog of controls.
//
// [Compile] compiles a catalog once; the [Engine] then assesses any number of bundles, from any number
// of goroutines. An [Assessment] holds the outcome of each control, the reasons for it, and the score. A
// score is never higher than the evidence shows: missing evidence, an undefined decision and a rule
// that fails are outcomes of their own, earn nothing, and keep their points in the total.
//
// # The path of the data
//
// Data goes one way, from stage to stage; a test in internal/archtest fails if a stage imports a later
// one, or if a file of a stage refers back to a later file.
//
//  1. engine/internal/load compiles the rules, loads documents pruned to the fields that rules read, and
//     finds out which datasets are missing or invalid, which licenses the tenant has, and which records
//     repeat others.
//  2. engine/internal/scan plans one scan for each population: the columns that rules and matches read,
//     and the indexes of joined datasets. Workers scan blocks of the file in parallel; each evaluates the
//     matching controls for a record, or remembers the verdict on one with the same values. Blocks are
//     merged in the order of the evidence.
//  3. engine/internal/outcome turns counts, documents and decisions into outcomes, points, statuses and
//     ranks. For tenant-wide controls it finds out whether absent fields could change the outcome.
//  4. This package turns these into an [Assessment], which is also a JSON document
//     (schemas/assessment.json).
//
// Rules are evaluated by engine/internal/rego: compiled to closures, with OPA's topdown as the
// reference. docs/performance.md explains why.
//
// # Invariants
//
// The same catalog, evidence, decisions and time lead to the same bytes, however the work is divided.
// Evidence is compared in the canonical form of its schema (schemas.Fold), by rules and by everything
// else; failing records are named as the evidence writes them. A violation of a schema affects those
// controls that read the field, and no others.
//
// # Stability
//
// The module is v0: the Go API may change in any release, and CHANGELOG.md says how. The JSON of an
// assessment changes only together with [SchemaVersion].
//
// The package prints nothing, and reads no policy files, registers or earlier assessments.
package engine
