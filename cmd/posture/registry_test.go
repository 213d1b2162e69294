package main

import (
	"io"
	stdlog "log"
	"net/http/httptest"
	"strings"

	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/rogpeppe/go-internal/testscript"
)

// startRegistry runs a registry of containers on this machine until the script ends, and puts the beginning of its addresses into
// $REGISTRY: registry.
func startRegistry(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: registry")
	}
	server := httptest.NewServer(registry.New(registry.Logger(stdlog.New(io.Discard, "", 0))))
	ts.Defer(server.Close)
	ts.Setenv("REGISTRY", "oci://"+strings.TrimPrefix(server.URL, "http://"))
	ts.Setenv("DOCKER_CONFIG", ts.MkAbs("."))
}
