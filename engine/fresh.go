package engine

import (
	"bytes"
	"fmt"
	"time"

	"github.com/posture-score/posture/engine/catalog"
)

// Invariant: a record is left out as stale only if it says that it was last seen too long ago. One that does not say when, or that was seen
// after the time of the assessment, counts. So does one that says so in words that nobody understands: leaving it out could raise the score.
// It may be stale, so it never complies.

// freshness says which records of a population are too old to count for a control.
type freshness struct {
	slot  int
	since time.Time
}

func (p *population) freshness(control *catalog.Control) *freshness {
	fresh := control.Coverage.Fresh
	if fresh == nil {
		return nil
	}
	age := time.Duration(control.FreshDays() * float64(24*time.Hour))
	return &freshness{slot: p.slot(fresh.Field, nil), since: p.run.settings.Now.Add(-age)}
}

// moment is a date and time as a field last had it. The records of one device follow each other, and have the same.
type moment struct {
	text  []byte
	at    time.Time
	known bool
}

// undated is the verdict on a record that would comply if anybody knew that it is not stale.
var undated = &verdict{open: true, reasons: []string{"the record says when it was last seen in a form that can't be read"}}

// stale says whether the record at hand is too old to count.
func (r *reader) stale(f *freshness) bool {
	m := r.moment(f)
	return m.known && m.at.Before(f.since)
}

// unclear says whether the record at hand says when it was last seen, and nobody understands it.
func (r *reader) unclear(f *freshness) bool {
	m := r.moment(f)
	said := len(m.text) > 0 && !bytes.Equal(m.text, []byte("null")) && !bytes.Equal(m.text, []byte(`""`))
	return said && !m.known
}

// moment reads the field of the record at hand.
func (r *reader) moment(f *freshness) *moment {
	m, json := &r.moments[f.slot], r.record.Slot(f.slot)
	if !bytes.Equal(json, m.text) {
		m.text = append(m.text[:0], json...)
		m.at, m.known = momentOf(json)
	}
	return m
}

// momentOf reads a date and time: as RFC 3339 writes it or as Microsoft's exports do, without a zone, in UTC.
func momentOf(json []byte) (time.Time, bool) {
	var buffer []byte
	text, ok := unquoted(json, &buffer)
	if !ok {
		return time.Time{}, false
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateTime} {
		if at, err := time.Parse(layout, string(text)); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// tellStale says how many records were left out as too old.
func (t *task) tellStale() string {
	days, records := t.control.FreshDays(), "records are"
	if t.total.stale == 1 {
		records = "record is"
	}
	return fmt.Sprintf("%d %s left out: not seen for more than %v days", t.total.stale, records, days)
}
