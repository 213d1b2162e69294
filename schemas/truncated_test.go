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
	tests := []struct {
		record string
		want   []string // pointers
	}{
		{`{"id":"a","names":["All"],"part":{"inner":"b"}}`, nil},
		{`{"id":"System.Object[]"}`, []string{"/id"}},
		{`{"id":"a","names":["All","@{Name=All}"]}`, []string{"/names/1"}},
		{`{"id":"a","names":["\u0040{Name=All}"]}`, []string{"/names/0"}},
		{`{"id":"a","names":["@{Name=\"All\"}"]}`, []string{"/names/0"}},
		{`{"id":"a","names":["System.Collections.Hashtable"]}`, []string{"/names/0"}},
		{`{"id":"a","part":{"inner":"System.Object"}}`, []string{"/part/inner"}},
		{`{"id":"a","part":{"inner":"System.Center"}}`, nil},
		{`{"id":"a","part":{"inner":"S\"","other":"@{"},"other":"System.Object[]"}`, nil},
	}
	for _, test := range tests {
		if accepted := dataset.Accepts([]byte(test.record)); accepted && test.want != nil {
			t.Errorf("%s is accepted", test.record)
		}
		var pointers []string
		for _, v := range dataset.Validate(decode(t, test.record)) {
			if !v.Structural() {
				t.Errorf("%s: %+v is not structural", test.record, v)
			}
			pointers = append(pointers, v.Pointer)
		}
		expect.Equalf(t, test.want, pointers, "%s", test.record)
	}
}
