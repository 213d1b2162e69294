package assessmentfile_test

import (
	"fmt"
	"strings"

	"github.com/posture-score/posture/internal/assessmentfile"
)

// What was written by another version is refused, and said to be so.
func Example() {
	_, err := assessmentfile.Read(strings.NewReader(`{"schema_version": "9", "score": {}, "actions": []}`))
	fmt.Println(err)
	// Output: the assessment has schema_version "9"; this program reads "1" and "2": assess the evidence again, or use the version of posture that wrote it
}
