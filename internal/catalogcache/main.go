// Command snapshot works the built-in catalog out and writes it to where package policies embeds it, so that programs start without
// parsing, checking and compiling it. `make update` runs it; it does not decide whether a snapshot is used: package policies does.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
)

// path is where the snapshot stands, seen from the top of the repository.
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
