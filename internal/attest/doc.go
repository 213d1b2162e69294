// Package attest makes an assessment a signed statement, and compares results: the statement is one of in-toto
// (https://github.com/in-toto/attestation/tree/main/spec/v1), with the evidence as its subject, in an envelope of DSSE
// (https://github.com/secure-systems-lab/dsse), as cosign signs and verifies it.
//
// It does NOT read files, keys or evidence, and it does not assess: whoever verifies a result makes it again, and compares both here.
package attest
