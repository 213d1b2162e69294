package schemas

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/must"
)

// certain says whether an assessment is accepted, as text or decoded. What is accepted has to be right.
func certain(t *testing.T, s *schema, text string) bool {
	t.Helper()
	value := decode(t, text)
	asText, decoded := s.accept().acceptsText([]byte(text)), s.accept().acceptsValue(value)
	if !asText && !decoded {
		return false
	}
	if err := must.Get(s.compiled())(t).Validate(value); err != nil || unrepresentable(value, "", nil) != nil {
		t.Errorf("accepted as text: %v, decoded: %v, but: %v\n%s", asText, decoded, err, text)
	}
	return asText
}

func assessmentSchema(t testing.TB) *schema {
	t.Helper()
	return must.Get(newSchema(must.Get(os.ReadFile("assessment.json"))(t), false))(t)
}

// TestAssessmentIsCertain has nothing of an assessment left to the library, and accepts no mutant that the library refuses.
func TestAssessmentIsCertain(t *testing.T) {
	s := assessmentSchema(t)
	if !s.accept().acceptsText([]byte(section(t, "assessment.json"))) {
		t.Fatal("the sample is not accepted")
	}
	text := section(t, "assessment.json")
	total, accepted := 0, 0
	for n, span := range spans(text) {
		for i, mutant := range mutants(text, span) {
			if (n+i)%7 != 0 { // enough, and quick
				continue
			}
			if total++; certain(t, s, mutant) {
				accepted++
			}
		}
	}
	if accepted == 0 || accepted == total {
		t.Errorf("%d of %d mutants are accepted", accepted, total)
	}
}

func FuzzAcceptsAssessment(f *testing.F) {
	s := assessmentSchema(f)
	for i := range 40 {
		f.Add(section(f, "assessment.json"), uint16(i*7), uint16(i*3))
	}
	f.Fuzz(func(t *testing.T, text string, place, kind uint16) {
		all := spans(text)
		if len(all) == 0 {
			return
		}
		some := mutants(text, all[int(place)%len(all)])
		text = some[int(kind)%len(some)]
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		if value := any(nil); decoder.Decode(&value) == nil {
			certain(t, s, text)
		}
	})
}

// TestAcceptsNoDeepValue leaves what is deep to who bounds it.
func TestAcceptsNoDeepValue(t *testing.T) {
	deep := strings.Repeat("[", maxAny+2) + strings.Repeat("]", maxAny+2)
	if a := newAcceptor(map[string]any{}, nil); a.acceptsText([]byte(deep)) {
		t.Error("it is accepted")
	}
}
