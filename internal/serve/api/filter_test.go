package api

import (
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/posture-score/posture/internal/expect"
)

func sampleProperty(name string) value {
	switch name {
	case "text":
		return text("It's")
	case "number":
		return numeric(big.NewRat(5, 2))
	case "time":
		return moment(time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC))
	}
	return boolean(true)
}

func sampleKinds() map[string]kind {
	return map[string]kind{"text": isText, "number": isNumber, "time": isTime, "truth": isTruth}
}

func TestFilter(t *testing.T) {
	for filter, want := range map[string]string{
		"text eq 'it''s'":                      "true",
		"text ne 'it''s'":                      "false",
		"text eq ''":                           "false",
		"text gt 'a'  and  text lt 'j'":        "true",
		"number eq 2.5":                        "true",
		"number ge 2.51":                       "false",
		"number gt -1":                         "true",
		"time ge 2026-01-31T12:00:00Z":         "true",
		"time gt 2026-01-31T12:00:00Z":         "false",
		"time lt 2026-02-01":                   "true",
		"time eq 2026-01-31T13:00:00+01:00":    "true",
		"truth eq true":                        "true",
		"truth lt false":                       "false",
		"not truth eq true":                    "false",
		"NOT (truth EQ false) AND number LE 3": "true",

		"truth eq false and truth eq true or number eq 2.5":   "true",
		"truth eq false and (truth eq true or number eq 2.5)": "false",

		"":                          "there is no property",
		"other eq 1":                "there is no property",
		"text":                      "is no operator",
		"text is 'a'":               "is no operator",
		"text eq a":                 "is compared with a text",
		"text eq '":                 "a text is not closed",
		"text eq 'a":                "a text is not closed",
		"text eq 'a''":              "a text is not closed",
		"number eq '1'":             "is compared with a number",
		"number eq 1e9":             "is compared with a number",
		"number eq 1..2":            "is compared with a number",
		"time eq yesterday":         "is compared with a time",
		"truth eq 1":                "is compared with true or false",
		"(truth eq true":            "a parenthesis is not closed",
		"truth eq true)":            `")" is not expected here`,
		"truth eq true truth":       `"truth" is not expected here`,
		"truth eq true and":         "there is no property",
		strings.Repeat("(", 100):    "it nests too deeply",
		strings.Repeat("not ", 100): "it nests too deeply",
		strings.Repeat("x", 3000):   "at most 2000 bytes",
		"truth eq true" + strings.Repeat(" and truth eq true", 16): "more than 16 comparisons",
	} {
		found, err := parseFilter(filter, sampleKinds())
		switch {
		case err != nil && !strings.Contains(err.Error(), want):
			t.Errorf("%.100s: %v, want %s", filter, err, want)
		case err == nil:
			expect.Equalf(t, want, map[bool]string{true: "true", false: "false"}[found(sampleProperty)], "%s", filter)
		}
	}
}

// FuzzFilter holds that no filter breaks the parser, and that what it reads can be asked.
func FuzzFilter(f *testing.F) {
	for _, filter := range []string{"text eq 'it''s'", "not (number ge 2.5 or time lt 2026-01-31)", "truth eq true and truth ne false", "((('"} {
		f.Add(filter)
	}
	f.Fuzz(func(t *testing.T, filter string) {
		found, err := parseFilter(filter, sampleKinds())
		if err != nil {
			if len(err.Error()) > 400 {
				t.Errorf("the message has %d bytes", len(err.Error()))
			}
			return
		}
		if first := found(sampleProperty); first != found(sampleProperty) {
			t.Error("asked twice it differs")
		}
		_ = tenantIn(filter)
	})
}
