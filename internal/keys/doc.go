// Package keys reads the keys that results and catalogs are signed with, and signs with them: Ed25519, and ECDSA over P-256, as PEM.
//
// It does NOT open files, and knows nothing of what is signed.
package keys
