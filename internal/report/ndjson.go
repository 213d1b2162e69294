package report

import (
	"bufio"
	"encoding/json"
	"io"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/gate"
)

// The lines of NDJSON. Each has a type; the first is the header, and the failing records of an action follow it.
type (
	headerLine struct {
		Type          string         `json:"type"` // assessment
		SchemaVersion string         `json:"schema_version"`
		Tenant        engine.Tenant  `json:"tenant"`
		EvaluatedAt   time.Time      `json:"evaluated_at"`
		CollectedAt   time.Time      `json:"collected_at"`
		Evidence      string         `json:"evidence"` // digest
		Catalog       engine.Catalog `json:"catalog"`
		Engine        string         `json:"engine"` // version
		Score         engine.Score   `json:"score"`
		Findings      []string       `json:"findings"`
		Actions       int            `json:"actions"` // how many there are below
		Gates         int            `json:"gates"`   // how many there are below, before the actions
	}
	gateLine struct {
		Type string `json:"type"` // gate
		gate.Verdict
	}
	actionLine struct {
		Type string `json:"type"` // action
		*engine.Action
		Left    engine.Points `json:"left"`
		Failing *failingCount `json:"failing,omitempty"`
	}
	failingCount struct {
		Total int64 `json:"total"`
		Named int   `json:"named"` // on the lines that follow
	}
	failingLine struct {
		Type   string `json:"type"` // failing
		Action string `json:"action"`
		engine.Record
	}
)

// writeNDJSON writes an assessment as lines of JSON. It holds one line at a time.
func writeNDJSON(w io.Writer, page assessed, _ Style) error {
	return jsonLines(w, func(line func(any) error) error {
		p := page.assessed()
		a := p.Assessment
		if err := line(headerLine{
			Type: "assessment", SchemaVersion: schemaVersion, Tenant: a.Tenant, EvaluatedAt: a.EvaluatedAt, CollectedAt: a.Evidence.CollectedAt,
			Evidence: a.Evidence.Digest, Catalog: a.Catalog, Engine: a.Engine.Version, Score: a.Score, Findings: list(a.Findings), Actions: len(a.Actions), Gates: len(p.Gates),
		}); err != nil {
			return err
		}
		for _, v := range p.Gates {
			if err := line(gateLine{"gate", v}); err != nil {
				return err
			}
		}
		for i := range a.Actions {
			if err := actionLines(&a.Actions[i], line); err != nil {
				return err
			}
		}
		return nil
	})
}

// actionLines writes an action, and the records that fail it.
func actionLines(a *engine.Action, line func(any) error) error {
	l := actionLine{Type: "action", Action: a, Left: a.Left()}
	if a.Failing == nil {
		return line(l)
	}
	l.Failing = &failingCount{Total: a.Failing.Total, Named: len(a.Failing.Shown)}
	if err := line(l); err != nil {
		return err
	}
	for _, r := range a.Failing.Shown {
		if err := line(failingLine{"failing", a.ID, r}); err != nil {
			return err
		}
	}
	return nil
}

// jsonLines calls a function that writes values, each as a line of JSON without escaping for HTML.
func jsonLines(w io.Writer, write func(line func(any) error) error) error {
	buffer := bufio.NewWriterSize(w, 64<<10)
	enc := json.NewEncoder(buffer)
	enc.SetEscapeHTML(false)
	if err := write(enc.Encode); err != nil {
		return err
	}
	return buffer.Flush()
}

// list returns texts that are never null in JSON.
func list(texts []string) []string {
	if texts == nil {
		return []string{}
	}
	return texts
}
