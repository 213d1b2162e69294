package suggest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/suggest"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	words := []string{"planned", "risk_accepted", "third_party", "AdminMFAV2", "entra_id", "entra_permissions", "entra.users", "exchange.groups", "id", "host", "key"}
	for word, want := range map[string]string{
		"planed": "planned", "thirdparty": "third_party", "third-party": "third_party", "planned": "planned", "PLANNED": "planned",
		"AdminMFA": "AdminMFAV2", "adminmfav1": "AdminMFAV2", "entra": "entra_id", "users": "entra.users", "ids": "id", "plnaned": "planned", "ie": "", "ky": "key", "hots": "host",
		"exchange.nothing": "", "xyz": "", "": "", "x": "", "r": "", strings.Repeat("p", 101): "",
	} {
		expect.Equalf(t, want, suggest.Nearest(word, words), "Nearest(%.20q)", word)
	}
}

// Of many candidates those are compared letter by letter that may be meant.
func TestNearestOfMany(t *testing.T) {
	t.Parallel()
	var words []string
	for i := range 5_000 {
		words = append(words, fmt.Sprintf("Control%dV2", i))
	}
	words = append(words, "EXCHANGE_S_STANDARD_MIDMARKET", "EXCHANGE_S_STANDARD")
	for word, want := range map[string]string{
		"Controll4321V2": "Control4321V2", "Contrl77V2": "Control77V2", "control4999v2": "Control4999V2", "xyz": "", "": "", "Control5000V2": "Control500V2",
		"EXCHANGE_S_STANDART": "EXCHANGE_S_STANDARD",
	} {
		expect.Equalf(t, want, suggest.Nearest(word, words), "Nearest(%.20q)", word)
	}
}

func TestOneOf(t *testing.T) {
	t.Parallel()
	var many []string
	for i := range 40 {
		many = append(many, fmt.Sprintf("word%02d", i))
	}
	for _, c := range []struct {
		value string
		words []string
		want  string
	}{
		{"rnk", []string{"id", "rank"}, `--sort has to be one of id, rank; it is "rnk". Did you mean "rank"?`},
		{"size", []string{"id", "rank"}, `--sort has to be one of id, rank; it is "size"`},
		{"x", nil, `--sort can't be "x": there are none`},
		{
			"nothing", many,
			`--sort has to be one of word00, word01, word02, word03, word04, word05, word06, word07, word08, word09, word10, word11, word12, word13, word14, word15, word16, word17, word18, word19 and 20 more; it is "nothing"`,
		},
		{strings.Repeat("é", 5_000), []string{"id"}, `--sort has to be one of id; it is "` + strings.Repeat("é", 80) + `…"`},
	} {
		expect.Equal(t, c.want, suggest.OneOf("--sort", c.value, c.words))
	}
}

func TestUnknownError(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  suggest.UnknownError
		want string
	}{
		{suggest.UnknownError{Where: "the catalog", Kind: "control", Name: "AdminMFA", Known: []string{"AdminMFAV2", "Other"}}, `the catalog has no control "AdminMFA". Did you mean "AdminMFAV2"?`},
		{suggest.UnknownError{Where: "the catalog", Kind: "control", Name: "X", Known: []string{"AdminMFAV2"}, Help: "See 'posture policy list'"}, `the catalog has no control "X". See 'posture policy list'`},
		{suggest.UnknownError{Where: "the store", Kind: "tenant", Name: "X", Known: []string{"a", "b"}}, `the store has no tenant "X". It has a, b`},
		{suggest.UnknownError{Where: "the store", Kind: "tenant", Name: "X"}, `the store has no tenant "X"`},
	} {
		expect.Equal(t, c.want, c.err.Error())
	}
}
