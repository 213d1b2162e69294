// Package oci keeps catalogs in registries of containers (https://github.com/opencontainers/distribution-spec): one file is one image with
// one layer, as OPA downloads bundles from there.
//
// It does NOT read catalogs or files, and it trusts no registry: what is read is what a digest names.
package oci
