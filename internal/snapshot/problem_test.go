package snapshot_test

import (
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/snapshot"
)

// TestProblemFor holds that readers learn the names of files, and not where they are.
func TestProblemFor(t *testing.T) {
	for text, want := range map[string]string{
		"": "",
		"reading the register: open /srv/posture/register.hcl: permission denied": "reading the register: open register.hcl: permission denied",
		`open "/srv/my own/evidence": no such file or directory`:                  `open "evidence": no such file or directory`,
		"stat /srv/my own/evidence: no such file or directory":                    "stat evidence: no such file or directory",
		`open C:\posture\past.db: denied`:                                         "open past.db: denied",
		"data/contoso/entra.json:3: unexpected end":                               "entra.json:3: unexpected end",
		"the evidence is being written all the time":                              "the evidence is being written all the time",
	} {
		s := snapshot.Snapshot{Problem: text}
		expect.Equal(t, want, s.ProblemFor(false))
		expect.Equal(t, text, s.ProblemFor(true))
	}
}
