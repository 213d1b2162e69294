// Package evidence opens, checks, streams and writes bundles of evidence.
//
// A bundle is what a collector found out about one tenant: a manifest.json
// beside one file for each dataset. It comes as a folder, as a .zip, .tar,
// .tar.gz or .tar.zst archive (told apart by content, never by name), or as a
// stream that holds such an archive. The file of a dataset is JSON, read in
// whichever of these layouts its content shows:
//
//   - values one after another, usually one a line (NDJSON): each is a record;
//   - an array: each element is a record;
//   - a page of Microsoft Graph, an object with "@odata.context" and an array
//     "value", or with nothing but "value": each element of it is a record;
//   - one object: a document, read as one record with all of its members.
//
// Each may be compressed by gzip or zstd.
//
// A bundle is foreign input. Nothing in it leads outside of it, everything it
// makes us hold or unpack is bounded by [Limits], and what is wrong with it is
// an [*Error] that names the file, the line and the record.
//
// Records are streamed: a population of any size takes the memory of one record
// with [Bundle.Records], which gives them one by one, and that of a few blocks
// for each worker, or of the longest record, with [Scan], which reads them on
// many cores and takes out of them what somebody reads. Both give the same
// records and the same errors.
//
// The package does not know what a dataset means. That a record has the fields
// it should have is checked by package schemas; exports in other shapes become
// bundles in the packages below this one. It does not verify digests unasked:
// call [Bundle.Verify].
package evidence
