package actions

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/posture-score/posture/engine"
)

// Task is an action as a task of a planner or a tracker.
type Task struct {
	Key    string `json:"key"` // is the same each time, so that whoever creates tasks finds those that exist: [posture:7d3f0a1b:AdminMFAV2]
	Title  string `json:"title"`
	Bucket string `json:"bucket"`          // product
	Due    string `json:"due,omitempty"`   // date; empty for none
	Owner  string `json:"owner,omitempty"` // empty for none
	Notes  string `json:"notes"`           // lines
}

// tenantDigits is how much of a tenant's id a key has.
const tenantDigits = 8

// Key returns the key of the task of an action.
func Key(tenant, id string) string {
	return fmt.Sprintf("[posture:%s:%s]", clip(tenant, tenantDigits), id)
}

// TaskOf returns the task of an action. Lines are added to its notes.
func TaskOf(a *engine.Assessment, action *engine.Action, lines ...string) Task {
	t := Task{Key: Key(a.Tenant.ID, action.ID), Title: action.Title, Bucket: action.Product}
	if d := action.Decision; d != nil {
		t.Owner = d.Owner
		if d.Due != nil {
			t.Due = d.Due.UTC().Format(time.DateOnly)
		}
	}
	notes := []string{
		t.Key, fmt.Sprintf("Tenant: %s", cmp.Or(a.Tenant.Name, a.Tenant.ID)),
		fmt.Sprintf("Points: %s of %s, as of %s", action.Points.Achieved, action.Points.Max, a.EvaluatedAt.UTC().Format(time.DateOnly)),
	}
	if f := action.Failing; f != nil && f.Total > 0 {
		notes = append(notes, fmt.Sprintf("Failing records: %d", f.Total))
	}
	for _, line := range lines {
		if line != "" {
			notes = append(notes, line)
		}
	}
	t.Notes = strings.Join(notes, "\n")
	return t
}

// Text returns the task as text to paste.
func (t *Task) Text() string { return t.Title + "\n" + t.Notes }
