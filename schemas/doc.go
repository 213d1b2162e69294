// Package schemas describes evidence, and the documents that posture writes, as JSON Schemas.
//
// Each dataset has a JSON Schema (draft 2020-12), built-in ones in evidence/<area>/<dataset>.json. It
// describes one record of a list or population, or the whole document. Under "x-posture" it says which
// of the three kinds it is, which field names a record, which fields identify one if the key does not,
// and where the data comes from. [Builtin] returns the built-in datasets; [Registry.With] adds those of
// a catalog, which [Parse] reads. [Dataset.Validate] checks one value, and [Validate] a document, such
// as the manifest of a bundle.
//
// Ids, addresses, names and values of enumerations compare without case. The schema of a field says so
// by one of the [Formats], by its enum or by "x-posture": {"words": [...]}, and a [Fold] puts texts
// into the canonical form that rules see.
//
// Evidence may have fields that no schema names: they are kept, and no violation. The package does not
// read evidence, does not decide what follows from a violation, and never fetches anything: a schema
// refers to itself alone.
//
// # Stability
//
// The package is public. As long as the module is at v0, a minor version may change its API, and the
// changelog says how. The form of schemas of datasets, which docs/datasets.md describes, only grows.
package schemas
