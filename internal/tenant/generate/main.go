// Command generate writes an invented tenant of any size as a bundle, for benchmarks and demonstrations.
//
//	go run ./internal/tenant/generate -users 100000 -o /path/to/bundle
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/posture-score/posture/internal/tenant"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stderr)
	stop()
	os.Exit(code)
}

// run returns the exit code: 0 fine, 1 failure, 2 usage.
func run(ctx context.Context, args []string, stderr io.Writer) int {
	flags := flag.NewFlagSet("generate", flag.ContinueOnError)
	flags.SetOutput(stderr)
	spec := tenant.Spec{CollectedAt: tenant.CollectedAt()}
	flags.StringVar(&spec.Name, "name", "contoso", "first label of the tenant's `domain`, under .example")
	flags.StringVar(&spec.Profile, "profile", "mixed", "how well the tenant is kept: good, mixed or bad")
	flags.IntVar(&spec.Users, "users", 1000, "`number` of people; half as many devices")
	flags.Uint64Var(&spec.Seed, "seed", 1, "another seed makes another tenant")
	settings := flags.String("settings", "", "configuration `ids` that each device reports on, separated by commas (default all known)")
	dir := flags.String("o", "", "`folder` to write to, new or empty")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if *dir == "" || flags.NArg() > 0 {
		_, _ = fmt.Fprintln(stderr, "generate: name the folder to write to with -o, and nothing else beside the flags")
		return 2
	}
	if *settings != "" {
		spec.Settings = strings.Split(*settings, ",")
	}
	if err := generate(ctx, spec, *dir); err != nil {
		_, _ = fmt.Fprintln(stderr, "generate:", err)
		return 1
	}
	return 0
}

func generate(ctx context.Context, spec tenant.Spec, dir string) error {
	invented, err := tenant.New(spec)
	if err != nil {
		return err
	}
	return invented.Write(ctx, dir)
}
