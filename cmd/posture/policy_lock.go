package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/pin"
)

func newPolicyLock(t terminal) *cobra.Command {
	var builtin bool
	cmd := &cobra.Command{
		Use:   "lock [CATALOG...]",
		Short: "Pin catalogs by their digests, so that no other one changes the score",
		Long: `Write the digests of catalogs, folders or .tar.gz files, into posture.lock, beside posture.hcl or in the working directory. From then on
every command with --catalog refuses another one at the same path, and says what to do.

--builtin pins the built-in catalog, too: a newer program then refuses to score by another catalog until that is accepted. Without a
catalog and without --builtin all that is pinned is renewed.`,
		Example:     "  posture policy lock --builtin\n  posture policy lock ./our-controls",
		Annotations: map[string]string{settingsUse: used}, // posture.lock is beside posture.hcl
		RunE: func(cmd *cobra.Command, paths []string) error {
			lock, err := openLock(cmd.Context())
			if err != nil {
				return err
			}
			if len(paths) == 0 && !builtin {
				if lock.Empty() {
					return usageError{fmt.Errorf("%s pins nothing that could be renewed: name a catalog, or give --builtin", lock.path)}
				}
				builtin = lock.Builtin != nil
				for _, c := range lock.Catalogs {
					paths = append(paths, filepath.Join(filepath.Dir(lock.path), filepath.FromSlash(c.Path)))
				}
			}
			if builtin {
				if err := lock.pinBuiltin(cmd.Context(), t); err != nil {
					return err
				}
			}
			for _, path := range paths {
				source, err := catalog.Open(path)
				if err != nil {
					return err
				}
				if err := lock.pinCatalog(t, path, pin.Catalog{Digest: source.Digest()}); err != nil {
					return err
				}
			}
			return lock.write(t)
		},
	}
	cmd.Flags().BoolVar(&builtin, "builtin", false, "pin the built-in catalog")
	return cmd
}

func (l *lockfile) pinBuiltin(ctx context.Context, t terminal) error {
	cat, err := (&catalogFlags{}).load(ctx)
	if err != nil {
		return err
	}
	old := l.Builtin
	l.Builtin = &pin.Builtin{Version: cat.Version(), Digest: cat.Digest()}
	if old == nil || old.Digest != l.Builtin.Digest {
		t.say("the built-in catalog is pinned: %s with the digest %s", l.Builtin.Version, l.Builtin.Digest)
	}
	return nil
}

// pinCatalog pins the catalog at a path. Where it was pulled from stays known as long as it is the same.
func (l *lockfile) pinCatalog(t terminal, path string, pinned pin.Catalog) error {
	name, err := pin.Path(filepath.Dir(l.path), path)
	if err != nil {
		return err
	}
	pinned.Path = name
	old := l.Find(name)
	if old == nil || old.Digest != pinned.Digest {
		t.say("%s is pinned with the digest %s", path, pinned.Digest)
	} else if pinned.From == "" {
		pinned = *old
	}
	l.Set(pinned)
	return nil
}

// write writes the file, if that changes it.
func (l *lockfile) write(t terminal) error {
	text, err := l.Encode()
	if err != nil {
		return err
	}
	if old, err := pin.Open(l.path); err == nil {
		if before, err := old.Encode(); err == nil && string(before) == string(text) && !old.Empty() {
			return nil
		}
	}
	return unwritten(l.path, t.overwrite(l.path, text))
}
