package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/posture-score/posture/internal/bench/measure"
	"github.com/posture-score/posture/internal/bench/rules"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// TestMain lets the test be the program, since that runs itself.
func TestMain(m *testing.M) {
	switch os.Getenv("BENCH_TEST") {
	case "":
	case "idle": // a program that does nothing
		os.Exit(0)
	default:
		main()
	}
	os.Exit(m.Run())
}

// do runs a command line in this process.
func do(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, diagnostics bytes.Buffer
	code = execute(t.Context(), args, &out, &diagnostics)
	return out.String(), diagnostics.String(), code
}

func TestHelp(t *testing.T) {
	stdout, _, code := do(t, "--help")
	if code != exitFine {
		t.Errorf("exit code %d", code)
	}
	for _, c := range commands() {
		if !strings.Contains(stdout, "\nbench "+c.name) || !strings.Contains(stdout, "  Example: "+c.example+"\n") || !strings.HasPrefix(c.example, "bench "+c.name) {
			t.Errorf("the help does not show %s with an example", c.name)
		}
		if _, stderr, code := do(t, c.name, "--help"); code != exitFine || !strings.Contains(stderr, c.example) {
			t.Errorf("%s --help: exit code %d, %q", c.name, code, stderr)
		}
	}
}

func TestMistakes(t *testing.T) {
	tests := map[string]struct {
		args []string
		code int
		want string
	}{
		"no such command": {[]string{"walk"}, exitUsage, `bench: there is no command "walk"; see bench help`},
		"no such flag":    {[]string{"floor", "--fast"}, exitUsage, "flag provided but not defined: -fast"},
		"no bundle":       {[]string{"floor"}, exitUsage, "bench floor: want 1 arguments after the flags, got 0"},
		"neither":         {[]string{"assess", "--memo=maybe", "x"}, exitUsage, `"maybe" is neither on nor off`},
		"no evidence":     {[]string{"floor", "/nowhere"}, exitFailure, "bench floor: /nowhere"},
		"nobody":          {[]string{"generate", "--users", "0", "x"}, exitFailure, "--users has to be at least 2"},
		"no runs":         {[]string{"run", "--runs", "0"}, exitFailure, "--runs has to be at least 1"},
		"no tenant":       {[]string{"run", "--users", "1"}, exitFailure, "--users has to be at least 2"},
		"no catalog":      {[]string{"run", "--catalog-users", "1"}, exitFailure, "--catalog-users has to be at least 2, or 0"},
		"no tenants":      {[]string{"run", "--tenants", "9"}, exitFailure, "--tenants has to be at least 10, or 0"},
		"no stream":       {[]string{"run", "--users", "10", "--stream", "10"}, exitFailure, "--stream has to be more than --users, or 0"},
		"no pattern":      {[]string{"growth", "--only", "("}, exitFailure, "--only: error parsing regexp"},
		"no division":     {[]string{"growth", "--divisor", "0"}, exitFailure, "--runs and --divisor have to be at least 1"},
		"not larger":      {[]string{"run", "--users", "10", "--large", "10"}, exitFailure, "--large has to be more than --users, or 0"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, stderr, code := do(t, test.args...)
			if code != test.code || !strings.Contains(stderr, test.want) {
				t.Errorf("exit code %d and %q, want %d and %q", code, stderr, test.code, test.want)
			}
		})
	}
}

// TestMeasured runs what is measured over one small tenant.
func TestMeasured(t *testing.T) {
	dir := t.TempDir()
	stdout, stderr, code := do(t, "generate", "--users", "40", "--document", dir)
	if code != exitFine {
		t.Fatalf("generate: exit code %d, %q", code, stderr)
	}
	made := strings.TrimSpace(stdout)
	before := modified(t, filepath.Join(made, "document.json"))
	if _, stderr, code = do(t, "generate", "--users", "40", "--document", dir); code != exitFine || !modified(t, filepath.Join(made, "document.json")).Equal(before) {
		t.Errorf("evidence that is there is written again: exit code %d, %q", code, stderr)
	}
	entries, err := os.ReadDir(made)
	if err != nil || len(entries) != 2 {
		t.Errorf("written: %v, %v", entries, err)
	}
	bundle := filepath.Join(made, "bundle")
	stdout, stderr, code = do(t, "assess", bundle)
	if code != exitFine || stderr != "" || strings.Count(stdout, "\n") != 50 || !regexp.MustCompile(`(?m)^UsersNameForm +40 in scope +0 failing$`).MatchString(stdout) {
		t.Errorf("assess: exit code %d, %q, %s", code, stderr, stdout)
	}
	if without, _, code := do(t, "assess", "--memo=off", "--workers=1", bundle); code != exitFine || without != stdout {
		t.Errorf("assess without memo: exit code %d, %s", code, without)
	}
	stdout, stderr, code = do(t, "floor", bundle)
	if code != exitFine || !strings.Contains(stdout, "bench.users: 40 records, ") || !strings.Contains(stdout, "bench.devices: 20 records, ") {
		t.Errorf("floor: exit code %d, %q, %s", code, stderr, stdout)
	}
}

// TestBuiltin holds that the floor reads what an assessment with the built-in catalog does.
func TestBuiltin(t *testing.T) {
	stdout, stderr, code := do(t, "tenant", "--users", "20", t.TempDir())
	if code != exitFine {
		t.Fatalf("tenant: exit code %d, %q", code, stderr)
	}
	bundle := strings.TrimSpace(stdout)
	tests := map[string]struct {
		args []string
		want string
	}{
		"assess":  {[]string{"builtin", bundle}, `^\S+ of \d+ points\n$`},
		"no memo": {[]string{"builtin", "--memo=off", bundle}, `^\S+ of \d+ points\n$`},
		"floor":   {[]string{"builtin", "--floor", bundle}, `^\d{4} records, \d{5,} bytes taken out\n$`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			stdout, stderr, code := do(t, test.args...)
			if code != exitFine || stderr != "" || !regexp.MustCompile(test.want).MatchString(stdout) {
				t.Errorf("exit code %d, %q, %s", code, stderr, stdout)
			}
		})
	}
}

// TestTenants runs what is measured over small tenants.
func TestTenants(t *testing.T) {
	dir := t.TempDir()
	for _, args := range [][]string{{"tenants", "--count=1", dir}, {"tenants", "--floor", "--count=1", dir}} {
		stdout, stderr, code := do(t, args...)
		if code != exitFine || !regexp.MustCompile(`^1 tenants of 60 people: [\d,]+ allocations each\n$`).MatchString(stdout) {
			t.Errorf("%v: exit code %d, %q, %q", args, code, stdout, stderr)
		}
	}
	if _, stderr, code := do(t, "tenants", "--count=0", dir); code != exitFailure || !strings.Contains(stderr, "--count has to be at least 1") {
		t.Errorf("no tenants: exit code %d, %q", code, stderr)
	}
}

func modified(t *testing.T, path string) time.Time {
	t.Helper()
	info := must.Get(os.Stat(path))(t)
	return info.ModTime()
}

// TestRun measures the program itself, without peers.
func TestRun(t *testing.T) {
	t.Setenv("BENCH_TEST", "1")
	t.Setenv("GORACE", "atexit_sleep_ms=0") // with the race detector, every process ends with a nap
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	stdout, stderr, code := do(t, "run", "--users=40", "--large=80", "--stream=120", "--catalog-users=20", "--directory=30", "--runs=1", "--tenants=0", "--growth=false", "--peers=false", "--cache", temp)
	if code != exitFine || stderr != "" {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	for _, want := range []string{
		`\n50 rules over 40 users and 20 devices, 0 MB +CPU s +peak RSS MiB +CPU to opa +memory to opa +CPU to floor\n  floor +0\.\d+ \(0\.\d+ to 0\.\d+\) +\d+ \(\d+ to \d+\) +- +- +1\.00x\n  posture +`,
		`\n20 rules over 40 users and 20 devices that differ, 0 MB .*\n  floor .*\n  posture .*\n  posture, memo off `,
		`\n80 users and 40 devices, 0 MB .*\n  floor .*\n  posture .* [+-]\d+ MiB .*\n  posture, memo off `,
		`\n120 users and 60 devices, compressed, one run .* CPU to floor +records for each CPU second\n  floor .*\n  posture .*x +[\d,]+\n`,
		`\nThe built-in catalog .*\n  posture, start `,
		`\nThe built-in catalog, 20 users and 10 devices, 1 MB +CPU s +peak RSS MiB +CPU to floor\n  floor .* 1\.00x\n  posture .*x\n  posture, archive .*x\n`,
		`\n  CPU of the built-in catalog, to its floor +2\.00x `,
		`\n  CPU of a \.tar\.zst archive, to the folder +1\.15x `,
		`\nA directory of 30 users, 0 MB +CPU s +peak RSS MiB +CPU to floor\n  floor .* 1\.00x\n  posture .*x\n`,
		`\n  CPU of the directory, to its floor +2\.50x `,
		`\n  memory of the directory +150 MiB `,
		`\nThe built-in catalog and one more control .*\n  posture, start with one more control `,
		`\n  50 rules: CPU, to the floor +2\.00x +\S+ +(met|missed)\n`,
		`\n  CPU of the larger tenant, to the smaller +2\.10x `,
	} {
		if !regexp.MustCompile(want).MatchString(stdout) {
			t.Errorf("the table does not match %s:\n%s", want, stdout)
		}
	}
	if entries, err := os.ReadDir(temp); err != nil || len(entries) > 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// TestGrowth measures a program that does nothing over inputs of one dimension.
func TestGrowth(t *testing.T) {
	t.Setenv("BENCH_TEST", "idle")
	t.Setenv("GORACE", "atexit_sleep_ms=0")
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	stdout, stderr, code := do(t, "growth", "--runs=1", "--divisor=1000", "--only=^(records|controls, planned)$", "--posture", must.Get(os.Executable())(t))
	if code != exitFine || stderr != "" {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	const rest = ` +\d+\.\d\d:( \d+\.\d\d){4} +\d+ +\S+ +1\.15 +(met|missed)\n`
	if !regexp.MustCompile(`\nGrowth, by what .*\n  records +200` + rest + `  controls, planned +16` + rest).MatchString(stdout) {
		t.Errorf("the table is %s", stdout)
	}
	if entries, err := os.ReadDir(temp); err != nil || len(entries) > 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// TestBudgets holds the arithmetic from measurements to verdicts.
func TestBudgets(t *testing.T) {
	measured := func(cpu map[string]float64) measured {
		var m measured
		for name, seconds := range cpu {
			m.processes = append(m.processes, measure.Process{Name: name})
			m.series = append(m.series, measure.Series{{CPU: time.Duration(seconds * float64(time.Second)), RSS: int64(seconds * 100 * (1 << 20))}})
		}
		return m
	}
	small := measured(map[string]float64{nameFloor: 0.2, namePosture: 0.4, nameOPA: 20})
	large := measured(map[string]float64{nameFloor: 2, namePosture: 4.4, nameMemoOff: 11})
	budgets := append(comparisonBudgets(small, rules.Alike), growthBudgets(large, small, 10)...)
	budgets = append(budgets, comparisonBudgets(small, rules.Distinct)...)
	budgets = append(budgets, additionalBudget(measured(map[string]float64{nameAdditional: 0.04})))
	tenants := tenantCosts{measured(map[string]float64{nameFloorFew: 1, nameTenantsFloor: 10, nameTenantsFew: 2.1, nameTenants: 20.1}), 900}
	budgets = append(budgets, tenants.budgets()...)
	budgets = append(budgets, startBudget(measured(map[string]float64{nameStart: 0.25})))
	budgets = append(budgets, builtinBudgets(measured(map[string]float64{namePosture: 3, nameFloor: 2, nameArchive: 3.6}))...)
	budgets = append(budgets, directoryBudgets(measured(map[string]float64{namePosture: 1.4, nameFloor: 0.7}))...)
	budgets = append(budgets, scubaBudgets(measured(map[string]float64{namePosture: 0.3, nameTrivial: 0.2}))...)
	var got []string
	for _, b := range budgets {
		got = append(got, strings.Join([]string{b.What, b.Show(b.Limit), b.Show(b.Got), b.Verdict()}, ": "))
	}
	want := []string{
		"50 rules: CPU, to opa eval: 1/45: 1/50: met",
		"50 rules: memory, to opa eval: 1/20: 1/50: met",
		"50 rules: CPU, to the floor: 2.00x: 2.00x: met",
		"CPU of the larger tenant, to the smaller: 10.50x: 11.00x: missed",
		"memory of the larger tenant, over the smaller: 10 MiB: 400 MiB: missed",
		"CPU of the larger tenant without memo, to that with: 4.00x: 2.50x: met",
		"20 rules: CPU, to opa eval: 1/45: 1/50: met",
		"20 rules: memory, to opa eval: 1/20: 1/50: met",
		"20 rules: CPU, to the floor: 2.30x: 2.00x: met",
		"CPU until one more control is ready, too: 50 ms: 40 ms: met",
		"CPU of one small tenant: 20.0 ms: 20.0 ms: met",
		"CPU of one small tenant, to its floor: 2.00x: 2.00x: met",
		"memory of ten times as many small tenants, over a tenth of them: 10 MiB: 1800 MiB: missed",
		"CPU until the built-in catalog is ready: 300 ms: 250 ms: met",
		"CPU of the built-in catalog, to its floor: 2.00x: 1.50x: met",
		"CPU of a .tar.zst archive, to the folder: 1.15x: 1.20x: missed",
		"CPU of the directory, to its floor: 2.50x: 2.00x: met",
		"memory of the directory: 150 MiB: 140 MiB: met",
		"CPU of the ScubaGear export, to opa eval of one trivial rule: 1.00x: 1.50x: missed",
	}
	expect.Equalf(t, want, got, "budgets")
	expect.Equalf(t, []string{"1/50", "1/50", "2.00x"}, comparison(small, small.of(namePosture)), "comparison")
	expect.Equalf(t, []string{"11.00x", "+400 MiB", "2.20x"}, enlargement(large, large.of(namePosture), small.of(namePosture)), "growth")
}

func TestThousands(t *testing.T) {
	for n, want := range map[int]string{2: "2", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		expect.Equalf(t, want, thousands(n), "thousands(%d)", n)
	}
}
