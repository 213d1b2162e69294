package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/posture-score/posture/internal/importer"
)

// outputFlags are the flags that name a file to write. Every other flag that takes a path, and every argument that is one, is read.
func outputFlags() []string {
	return []string{"output", "failing-file", "envelope", "decisions", "averages", "report"}
}

// written returns the files that a flag says to write.
func written(flag *pflag.Flag) []string {
	var names []string
	if reports, ok := flag.Value.(*reports); ok {
		for _, r := range *reports {
			names = append(names, r.output)
		}
	} else {
		names = append(names, flag.Value.String())
	}
	return slices.DeleteFunc(names, standardOutput)
}

// refuseOverlap refuses an output that is one of the inputs, by whatever name, or in a folder that is one: it would be replaced by
// what was made of it.
func (t terminal) refuseOverlap(cmd *cobra.Command, args []string) error {
	var problem error
	cmd.Flags().VisitAll(func(flag *pflag.Flag) {
		if problem != nil || !slices.Contains(outputFlags(), flag.Name) {
			return
		}
		for _, name := range written(flag) {
			output, err := os.Stat(name)
			if err != nil || !output.Mode().IsRegular() {
				continue
			}
			for _, path := range inputs(cmd, args) {
				if t.reads(path, output) {
					problem = usageError{fmt.Errorf("--%s would replace %s, which is read from %s: name another file", flag.Name, name, path)}
					return
				}
			}
		}
	})
	return problem
}

// inputs returns the arguments, and the paths of flags.
func inputs(cmd *cobra.Command, args []string) []string {
	paths := slices.Clone(args)
	cmd.Flags().VisitAll(func(flag *pflag.Flag) {
		kind, _ := pflag.UnquoteUsage(flag)
		if slices.Contains(outputFlags(), flag.Name) || !slices.Contains([]string{"FILE", "DIR", "PATH"}, kind) {
			return
		}
		if list, ok := flag.Value.(pflag.SliceValue); ok {
			paths = append(paths, list.GetSlice()...)
			return
		}
		paths = append(paths, flag.Value.String())
	})
	return paths
}

// reads reports whether a path leads to a file, or to a folder with a file in it that is the same.
func (t terminal) reads(path string, file fs.FileInfo) bool {
	if in, ok := t.in.(*os.File); ok && path == importer.Stdin {
		info, err := in.Stat()
		return err == nil && os.SameFile(info, file)
	}
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return err == nil && os.SameFile(info, file)
	}
	found := false
	// A link is followed to a folder that is named, and in folders to files. What can't be seen can't be read.
	_ = filepath.WalkDir(path+string(filepath.Separator), func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return nil //nolint:nilerr // see above
		}
		if info, err := os.Stat(name); err == nil && os.SameFile(info, file) {
			found = true
			return fs.SkipAll
		}
		return nil
	})
	return found
}
