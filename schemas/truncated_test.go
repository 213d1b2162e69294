package schemas

import (
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

func TestTruncated(t *testing.T) {
	dataset := must.Get(parse("test.policies", []byte(`{"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"urn:posture:evidence:test.policies","title":"T","description":"D",
		"x-posture":{"kind":"list","key":"id","sources":[]},"type":"object","properties":{
		"id":{"type":"string","format":"id"},"names":{"type":"array","items":{"type":"string","format":"name"}},"part":{"type":"object","properties":{"inner":{"type":"string"}}}}}`)))(t)
	for _, test := range cases(t, "truncated") {
		record, want := test[0], test[1:]
		if accepted := dataset.Accepts([]byte(record)); accepted && len(want) > 0 {
			t.Errorf("%s is accepted", record)
		}
		pointers := []string{}
		for _, v := range dataset.Validate(decode(t, record)) {
			if !v.Structural() {
				t.Errorf("%s: %+v is not structural", record, v)
			}
			pointers = append(pointers, v.Pointer)
		}
		expect.Equalf(t, want, pointers, "%s", record)
	}
}
