package register_test

import (
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/register"
)

// TestSubject holds that sentences about attributes whose names are no nouns in the singular read as sentences.
func TestSubject(t *testing.T) {
	long := strings.Repeat("x", 201)
	wrong := must.Get(register.CheckFields(register.Fields{Due: &long, ApprovedBy: &long, Owner: &long}))(t)
	expect.Equal(t, map[string]string{
		"due":         "The due date has 201 characters; it may have 200.",
		"approved_by": "The name of who approved it has 201 characters; it may have 200.",
		"owner":       "The owner has 201 characters; it may have 200.",
	}, wrong)
	if text := must.Get(register.CheckTags([]string{"a\u202eb"}))(t); !strings.HasPrefix(text, "A tag has a character that steers") {
		t.Error(text)
	}
}
