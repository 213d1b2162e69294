// Command posture-ci does in a pipeline what 'posture assess' leaves to the system that runs it.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/posture-score/posture/internal/pipeline"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := pipeline.Run(ctx, pipeline.Job{Env: os.Getenv, Out: os.Stdout, Err: os.Stderr, Client: pipeline.Client()}, os.Args[1:])
	stop()
	os.Exit(code)
}
