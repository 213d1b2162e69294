//go:build !unix

package pgserver

import "os/exec"

func own(string) error                     { return nil }
func unprivileged(*exec.Cmd, string) error { return ErrMissing }
func ready([]byte) bool                    { return false }
