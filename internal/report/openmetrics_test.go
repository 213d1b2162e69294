package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// parser is Prometheus's.
func parser() *expfmt.TextParser {
	p := expfmt.NewTextParser(model.UTF8Validation)
	return &p
}

func TestOpenMetrics(t *testing.T) {
	for name, page := range pages(t) {
		text := rendered(t, page, "openmetrics")
		if !strings.HasSuffix(text, "\n# EOF\n") || strings.Count(text, "\n# EOF\n") != 1 {
			t.Errorf("%s: it does not end once", name)
		}
		read := must.Get(parser().TextToMetricFamilies(strings.NewReader(text)))(t)
		expect.Equalf(t, page.Score.Achieved.Float(), read["posture_score_points"].Metric[0].GetGauge().GetValue(), "%s: points", name)
		expect.Equalf(t, page.Score.Percent.Float()/100, read["posture_score_ratio"].Metric[0].GetGauge().GetValue(), "%s: ratio", name)
		if len(page.Actions) > 0 {
			expect.Equalf(t, len(page.Actions), len(read["posture_action_info"].Metric), "%s: actions", name)
		}
	}
}

// FuzzLabel reads labels back as they were, but for what is not printed.
func FuzzLabel(f *testing.F) {
	for _, text := range []string{"", evil, `\n`, `"`, "\\", "\n", "\xff\"", "é\u2028"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var out bytes.Buffer
		m := newMetrics(&out)
		m.family("x", "X.")
		m.sample("x", "1", label{"name", text})
		must.Do(t, m.w.Flush())
		read := must.Get(parser().TextToMetricFamilies(&out))(t)["x"].Metric
		if len(read) != 1 || len(read[0].Label) != 1 || read[0].Label[0].GetValue() != clean(strings.ToValidUTF8(text, "\ufffd")) {
			t.Errorf("%q is read as %v", text, read)
		}
	})
}

func TestRatio(t *testing.T) {
	for percent, want := range map[engine.Points]string{0: "0.0000", 1: "0.0001", 6172: "0.6172", 100_00: "1.0000"} {
		expect.Equal(t, want, ratio(percent))
	}
}
