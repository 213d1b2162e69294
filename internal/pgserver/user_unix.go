//go:build unix

package pgserver

import (
	"bytes"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"strings"
	"syscall"
)

// account is whose the server is if root runs the tests: PostgreSQL refuses root.
func account() (uid, gid int, err error) {
	for _, name := range []string{"postgres", "nobody"} {
		var found *user.User
		if found, err = user.Lookup(name); err != nil {
			continue
		}
		uid, err = strconv.Atoi(found.Uid)
		if err != nil {
			return 0, 0, err
		}
		gid, err = strconv.Atoi(found.Gid)
		return uid, gid, err
	}
	return 0, 0, err
}

// own gives a folder to the account.
func own(dir string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	uid, gid, err := account()
	if err != nil {
		return err
	}
	return os.Chown(dir, uid, gid)
}

// unprivileged makes a command run in a folder, as the account if we are root.
func unprivileged(cmd *exec.Cmd, dir string) error {
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for the tests, which stop it
	if os.Geteuid() != 0 {
		return nil
	}
	uid, gid, err := account()
	if err != nil {
		return err
	}
	cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return nil
}

// ready reports whether the file of a server says that it takes connections.
func ready(pid []byte) bool {
	lines := bytes.Split(bytes.TrimSpace(pid), []byte("\n"))
	return len(lines) == 8 && strings.TrimSpace(string(lines[7])) == "ready"
}
