// Package policies embeds the built-in catalog: HCL and Rego files, and data. It does not read them:
// package engine/catalog does, and programs load the built-in catalog there. This package is no part of
// the API.
package policies

import "embed"

// Files are the policy files of the built-in catalog.
//
//go:embed catalog.hcl templates.hcl lib/*.rego */*.hcl */*.rego
var Files embed.FS

// ServicePlans lists the service plans that Microsoft publishes, a line each: name, tab, id. Source:
// Microsoft Entra, "Product names and service plan identifiers for licensing". To renew it, take the
// columns Service_Plan_Name and Service_Plan_Id of the CSV there, each pair once, sorted.
//
//go:embed service_plans.tsv
var ServicePlans string

// Cache is the compiled form of Files, which package catalog uses while it is up to date.
//
//go:embed cache.bin
var Cache string
