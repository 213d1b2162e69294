// Command generate bundles the page's sources, src, into dist.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/posture-score/posture/internal/page/web/bundle"
)

func main() {
	if err := run("."); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run bundles the sources of the folder of package web.
func run(folder string) error {
	built, err := bundle.Build(filepath.Join(folder, "src"))
	if err != nil {
		return err
	}
	dist := filepath.Join(folder, "dist")
	if err := os.WriteFile(filepath.Join(dist, "app.js"), built.Script, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dist, "app.css"), built.Style, 0o644)
}
