// Package collect says what evidence to collect for the controls of a catalog: which datasets, where each comes from, which
// permission that needs, and which controls wait for it.
//
// Everything is read from the catalog and from the schemas of its datasets; the package collects nothing and reads no files.
// [Of] leaves out what a tenant's licenses could never earn, and adds what stands behind every assessment: the tenant itself and
// its licenses.
//
// The sources of a dataset are ways to it in the order of preference if they are endpoints, or an endpoint and a cmdlet: one of them
// is enough. Several cmdlets are parts of one answer, and all of them are needed.
package collect
