// Package schemas says what evidence and our own documents look like.
//
// Each dataset has a JSON Schema (draft 2020-12) in evidence/<area>/<dataset>.json. It describes one record of a list or
// population, or the whole of a document, and states under "x-posture" which of the three it is, which field names a
// record, which fields tell records apart if that one does not, and where the data comes from. [Builtin] reads them all; [Dataset.Validate] checks one value. [Validate] checks
// the documents that this program writes: the bundle's manifest and the assessment.
//
// Ids, addresses, names and values of enumerations compare without case. The schema of a field says so by one of the [Formats], by its enum or
// by "x-posture": {"words": [...]}, and a [Fold] gives texts the canonical form that rules see.
//
// Objects of evidence are open: a field that no schema names is kept and never an error. The package does not read
// evidence, does not decide what follows from a violation, and never fetches anything: a schema refers to itself alone.
package schemas
