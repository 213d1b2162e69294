package main

import (
	"path/filepath"
	"runtime"
	"testing"
)

// TestGateBudget holds what a gate costs beside the assessment itself: reading and comparing with a baseline, and writing SARIF, JUnit and Markdown. It
// counts allocations, which are the same on any machine, idle or busy: 1.16 times as many, and 1.28 where the library validates the baseline.
func TestGateBudget(t *testing.T) {
	const most = 1.22
	tenant, dir := filepath.Join("..", "..", "testdata", "contoso"), t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	execute(t, []string{"assess", tenant, "--format", "json", "-o", file("base.json")}, 0)
	plain := allocationsOf(t, []string{"assess", tenant, "-o", file("table")}, 0)
	gate := allocationsOf(t, []string{
		"assess", tenant, "-o", file("table"), "--baseline", file("base.json"),
		"--report", "sarif=" + file("sarif"), "--report", "junit=" + file("junit"), "--report", "markdown=" + file("markdown"),
	}, exitGate)
	if ratio := float64(gate) / float64(plain); ratio > most {
		t.Errorf("a gate takes %.2f times the allocations of an assessment, and may take %.2f times", ratio, most)
	} else {
		t.Logf("%.2f times", ratio)
	}
}

// TestFormatBudget holds what formats cost beside the assessment itself, over the sample tenant. That does not grow with the tenant, as only some
// records are named, so that over a large one it is less. Pages for a browser and workbooks are left out: what they take is the same for any tenant.
func TestFormatBudget(t *testing.T) {
	const most = 1.1
	tenant, output := filepath.Join("..", "..", "testdata", "contoso"), filepath.Join(t.TempDir(), "output")
	plain := allocationsOf(t, []string{"assess", tenant, "--all", "-o", output}, 0)
	for _, format := range []string{"json", "ndjson", "csv", "markdown", "sarif", "junit", "github", "gitlab", "oscal", "ocsf", "openmetrics", "intoto", "graph"} {
		if ratio := float64(allocationsOf(t, []string{"assess", tenant, "--format", format, "-o", output}, 0)) / float64(plain); ratio > most {
			t.Errorf("%s: %.2f times the allocations of the whole table, and may %.2f times", format, ratio, most)
		} else {
			t.Logf("%s: %.2f times", format, ratio)
		}
	}
}

// allocationsOf counts what a command allocates: the lesser of two runs, since the first makes what is made once.
func allocationsOf(t *testing.T, args []string, code int) uint64 {
	t.Helper()
	least := uint64(0)
	for range 2 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		execute(t, args, code)
		runtime.ReadMemStats(&after)
		if used := after.Mallocs - before.Mallocs; least == 0 || used < least {
			least = used
		}
	}
	return least
}
