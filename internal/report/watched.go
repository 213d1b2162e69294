package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/gate"
	"github.com/posture-score/posture/internal/score"
)

// Watched is the page of an assessment of evidence that is watched: what changed since the one before.
type Watched struct {
	At         time.Time // of the change, in the zone in which people are told
	Files      []string  // that changed; at most 100 are told
	Assessment *engine.Assessment
	Since      *attribution.Attribution // since the assessment before; nil for the first one
	Gates      []gate.Verdict           // nil if there are none
}

// The events of a watch.
const (
	watchStarted = "start"  // the first assessment
	watchChanged = "change" // something is judged otherwise than before
	watchSame    = "same"   // files changed, and nothing else
)

func (page Watched) event() string {
	switch since := page.Since; {
	case since == nil:
		return watchStarted
	case since.Change.Zero() && len(since.Actions) == 0 && len(since.Causes) == 0:
		return watchSame
	}
	return watchChanged
}

// maxFiles is how many files an event names.
const maxFiles = 100

// watchLine is the JSON of an event.
type watchLine struct {
	SchemaVersion string                   `json:"schema_version"`
	Event         string                   `json:"event"`
	At            time.Time                `json:"at"`
	Files         []string                 `json:"files"`
	Tenant        engine.Tenant            `json:"tenant"`
	EvaluatedAt   time.Time                `json:"evaluated_at"`
	Score         watchScore               `json:"score"`
	Attribution   *attribution.Attribution `json:"attribution,omitempty"` // of a change
	Gates         []gate.Verdict           `json:"gates,omitempty"`
}

type watchScore struct {
	Achieved score.Points `json:"achieved"`
	Total    score.Points `json:"total"`
	Percent  score.Points `json:"percent"`
}

func (page Watched) document() any {
	a := page.Assessment
	line := watchLine{
		SchemaVersion: schemaVersion, Event: page.event(), At: page.At.UTC().Truncate(time.Second), Files: list(page.Files[:min(len(page.Files), maxFiles)]), Tenant: a.Tenant,
		EvaluatedAt: a.EvaluatedAt, Score: watchScore{a.Score.Achieved, a.Score.Total, a.Score.Percent}, Gates: page.Gates,
	}
	if line.Event == watchChanged {
		line.Attribution = page.Since
	}
	return line
}

// Line writes the event as a line of JSON.
func (page Watched) Line(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(page.document())
}

func (page Watched) table(p *printer) {
	a, at := page.Assessment, page.At.Format(time.TimeOnly)+"  "
	now := fmt.Sprintf("%s%%, %s of %s points", hundredths(a.Score.Percent), a.Score.Achieved, a.Score.Total)
	because := ""
	if len(page.Files) > 0 {
		because = " (" + strings.Join(page.Files[:min(len(page.Files), 3)], ", ")
		if more := len(page.Files) - 3; more > 0 {
			because += fmt.Sprintf(" and %d more", more)
		}
		because += ")"
	}
	switch page.event() {
	case watchStarted:
		p.printf("%s%s  %s\n", at, p.bold(clean(tenantName(a))), now)
	case watchSame:
		p.printf("%snothing changed: %s%s\n", at, now, clean(because))
	default:
		s := page.Since
		p.printf("%s%s  %s points, from %s%% to %s%s\n", at, p.bold(percentPoints(s.Change.Percent)+"%"), s.Change.Points, hundredths(s.Old.Percent), now, clean(because))
		for _, part := range s.Causes {
			p.printf("  %s  %s\n", padLeft(part.Points.String(), 7), p.faint(clean(causeName(part))))
		}
		seen := map[string]bool{}
		for _, c := range (Attribution{Attribution: s, All: true}).changes() {
			p.change(&c, seen)
		}
	}
}
