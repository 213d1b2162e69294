package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/posture-score/posture/internal/bench/rules"
	"github.com/posture-score/posture/internal/bench/synthetic"
)

func generateCommand() command {
	return command{
		name: "generate", args: "DIR", count: 1,
		summary: "Write synthetic evidence below a folder, unless it is there: a bundle, and one document for tools that take that.",
		example: "bench generate --users 1000 --document evidence",
		flags: func(set *flag.FlagSet) func(context.Context, []string, io.Writer, io.Writer) error {
			of := setFlag(rules.Alike)
			set.Var(&of, "rules", "for which rules: `alike or distinct`")
			users := set.Int("users", 1000, "how many `users`; there are half as many devices")
			document := set.Bool("document", false, "write the document, too")
			compressed := set.Bool("compressed", false, "compress the files of the bundle")
			return func(ctx context.Context, args []string, stdout, _ io.Writer) error {
				if *users < 2 {
					return errors.New("--users has to be at least 2")
				}
				made, tenant := forms(args[0], rules.Set(of), *users), rules.Set(of).Tenant(*users)
				if err := generate(ctx, made, tenant, *document, *compressed); err != nil {
					return err
				}
				_, err := fmt.Fprintln(stdout, made.dir)
				return err
			}
		},
	}
}

// evidenceForms are the paths of the evidence of one tenant.
type evidenceForms struct {
	dir, bundle, compressed, document string
}

func forms(dir string, of rules.Set, users int) evidenceForms {
	dir = filepath.Join(dir, fmt.Sprintf("%s-%d-v%s", of, users, synthetic.Version))
	return evidenceForms{
		dir:    dir,
		bundle: filepath.Join(dir, "bundle"), compressed: filepath.Join(dir, "compressed"), document: filepath.Join(dir, "document.json"),
	}
}

func generate(ctx context.Context, to evidenceForms, tenant synthetic.Tenant, document, compressed bool) error {
	if err := os.MkdirAll(to.dir, 0o755); err != nil {
		return fmt.Errorf("writing evidence: %w", err)
	}
	if compressed {
		return whole(to.compressed, func(path string) error { return tenant.WriteCompressed(ctx, path) })
	}
	if err := whole(to.bundle, func(path string) error { return tenant.WriteBundle(ctx, path) }); err != nil || !document {
		return err
	}
	return whole(to.document, func(path string) error { return writeDocument(ctx, path, tenant) })
}

func writeDocument(ctx context.Context, path string, tenant synthetic.Tenant) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(tenant.WriteDocument(ctx, file), file.Close())
}

// whole makes a file or a folder unless it is there, and leaves no half of it.
func whole(path string, fill func(path string) error) error {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	half := path + ".half"
	defer os.RemoveAll(half)
	if err := os.RemoveAll(half); err != nil { // of a run that was killed
		return fmt.Errorf("writing evidence: %w", err)
	}
	if err := fill(half); err != nil {
		return err
	}
	if err := os.Rename(half, path); err != nil {
		return fmt.Errorf("writing evidence: %w", err)
	}
	return nil
}
