// Package synthetic invents the evidence that `make bench` measures with: users and devices by the
// hundred thousand, and what one tenant has of conditional access policies and settings.
//
// A [Tenant] is written in two forms from the same values: as a bundle for posture, and as one JSON
// document for tools that read their input whole. Both are streams, and the same bytes every time.
// The shares are those of chance, from a fixed seed: about nine in ten comply, as in a well-kept
// tenant.
//
// The package is for measuring alone. Tenants with every dataset, and with outcomes known
// beforehand, come from internal/tenant.
package synthetic
