// Package importer turns foreign exports into bundles of evidence: exports of ScubaGear, responses of Microsoft
// Graph, answers of PowerShell cmdlets, and whatever else an [Importer] reads.
//
// The way of the data is one direction, a file each:
//
//	open.go      opens evidence of any form: a bundle as it is, anything else by import.go
//	tree.go      lists the files of a folder and of the archives in it
//	classify.go  asks the importers which of them reads which file (detect.go looks into a file)
//	import.go    has each importer read its files, and settles tenant, time and collector
//	combine.go   writes each dataset once, from the best of the importers that make it
//
// The driver knows the importers by this interface only; package builtin lists them. docs/importers.md describes how
// to add one.
//
// Most exports do not say when they were made: the caller passes the time. A folder is for one tenant, which may
// stay unnamed. A file that makes no evidence is reported, never dropped in silence, and costs no other file
// anything. Refused are a folder of two tenants, and one that holds mostly other files: it was named by mistake.
//
// The package does not know what any file means, which controls read a dataset, or how an archive is unpacked safely
// (package evidence does).
package importer
