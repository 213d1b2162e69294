// Command posture assesses an organization's exported configuration against a catalog of recommended actions, and scores it.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/posture-score/posture/internal/gcpace"
)

func main() {
	gcpace.Relax(gcpace.Room)
	ends := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // nohup asks to go on without a terminal
		ends = append(ends, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), ends...)
	// A second signal ends the program at once: it may wait for a pipe that nobody reads.
	context.AfterFunc(ctx, stop)
	code := run(ctx, os.Args[1:], terminal{in: os.Stdin, out: os.Stdout, err: os.Stderr})
	stop()
	os.Exit(code)
}
