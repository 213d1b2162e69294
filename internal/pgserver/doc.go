// Package pgserver runs an installed PostgreSQL for tests: a server of its own, in a temporary folder, that listens on a Unix socket
// alone. It installs nothing: 'make postgres' does, on Debian.
package pgserver
