package report

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/gate"
	"github.com/posture-score/posture/internal/score"
)

// metrics writes families of gauges in the text format of OpenMetrics 1.0, in which Prometheus reads them, too. It keeps the first error.
type metrics struct {
	w       *bufio.Writer
	escaped *strings.Replacer // what would end a label
	err     error
}

func newMetrics(w io.Writer) *metrics {
	return &metrics{w: bufio.NewWriter(w), escaped: strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)}
}

// label is a label of a sample.
type label struct{ name, value string }

func (m *metrics) family(name, help string) {
	m.printf("# TYPE %s gauge\n# HELP %s %s\n", name, name, help)
}

func (m *metrics) sample(name, value string, labels ...label) {
	pairs := make([]string, len(labels))
	for i, l := range labels {
		pairs[i] = l.name + `="` + m.labelValue(l.value) + `"`
	}
	m.printf("%s{%s} %s\n", name, strings.Join(pairs, ","), value)
}

func (m *metrics) printf(format string, args ...any) {
	if m.err == nil {
		_, m.err = fmt.Fprintf(m.w, format, args...)
	}
}

// labelValue escapes what would end a label. Characters that steer a terminal, and what is no UTF-8, become visible.
func (m *metrics) labelValue(text string) string {
	return m.escaped.Replace(clean(strings.ToValidUTF8(text, string(utf8.RuneError))))
}

// writeOpenMetrics writes an assessment as metrics. There is a time series for each action, and none for records, so that their number
// depends on the catalog alone.
func writeOpenMetrics(w io.Writer, page assessed, _ Style) error {
	p := page.assessed()
	m := newMetrics(w)
	tenant := label{"tenant", p.Tenant.ID}
	m.score(p, tenant)
	m.groups(p.Score, tenant)
	m.gates(p.Gates, tenant)
	m.actions(p.Actions, tenant)
	m.printf("# EOF\n")
	if m.err != nil {
		return m.err
	}
	return m.w.Flush()
}

func (m *metrics) score(p Assessment, tenant label) {
	for _, f := range []struct {
		name, help string
		value      string
	}{
		{"posture_score_ratio", "Points achieved of the total, from 0 to 1.", ratio(p.Score.Percent)},
		{"posture_score_points", "Points achieved.", p.Score.Achieved.String()},
		{"posture_score_max_points", "Points that could be achieved.", p.Score.Total.String()},
		{"posture_score_assessed_points", "The part of the total for which the evidence was sufficient.", p.Score.AssessedTotal.String()},
		{"posture_score_planned_points", "Points with all planned actions done.", p.Score.Planned.Points.String()},
		{"posture_score_licensed_points", "Points with everything done that the current licenses allow.", p.Score.CurrentLicense.Points.String()},
		{"posture_score_achievable_points", "The same without the actions whose risk was accepted.", p.Score.Achievable.Points.String()},
		{"posture_evidence_collected_timestamp_seconds", "When the evidence was collected.", strconv.FormatInt(p.Evidence.CollectedAt.Unix(), 10)},
		{"posture_evaluated_timestamp_seconds", "As of when the assessment was made.", strconv.FormatInt(p.EvaluatedAt.Unix(), 10)},
	} {
		m.family(f.name, f.help)
		m.sample(f.name, f.value, tenant)
	}
	m.family("posture_build_info", "What made the assessment.")
	m.sample("posture_build_info", "1", tenant, label{"tenant_name", p.Tenant.Name}, label{"engine", p.Engine.Version}, label{"catalog", p.Catalog.Version}, label{"catalog_digest", p.Catalog.Digest})
}

// ratio returns a percentage, in hundredths, as a number from 0 to 1.
func ratio(percent score.Points) string {
	return fmt.Sprintf("%d.%04d", percent/score.Full, percent%score.Full)
}

func (m *metrics) groups(s engine.Score, tenant label) {
	m.family("posture_category_points", "Points achieved in a category.")
	for _, c := range s.Categories {
		m.sample("posture_category_points", c.Achieved.String(), tenant, label{"category", c.Category})
	}
	m.family("posture_category_max_points", "Points that could be achieved in a category.")
	for _, c := range s.Categories {
		m.sample("posture_category_max_points", c.Total.String(), tenant, label{"category", c.Category})
	}
	m.family("posture_product_points", "Points achieved in a product.")
	for _, p := range s.Products {
		m.sample("posture_product_points", p.Achieved.String(), tenant, label{"product", p.Product})
	}
	m.family("posture_product_max_points", "Points that could be achieved in a product.")
	for _, p := range s.Products {
		m.sample("posture_product_max_points", p.Total.String(), tenant, label{"product", p.Product})
	}
}

// gates writes whether gates are met. A gate that can't be judged is not met; its result tells the two apart.
func (m *metrics) gates(verdicts []gate.Verdict, tenant label) {
	if len(verdicts) == 0 {
		return
	}
	m.family("posture_gate_met", "Whether a gate is met: 1, or 0 if it is not, or can't be judged.")
	for _, v := range verdicts {
		value := "1"
		if v.Result.Fails() {
			value = "0"
		}
		m.sample("posture_gate_met", value, tenant, label{"gate", v.Name()})
	}
	m.family("posture_gate_info", "Result of a gate, and whether it is enforced.")
	for _, v := range verdicts {
		m.sample("posture_gate_info", "1", tenant, label{"gate", v.Name()}, label{"result", string(v.Result)}, label{"enforced", strconv.FormatBool(v.Enforced)})
	}
}

func (m *metrics) actions(list []engine.Action, tenant label) {
	m.family("posture_action_points", "Points that an action earns.")
	for i := range list {
		m.sample("posture_action_points", list[i].Points.Achieved.String(), tenant, label{"action", list[i].ID})
	}
	m.family("posture_action_max_points", "Points that an action could earn; none if it does not count.")
	for i := range list {
		if list[i].Counts() {
			m.sample("posture_action_max_points", list[i].Points.Max.String(), tenant, label{"action", list[i].ID})
		}
	}
	m.family("posture_action_info", "Outcome and status of an action.")
	for i := range list {
		a := &list[i]
		m.sample("posture_action_info", "1", tenant, label{"action", a.ID}, label{"title", a.Title}, label{"category", a.Category}, label{"product", a.Product},
			label{"outcome", string(a.Outcome)}, label{"status", string(a.Status)}, label{"stage", a.Stage.String()})
	}
	m.family("posture_action_failing_records", "Records that fail an action.")
	for i := range list {
		if f := list[i].Failing; f != nil {
			m.sample("posture_action_failing_records", strconv.FormatInt(f.Total, 10), tenant, label{"action", list[i].ID})
		}
	}
}
