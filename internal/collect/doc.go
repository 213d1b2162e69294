// Package collect plans which evidence to collect for the controls of a catalog: which datasets,
// where each comes from, which permission that needs, and which controls read it.
//
// Everything follows from the catalog and from the schemas of its datasets. The package collects
// nothing and reads no files. [Of] leaves out what a tenant's licenses could never earn, and adds
// what every assessment needs: the tenant itself and its licenses.
//
// Sources of a dataset that are endpoints, or an endpoint and a cmdlet, are alternatives in order
// of preference: one of them is enough. Several cmdlets are parts of one answer, and all of them
// are needed.
package collect
