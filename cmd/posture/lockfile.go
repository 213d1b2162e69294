package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/posture-score/posture"
	"github.com/posture-score/posture/internal/pin"
)

// lockfile is the posture.lock that holds here.
type lockfile struct {
	path string
	*pin.Lock
}

// openLock reads the posture.lock beside the posture.hcl that holds here, or in the working directory.
func openLock(ctx context.Context) (*lockfile, error) {
	path := pin.Name
	if beside := configured(ctx).settings.Path; beside != "" {
		path = filepath.Join(filepath.Dir(beside), pin.Name)
	}
	lock, err := pin.Open(path)
	if err != nil {
		return nil, err
	}
	return &lockfile{path, lock}, nil
}

// find returns the pin of the catalog at a path; nil if it is not pinned.
func (l *lockfile) find(path string) (*pin.Catalog, error) {
	name, err := pin.Path(filepath.Dir(l.path), path)
	if err != nil {
		return nil, err
	}
	return l.Find(name), nil
}

// pins returns the pins of catalogs, and of the built-in one.
func (l *lockfile) pins(paths []string) (posture.Pins, error) {
	pins := posture.Pins{Catalogs: map[string]string{}}
	if l.Builtin != nil {
		pins.Builtin = l.Builtin.Digest
	}
	for _, path := range paths {
		pinned, err := l.find(path)
		if err != nil {
			return pins, err
		}
		if pinned != nil {
			pins.Catalogs[path] = pinned.Digest
		}
	}
	return pins, nil
}

// advice adds to an error about a pin what to do.
func (l *lockfile) advice(err error) error {
	var wrong *posture.PinError
	if !errors.As(err, &wrong) {
		return err
	}
	if wrong.Path == "" {
		version := "the version"
		if l.Builtin != nil && l.Builtin.Version != "" {
			version = l.Builtin.Version
		}
		return fmt.Errorf("%w in %s, so that another program does not change the score: accept the new one with 'posture policy lock --builtin'; or run the posture that "+
			"carries %s, or have it write its catalog with 'posture policy bundle -o builtin.tar.gz', and use that with --no-builtin --catalog builtin.tar.gz", err, l.path, version)
	}
	restore := "restore it"
	if pinned, found := l.find(wrong.Path); found == nil && pinned != nil && pinned.From != "" {
		restore = fmt.Sprintf("get the pinned one with 'posture policy pull %s -o %s'", pinned.From, wrong.Path)
	}
	return fmt.Errorf("%w in %s: accept the change with 'posture policy lock %s', or %s", err, l.path, wrong.Path, restore)
}
