// Package history keeps every assessment of every tenant: the store of what was, and of why it changed.
//
// A store is a file of SQLite or a database of PostgreSQL. It holds entries: assessments as they were made, with what queries ask for
// beside them. An entry is there as a whole or not at all, and once for each content.
//
// # The chain
//
// The entries of a tenant form a chain in the order in which they were appended. A link of it is an entry or a checkpoint. Its hash is
// the SHA-256 of its header, which holds the hash of the link before it and the digest of the assessment. So an entry can't be
// changed, removed, inserted or moved without changing the hash of every later link. [Store.Verify] tells where that happened, and
// [Store.Heads] which hash comes last: who notes it elsewhere can tell later whether the chain still has it.
//
// Retention drops assessments and keeps their headers. A checkpoint names whose assessments were dropped: one that is missing without
// a checkpoint is a finding.
//
// # Order
//
// The number of an entry says when it was appended, and its time says when the evidence was collected. Everything that is read comes
// in the order of time, then of numbers. Changes are those of an entry against the one before it in this order, of the same origin.
//
// The package prints nothing and knows no clock. SQL is nowhere else but here and in internal/fleet.
package history
