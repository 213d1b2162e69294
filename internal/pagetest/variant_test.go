package pagetest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/snapshot"
	"github.com/posture-score/posture/internal/trend"
)

// hostileTexts are names that somebody gave to things of theirs, to see what the page makes of them.
func hostileTexts() []string {
	return []string{
		`<script>window.hostile = "script"</script>`,
		`"><img src="x" onerror="window.hostile = 'image'">`,
		"annual\u202egnp.exe\u2066 report",
		strings.Repeat("W", 500),
		`' onfocus='window.hostile="focus"' autofocus='{{.Title}}${1}javascript:window.hostile="link"`,
		`</title></style></script></textarea><svg onload="window.hostile='svg'">`,
		"=HYPERLINK(\"https://example.org\")",
	}
}

// hostile returns a tenant in which everything that somebody else names has one of these names.
func hostile(t testing.TB, s *snapshot.Snapshot) *snapshot.Snapshot {
	t.Helper()
	h, n := *s, 0
	next := func() string {
		n++
		return hostileTexts()[n%len(hostileTexts())]
	}
	foreign := map[string]bool{
		"title": true, "name": true, "label": true, "key": true, "reason": true, "owner": true, "approved_by": true, "ticket": true,
		"author": true, "text": true, "changed_by": true, "reasons": true, "tags": true, "warnings": true,
	}
	var rename func(key string, value any) any
	rename = func(key string, value any) any {
		switch v := value.(type) {
		case map[string]any:
			for key, inner := range v {
				v[key] = rename(key, inner)
			}
		case []any:
			for i, inner := range v {
				v[i] = rename(key, inner)
			}
		case string:
			if foreign[key] {
				return next()
			}
		}
		return value
	}
	h.Assessment = renamed(t, s.Assessment, rename)
	for i := range h.Assessment.Evidence.Datasets { // names of ours
		h.Assessment.Evidence.Datasets[i].Name = s.Assessment.Evidence.Datasets[i].Name
	}
	h.Tenant.Name = hostileTexts()[0]
	said := *s.Settings
	said.Organization.Name = hostileTexts()[0]
	h.Settings = &said
	h.Since = renamed(t, s.Since, rename)
	past := *s.Past
	past.Changes = nil
	for _, change := range s.Past.Changes {
		change.Attribution = renamed(t, change.Attribution, rename)
		past.Changes = append(past.Changes, change)
	}
	h.Past = &past
	h.Register.Decisions = map[string]engine.Decision{}
	for id, d := range s.Register.Decisions {
		d = *renamed(t, &d, rename)
		d.Owner, d.Reason, d.Tags = next(), next(), []string{next(), next()}
		d.Notes = append(d.Notes, engine.Note{Time: s.Now, Author: next(), Text: next()})
		h.Register.Decisions[id] = d
	}
	for i := range h.Assessment.Actions {
		a := &h.Assessment.Actions[i]
		if d, ok := h.Register.Decisions[a.ID]; ok {
			a.Decision = &d
		}
	}
	return &h
}

// renamed returns a copy with other texts.
func renamed[V any](t testing.TB, value *V, rename func(string, any) any) *V {
	t.Helper()
	if value == nil {
		return nil
	}
	var tree any
	decoder := json.NewDecoder(bytes.NewReader(must.Get(json.Marshal(value))(t)))
	decoder.UseNumber()
	must.Do(t, decoder.Decode(&tree))
	var copied V
	must.Do(t, json.Unmarshal(must.Get(json.Marshal(rename("", tree)))(t), &copied))
	return &copied
}

// large returns a tenant with so many actions and entries of history: the same changes, with entries between them that change nothing.
func large(s *snapshot.Snapshot, actions, entries int) *snapshot.Snapshot {
	l := *s
	a := *s.Assessment
	a.Actions = nil
	for i := range actions {
		action := s.Assessment.Actions[i%len(s.Assessment.Actions)]
		if i >= len(s.Assessment.Actions) {
			action.ID = fmt.Sprintf("%s-%d", action.ID, i)
			action.Title = fmt.Sprintf("%s (%d)", action.Title, i)
		}
		action.Rank = i + 1
		a.Actions = append(a.Actions, action)
	}
	l.Assessment = &a
	past := snapshot.Past{}
	var moments []trend.Moment
	for i := range entries {
		entry := s.Past.Entries[i*len(s.Past.Entries)/entries]
		entry.ID = int64(i + 1)
		entry.EvaluatedAt = s.Assessment.EvaluatedAt.Add(-time.Duration(entries-1-i) * 24 * time.Hour)
		past.Entries = append(past.Entries, entry)
		moment := trend.Moment{At: entry.EvaluatedAt, Score: entry.Score, Parts: []attribution.Part{}}
		if i > 0 {
			before, now := (i-1)*len(s.Past.Entries)/entries, i*len(s.Past.Entries)/entries
			change := history.Change{Before: int64(i), After: entry, Attribution: &attribution.Attribution{
				Old: s.Past.Changes[max(now, 1)-1].Attribution.New, New: s.Past.Changes[max(now, 1)-1].Attribution.New,
				Causes: []attribution.Part{}, Actions: []attribution.Change{}, Incomparable: []attribution.Incomparably{}, Notes: []string{},
			}}
			if now != before {
				change.Attribution = s.Past.Changes[before].Attribution
			}
			past.Changes = append(past.Changes, change)
			moment.Parts = trend.Parts(change.Attribution)
		}
		moments = append(moments, moment)
	}
	past.Trend = trend.New(l.Tenant, moments, trend.Options{Zones: s.Settings.Zones, Goal: s.Settings.Goal})
	l.Past = &past
	return &l
}
