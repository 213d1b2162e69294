package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// peer is another program that evaluates Rego.
type peer struct {
	name    string
	module  string
	version string
}

func opa() peer {
	return peer{name: "opa", module: "github.com/open-policy-agent/opa", version: "v1.22.2"}
}

func conftest() peer {
	return peer{name: "conftest", module: "github.com/open-policy-agent/conftest", version: "v0.71.1"}
}

// path is that of the program in the cache.
func (p peer) path(cache string) string { return filepath.Join(cache, p.name+"@"+p.version, p.name) }

// install builds the program from the module proxy, unless the cache holds it.
func (p peer) install(ctx context.Context, cache string) error {
	path := p.path(cache)
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("building %s: %w", p.name, err)
	}
	return goTool(ctx, []string{"GOBIN=" + dir}, "install", p.module+"@"+p.version)
}

// goTool runs the go command; what it builds ends with it when it is interrupted.
func goTool(ctx context.Context, env []string, args ...string) error {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go %v: %w\n%s", args, err, out)
	}
	return nil
}

// cacheDir is where programs are kept between runs.
func cacheDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("finding the cache folder: %w; name one with --cache", err)
	}
	return filepath.Join(dir, "posture-bench"), nil
}
