// Package manual writes bundles of evidence that people wrote by hand: files of records, or attestations.
//
// Every record is validated against the schema of its dataset, since people can correct what they wrote. The bundle is a new one. It may
// copy the datasets of another bundle, which is not changed.
package manual
