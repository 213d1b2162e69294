package evidence_test

import (
	"os"
	"strings"
	"testing"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/must"
)

// TestChanged holds that a file which was changed after the bundle was opened is told by every pass over it, compressed or not,
// whatever it has become.
func TestChanged(t *testing.T) {
	for name, pair := range map[string][2]string{
		"another record":          {"{\"id\":\"1\"}", "{\"id\":\"2\"}"},
		"a blank more":            {"{}", "{}\n"},
		"no JSON":                 {"{}", "{"},
		"another encoding":        {"{}", "\xff\xfe{\x00}\x00"},
		"compressed otherwise":    {"{}", gz("{}")},
		"other compressed data":   {gz("{}"), gz("{ }")},
		"more behind its content": {gz("{}"), gz("{}") + "x"},
		"damaged":                 {gz("{}"), gz("{}")[:12]},
		"damaged at its beginning": {
			gz("{}"), "\x1f\x8b" + gz("{}")[:2],
		},
		"empty": {zst("{}"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			folder(t, single(pair[0], 1))
			b := must.Get(evidence.Open(t.Context(), "contoso", evidence.Limits{}))(t)
			defer closeBundle(t, b)
			if _, err := read1(t, b); err != nil {
				t.Fatal(err)
			}
			must.Do(t, os.WriteFile("contoso/users", []byte(pair[1]), 0o600))
			want := text(b.VerifyDataset(t.Context(), "entra.users"))
			if !strings.HasPrefix(want, "contoso/users: has the sha256 ") {
				t.Fatal(want)
			}
			_, err := read1(t, b)
			_, scanErr := scan(t, b, 2)
			if text(err) != want || text(scanErr) != want {
				t.Errorf("Records: %v\nScan: %v\nwant %s", err, scanErr, want)
			}
		})
	}
}
