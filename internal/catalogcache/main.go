// Command catalogcache compiles the built-in catalog and writes it to policies/cache.bin, which package
// policies embeds: programs then start without parsing, checking and compiling it. `make update` runs it.
// Whether the cache is used, package engine/catalog decides.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
)

// path is that of the cache, from the root of the repository.
const path = "policies/cache.bin"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := write(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "snapshot:", err)
		os.Exit(1)
	}
}

func write(ctx context.Context) error {
	text, err := catalog.Snapshot(ctx, engine.Precompile)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o644) //nolint:gosec // it is source, for everybody to read
}
