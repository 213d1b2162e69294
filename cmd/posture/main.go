// Command posture assesses an organization's exported configuration against a catalog of recommended actions, and scores it.
package main

import (
	"context"
	"os"

	"github.com/posture-score/posture/internal/gcpace"
)

func main() {
	gcpace.Relax(gcpace.Room)
	ctx, stop := untilSignal(context.Background())
	code := run(ctx, os.Args[1:], terminal{in: interruptible(ctx, os.Stdin), out: os.Stdout, err: os.Stderr})
	stop()
	os.Exit(code)
}
