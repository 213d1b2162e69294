// Package records streams the records of a JSON file: NDJSON, an array, a page of Microsoft Graph, or one object.
//
// There are two readers, and they return the same records and the same errors. [Each] reads one record after another with
// jsontext, the reference. [Scan] reads on many cores: it splits the file into blocks at offsets that look like the end of a
// record, workers scan the blocks with internal/jsonscan, and a merger accepts their results in file order. A block whose split
// point was wrong is scanned again in order. Where Scan meets anything that is not a valid record it says nothing about it, and
// runs Each, whose error is returned.
//
// In the order of the data: sniff.go finds the layout, envelope.go reads what stands around the records, split.go finds split
// points, buffers.go keeps buffers, chunk.go scans blocks, merge.go and pipeline.go put results in order, scan.go is the entry point. decode.go decodes
// single values.
//
// The package does not open files: a [Source] does. It does not know bundles, datasets, schemas or rules.
package records
