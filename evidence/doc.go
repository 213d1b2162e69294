// Package evidence opens, checks, streams and writes bundles of evidence.
//
// A bundle is what a collector exported from one tenant: a manifest.json and one file for each dataset.
// It is a folder, an archive (.zip, .tar, .tar.gz or .tar.zst, recognised by content and never by
// name), or a stream of such an archive. The file of a dataset is JSON, plain or compressed by gzip or
// zstd, in one of these layouts, which is recognised by content:
//
//   - values one after another, usually one a line (NDJSON): each is a record;
//   - an array: each element is a record;
//   - a page of Microsoft Graph, an object with "@odata.context" and an array "value", or with nothing but "value": each element of
//     the array is a record;
//   - one object: a document, read as one record with all of its members.
//
// A bundle is untrusted input. No path in it leads outside of it, everything that reading it holds in
// memory or unpacks is bounded by [Limits], and an error is an [*Error] with file, line and record.
//
// [Open] a bundle, [Bundle.Verify] its digests, and iterate over [Bundle.Records], which hold one
// record in memory. [Create] writes a bundle.
//
// The package does not know what datasets mean: package schemas checks records. It does not import
// exports in other formats, and does not verify digests by itself.
//
// # Stability
//
// Version 0: names may change with a minor version, and the changelog says so. The format of bundles
// has a version of its own, [SchemaVersion].
package evidence
