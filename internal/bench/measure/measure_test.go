package measure_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/posture-score/posture/internal/bench/measure"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// TestMain lets the test be the program that is measured.
func TestMain(m *testing.M) {
	// With the race detector, every process ends with a nap: not those that the tests run.
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0"); err != nil {
		os.Exit(1)
	}
	switch os.Getenv("MEASURE_TEST") {
	case "fail":
		_, _ = os.Stderr.WriteString(strings.Repeat("x", 5000) + "\nno evidence\n")
		os.Exit(3)
	case "wait":
		time.Sleep(time.Minute)
	case "":
		os.Exit(m.Run())
	}
}

func itself(name string) measure.Process {
	return measure.Process{Name: name, Path: os.Args[0]}
}

func series(cpu ...float64) measure.Series {
	var s measure.Series
	for i, seconds := range cpu {
		s = append(s, measure.Usage{CPU: time.Duration(seconds * float64(time.Second)), RSS: int64(i+1) << 20})
	}
	return s
}

func TestSpread(t *testing.T) {
	tests := map[string]struct {
		cpu  []float64
		want measure.Spread
	}{
		"none": {nil, measure.Spread{}},
		"one":  {[]float64{2}, measure.Spread{Median: 2, Low: 2, High: 2}},
		"odd":  {[]float64{3, 1, 9}, measure.Spread{Median: 3, Low: 1, High: 9}},
		"even": {[]float64{4, 1, 9, 2}, measure.Spread{Median: 3, Low: 1, High: 9}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			expect.Equalf(t, test.want, series(test.cpu...).CPU(), "CPU")
		})
	}
	expect.Equalf(t, measure.Spread{Median: 2, Low: 1, High: 3}, series(0, 0, 0).RSS(), "RSS")
}

func TestRatio(t *testing.T) {
	tests := map[float64]string{0: "-", 1.0 / 40: "1/40", 1.0 / 29.84: "1/29.8", 0.5: "1/2", 0.999: "1.00x", 1: "1.00x", 2.666: "2.67x", 31: "31.00x"}
	for ratio, want := range tests {
		expect.Equalf(t, want, measure.Ratio(ratio), "Ratio(%v)", ratio)
	}
	if got := measure.Quotient(series(1, 3).CPU(), series(4).CPU()); got != 0.5 {
		t.Errorf("the quotient of medians is %v, want 0.5", got)
	}
	if got := measure.Quotient(series(1).CPU(), measure.Spread{}); got != 0 {
		t.Errorf("the quotient to nothing is %v, want 0", got)
	}
}

func TestBudget(t *testing.T) {
	for got, want := range map[float64]string{2.9: "met", 3: "met", 3.1: "missed"} {
		expect.Equalf(t, want, (measure.Budget{Limit: 3, Got: got}).Verdict(), "%v of 3", got)
	}
}

// TestRun holds that what a program costs is counted, and that one that fails is no measurement.
func TestRun(t *testing.T) {
	t.Setenv("MEASURE_TEST", "nothing")
	usage, err := itself("itself").Run(t.Context())
	if err != nil || usage.CPU <= 0 || usage.RSS < 1<<20 {
		t.Errorf("usage %+v, %v", usage, err)
	}
	t.Setenv("MEASURE_TEST", "fail")
	_, err = itself("itself").Run(t.Context())
	if err == nil || !strings.HasPrefix(err.Error(), "running itself: exit status 3\n  x") || !strings.HasSuffix(err.Error(), "x\n  no evidence") || len(err.Error()) > 2100 {
		t.Errorf("error %v", err)
	}
	if _, err := (measure.Process{Name: "nobody", Path: "/nobody"}).Run(t.Context()); err == nil {
		t.Error("a program that is not there is no error")
	}
}

// TestInterrupt holds that a program ends with the context.
func TestInterrupt(t *testing.T) {
	t.Setenv("MEASURE_TEST", "wait")
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	began := time.Now()
	if _, err := itself("itself").Run(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it ended after %v", took)
	}
}

func TestInterleave(t *testing.T) {
	t.Setenv("MEASURE_TEST", "nothing")
	var order []string
	found, err := measure.Interleave(t.Context(), 2, []measure.Process{itself("a"), itself("b")}, func(turn int, process string) {
		order = append(order, string(rune('0'+turn))+process)
	})
	if err != nil || len(found) != 2 || len(found[0]) != 2 || len(found[1]) != 2 {
		t.Errorf("found %v, %v", found, err)
	}
	expect.Equalf(t, []string{"1a", "1b", "2a", "2b"}, order, "order")
	t.Setenv("MEASURE_TEST", "fail")
	if _, err := measure.Interleave(t.Context(), 1, []measure.Process{itself("a")}, func(int, string) {}); err == nil {
		t.Error("a program that fails is no error")
	}
}

func TestReport(t *testing.T) {
	report := measure.Report{
		Head: []string{"How it was measured."},
		Sections: []measure.Section{
			{Title: "100 users", Columns: []string{"CPU to opa", "memory to opa"}, Rows: []measure.Row{
				{Name: "posture", Series: series(0.25, 0.5, 0.3), Ratios: []string{"1/30", "1/20.5"}},
				{Name: "opa eval", Series: series(9, 9, 12.345), Ratios: []string{"1.00x", "1.00x"}},
			}},
			{Title: "Start", Rows: []measure.Row{{Name: "posture", Series: series(0.2)}}},
		},
		Budgets: []measure.Budget{
			{What: "CPU to opa", Limit: 1.0 / 40, Got: 1.0 / 30, Show: measure.Ratio},
			{What: "memory", Limit: 10, Got: -2, Show: measure.MiB},
			{What: "CPU of the start", Limit: 0.3, Got: 0.2, Show: measure.Milliseconds},
		},
	}
	var got strings.Builder
	must.Do(t, report.Write(&got))
	want := `How it was measured.

100 users    CPU s                  peak RSS MiB   CPU to opa   memory to opa
  posture    0.30 (0.25 to 0.50)    2 (1 to 3)     1/30         1/20.5
  opa eval   9.00 (9.00 to 12.35)   2 (1 to 3)     1.00x        1.00x

Start       CPU s                 peak RSS MiB
  posture   0.20 (0.20 to 0.20)   1 (1 to 1)

Budgets              at most   measured   verdict
  CPU to opa         1/40      1/30       missed
  memory             10 MiB    -2 MiB     met
  CPU of the start   300 ms    200 ms     met
`
	expect.Equalf(t, want, got.String(), "report")
	if err := report.Write(broken{}); !errors.Is(err, errBroken) {
		t.Errorf("a writer that fails: %v", err)
	}
}

var errBroken = errors.New("broken")

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errBroken }

func TestExponent(t *testing.T) {
	for name, test := range map[string]struct {
		costs []float64
		want  string
	}{
		"as the size":        {[]float64{1.1, 2.1, 4.1, 8.1}, "1.00"},
		"as its square":      {[]float64{1.1, 4.1, 16.1, 64.1}, "2.00"},
		"between":            {[]float64{1.1, 2.1, 5.1, 13.1}, "1.24"},
		"constant":           {[]float64{1.1, 1.1, 1.1, 1.1}, "-"},
		"too small at first": {[]float64{.105, .101, 4.1, 8.1}, "1.00"},
		"too small":          {[]float64{.105, .1, .099, .1}, "-"},
	} {
		g := measure.Growth{Sizes: []int{10, 20, 40, 80}, Start: series(.1, .2), Most: 1.15}
		for _, cost := range test.costs {
			g.Series = append(g.Series, series(cost+.5, cost))
		}
		b := g.Budget()
		expect.Equalf(t, test.want, b.Show(b.Got), "exponent of costs %s", name)
		expect.Equalf(t, b.Got <= 1.15, b.Met(), "verdict of costs %s", name)
	}
}

func TestExit(t *testing.T) {
	t.Setenv("MEASURE_TEST", "fail")
	process := itself("posture")
	process.Exit = 3
	if _, err := process.Run(t.Context()); err != nil {
		t.Errorf("the exit code that is expected: %v", err)
	}
	process.Exit = 4
	if _, err := process.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("another exit code: %v", err)
	}
}
