package securescore_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/securescore"
)

// graph is the folder of the sample answers.
const graph = "../../testdata/graph/contoso"

// contosoID is the tenant of the sample answers.
const contosoID = "14d2afb5-4883-4247-84ff-219e72010db8"

func sample(t testing.TB, name string) []byte {
	t.Helper()
	return must.Get(os.ReadFile(filepath.Join(graph, name)))(t)
}

// read reads texts as files that are called after their numbers, and wants them to have problems or not.
func read(t testing.TB, texts ...[]byte) *securescore.Answers {
	t.Helper()
	var answers securescore.Answers
	for i, text := range texts {
		must.Do(t, answers.Add(t.Context(), fmt.Sprintf("%d.json", i+1), bytes.NewReader(text)))
	}
	return &answers
}

// samples reads the sample answers.
func samples(t testing.TB) *securescore.Answers {
	t.Helper()
	answers := read(t, sample(t, "secureScores.json"), sample(t, "secureScoreControlProfiles.json"))
	expect.Equal(t, []securescore.Problem(nil), answers.Problems)
	return answers
}

// same compares exact numbers by their values.
func same() cmp.Options {
	return cmp.Options{
		cmp.Comparer(func(a, b *big.Rat) bool { return a == b || a != nil && b != nil && a.Cmp(b) == 0 }),
		cmpopts.IgnoreFields(securescore.Day{}, "File"),
	}
}

// spelled returns JSON whose names and scalars are spelled by functions.
func spelled(t testing.TB, text []byte, object func(map[string]any) map[string]any, scalar func(any) any) []byte {
	t.Helper()
	var spell func(value any) any
	spell = func(value any) any {
		switch value := value.(type) {
		case map[string]any:
			for name, member := range value {
				value[name] = spell(member)
			}
			return object(value)
		case []any:
			for i := range value {
				value[i] = spell(value[i])
			}
			return value
		}
		return scalar(value)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	must.Do(t, decoder.Decode(&value))
	return must.Get(json.MarshalIndent(spell(value), "", "  "))(t)
}

func unchanged[V any](value V) V { return value }

// pascal spells names as .NET does.
func pascal(members map[string]any) map[string]any {
	named := map[string]any{}
	for name, value := range members {
		named[strings.ToUpper(name[:1])+name[1:]] = value
	}
	return named
}

// additional puts the fields that Graph's types don't declare where SDKs put them.
func additional(members map[string]any) map[string]any {
	named, more := map[string]any{}, map[string]any{}
	for name, value := range members {
		switch name {
		case "scoreInPercentage", "implementationStatus", "lastSynced", "count", "total", "on", "SeatSizeRangeLowerValue", "SeatSizeRangeUpperValue":
			more[name] = value
		default:
			named[strings.ToUpper(name[:1])+name[1:]] = value
		}
	}
	named["AdditionalProperties"], named["Count"] = more, nil
	return named
}

// snake spells names as the SDK of Python does.
func snake(members map[string]any) map[string]any {
	named := map[string]any{}
	for name, value := range members {
		var written strings.Builder
		for _, r := range name {
			if r >= 'A' && r <= 'Z' {
				written.WriteByte('_')
			}
			written.WriteRune(r)
		}
		named[strings.ToLower(written.String())] = value
	}
	return named
}

func texts(value any) any {
	if number, ok := value.(json.Number); ok {
		return number.String()
	}
	return value
}

// elements returns the entries of a page.
func elements(t testing.TB, page []byte) []json.RawMessage {
	t.Helper()
	var of struct{ Value []json.RawMessage }
	must.Do(t, json.Unmarshal(page, &of))
	return of.Value
}

func lines(t testing.TB, page []byte) []byte {
	t.Helper()
	var text bytes.Buffer
	for _, element := range elements(t, page) {
		must.Do(t, json.Compact(&text, element))
		text.WriteByte('\n')
	}
	return text.Bytes()
}

func wide(text []byte, order binary.AppendByteOrder, mark bool) []byte {
	var encoded []byte
	if mark {
		encoded = order.AppendUint16(encoded, 0xfeff)
	}
	for _, unit := range utf16.Encode([]rune(string(text))) {
		encoded = order.AppendUint16(encoded, unit)
	}
	return encoded
}

// TestForms reads the same answers as tools save them, with the same result.
func TestForms(t *testing.T) {
	want := samples(t)
	scores, profiles := sample(t, "secureScores.json"), sample(t, "secureScoreControlProfiles.json")
	forms := map[string][][]byte{
		"names in Pascal case":       {spelled(t, scores, pascal, unchanged[any]), spelled(t, profiles, pascal, unchanged[any])},
		"names in snake case":        {spelled(t, scores, snake, unchanged[any]), spelled(t, profiles, snake, unchanged[any])},
		"AdditionalProperties":       {spelled(t, scores, additional, unchanged[any]), spelled(t, profiles, pascal, unchanged[any])},
		"numbers as texts":           {spelled(t, scores, unchanged[map[string]any], texts), spelled(t, profiles, unchanged[map[string]any], texts)},
		"byte-order mark":            {append([]byte("\xef\xbb\xbf"), scores...), append([]byte("\xef\xbb\xbf"), profiles...)},
		"UTF-16 with a mark":         {wide(scores, binary.LittleEndian, true), wide(profiles, binary.BigEndian, true)},
		"UTF-16 without a mark":      {wide(scores, binary.LittleEndian, false), wide(profiles, binary.BigEndian, false)},
		"one entry a line":           {lines(t, scores), lines(t, profiles)},
		"everything in one file":     {lines(t, scores), append(lines(t, profiles), scores...)},
		"profiles first":             {profiles, scores},
		"lists":                      {must.Get(json.Marshal(elements(t, scores)))(t), must.Get(json.Marshal(elements(t, profiles)))(t)},
		"single entries":             append(files(elements(t, scores)), files(elements(t, profiles))...),
		"both in an object":          {[]byte(fmt.Sprintf(`{"secureScore": %s, "profiles": %s}`, scores, profiles))},
		"a batch":                    {[]byte(fmt.Sprintf(`{"responses": [{"id": "1", "status": 200, "body": %s}, {"id": "2", "body": %s}]}`, scores, profiles))},
		"a list of pages":            {[]byte(fmt.Sprintf("[%s, %s]", scores, profiles))},
		"the same day several times": {scores, profiles, scores},
	}
	for name, form := range forms {
		t.Run(name, func(t *testing.T) {
			got := read(t, form...)
			expect.Equal(t, []securescore.Problem(nil), got.Problems)
			if diff := cmp.Diff(want.Days(), got.Days(), same()); diff != "" {
				t.Errorf("days (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(want.Profiles(contosoID), got.Profiles(contosoID), same()); diff != "" {
				t.Errorf("profiles (-want +got):\n%s", diff)
			}
		})
	}
}

func files(elements []json.RawMessage) [][]byte {
	var list [][]byte
	for _, element := range elements {
		list = append(list, element)
	}
	return list
}

// TestWholerDayWins reads a day as it was on its own day and as it is told later: the one with details is kept, in any order.
func TestWholerDayWins(t *testing.T) {
	const day = `{"id": "t_2026-10-01", "azureTenantId": "t", "createdDateTime": "2026-10-01T00:00:00Z", "currentScore": 1, "maxScore": 2, "controlScores": [%s]}`
	whole := fmt.Sprintf(day, `{"controlName": "A", "controlCategory": "Identity", "score": 1, "scoreInPercentage": 50, "count": "1", "total": "2", "lastSynced": "2026-10-01T00:00:00Z", "implementationStatus": "You have 1 of 2 users"}`)
	emptied := fmt.Sprintf(day, `{"controlName": "A", "controlCategory": "Identity", "score": 1, "scoreInPercentage": 50, "implementationStatus": "You have 0 of 0 users"}`)
	for _, order := range [][]string{{whole, emptied}, {emptied, whole}} {
		days := read(t, []byte(order[0]), []byte(order[1])).Days()
		if len(days) != 1 || days[0].Controls[0].Count == nil || days[0].Controls[0].Text != "You have 1 of 2 users" {
			t.Errorf("the days are %+v", days)
		}
	}
	// The text of an older day has numbers that were emptied: it is dropped.
	if text := read(t, []byte(emptied)).Days()[0].Controls[0].Text; text != "" {
		t.Errorf("the text of an older day is %q", text)
	}
}

func TestProblems(t *testing.T) {
	const fine = `{"id": "t_2026-10-01", "currentScore": 1, "maxScore": 2, "createdDateTime": "2026-10-01T00:00:00Z", "controlScores": []}`
	tests := map[string]struct {
		text string
		want []string
		days int
	}{
		"empty":            {" \n", []string{"1.json: it is empty"}, 0},
		"no JSON":          {"hello", []string{"1.json: not well-formed JSON: invalid character 'h' at start of value"}, 0},
		"a bad line":       {fine + "\n{\"id\": nonsense}\n" + strings.Replace(fine, "10-01", "10-02", 2), []string{"1.json line 2: not well-formed JSON: invalid character 'o' in literal null (expecting 'u')"}, 2},
		"cut off":          {`{"value": [` + fine + `, {"id": "t_`, []string{"1.json line 1: the JSON ends too early: the file was cut off"}, 1},
		"an error":         {`{"error": {"code": "Forbidden", "message": "Auth token does not contain valid permissions"}}`, []string{"1.json line 1: it is an error of Graph, and no answer: Forbidden: Auth token does not contain valid permissions"}, 0},
		"something else":   {fine + `{"id": 1, "displayName": "Ada"} 7 []`, []string{"1.json line 1: an object that is no entry of secureScores or secureScoreControlProfiles was left out", "1.json line 1: an object was expected, and something else is here"}, 1},
		"no day":           {`{"azureTenantId": "t", "controlScores": []}`, []string{"1.json line 1: a day of secureScores was left out: it has no createdDateTime such as 2026-07-17T00:00:00Z: no day is known"}, 0},
		"no tenant":        {`{"createdDateTime": "2026-10-01T00:00:00Z", "controlScores": []}`, []string{"1.json line 1: a day of secureScores was left out: it has no azureTenantId: no tenant is known"}, 0},
		"depth":            {strings.Replace(fine, "[]", `"System.Object[]"`, 1), []string{"1.json line 1: a day of secureScores was left out: its controlScores were cut off: save it with ConvertTo-Json -Depth 10"}, 0},
		"depth of one":     {strings.Replace(fine, "[]", `["@{controlName=A}"]`, 1), []string{"1.json line 1: 2026-10-01: its control 1 was left out: it was cut off: save it with ConvertTo-Json -Depth 10"}, 1},
		"no name":          {strings.Replace(fine, "[]", `[{"score": 1}]`, 1), []string{"1.json line 1: 2026-10-01: its control 1 was left out: it has no controlName"}, 1},
		"negative":         {strings.Replace(fine, "[]", `[{"controlName": "A", "score": -1}]`, 1), []string{"1.json line 1: 2026-10-01: its control 1 was left out: the score of A is -1, which is not usable as points"}, 1},
		"absurd":           {strings.Replace(fine, "[]", `[{"controlName": "A", "score": "1e999999999"}]`, 1), []string{"1.json line 1: 2026-10-01: its control 1 was left out: the score of A is \"1e999999999\", which is not usable as points"}, 1},
		"two scores":       {fine + strings.Replace(fine, `"currentScore": 1`, `"currentScore": 1.5`, 1), []string{"1.json line 1: 2026-10-01 is said to be 1.5 points here, and 1 in 1.json: the one with more details is taken, or else the first"}, 1},
		"a negative sum":   {strings.Replace(fine, `"currentScore": 1`, `"currentScore": -5`, 1), []string{"1.json line 1: 2026-10-01: currentScore is -5, which is not usable as points"}, 1},
		"a comma":          {strings.Replace(fine, `"currentScore": 1`, `"currentScore": "12,5"`, 1), []string{"1.json line 1: 2026-10-01: currentScore is \"12,5\", which is not usable as points"}, 1},
		"an absurd sum":    {strings.Replace(fine, `"maxScore": 2`, `"maxScore": 1e999`, 1), []string{"1.json line 1: 2026-10-01: maxScore is 1e999, which is not usable as points"}, 1},
		"a sum of objects": {strings.Replace(fine, `"maxScore": 2`, `"maxScore": {}`, 1), []string{"1.json line 1: 2026-10-01: maxScore is an object, which is not usable as points"}, 1},
		"no sum":           {strings.Replace(fine, `"maxScore": 2`, `"maxScore": null`, 1), nil, 1},
		"another day":      {strings.Replace(fine, "2026-10-01T00:00:00Z", "yesterday", 1), []string{"1.json line 1: 2026-10-01: createdDateTime is \"yesterday\", which is no day: the day was taken from the id"}, 1},
		"a day of zeros":   {strings.Replace(fine, "2026-10-01T00:00:00Z", "0000-00-00", 1), []string{"1.json line 1: 2026-10-01: createdDateTime is \"0000-00-00\", which is no day: the day was taken from the id"}, 1},
		"an empty page":    {`{"value": []}`, []string{"1.json: its page has no entries"}, 0},
		"a cut profile":    {`{"id": "A", "maxScore": 1, "controlCategory": "Data", "controlStateUpdates": ["@{state=Ignored}"]}` + fine, []string{"1.json line 1: a profile was left out: its controlStateUpdates were cut off: save it with ConvertTo-Json -Depth 10"}, 1},
		"a date of .NET":   {strings.Replace(fine, "2026-10-01T00:00:00Z", `\/Date(1790812800000)\/`, 1), nil, 1},
		"nested pages":     {strings.Repeat(`{"value":[`, 50) + fine + strings.Repeat(`]}`, 50), []string{"1.json line 1: an object was expected, and something else is here"}, 0},
		"steers terminal":  {strings.Replace(fine, "[]", `[{"controlName": "A\u001b[2J\u202e", "score": 1}]`, 1), nil, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			answers := read(t, []byte(tt.text))
			var got []string
			for _, problem := range answers.Problems {
				got = append(got, problem.String())
			}
			expect.Equal(t, tt.want, got)
			expect.Equal(t, tt.days, len(answers.Days()))
			// Of two numbers of a day one is taken: nothing is damaged.
			expect.Equal(t, tt.want != nil && name != "two scores", answers.Damaged)
			for _, day := range answers.Days() {
				for _, control := range day.Controls {
					if strings.ContainsAny(control.Name, "\x1b\u202e") {
						t.Errorf("a name steers terminals: %q", control.Name)
					}
				}
			}
		})
	}
}

func TestFolded(t *testing.T) {
	for name, want := range map[string]string{
		"11770.MDA_Google_EnableTwoFactorAuth": "MDA_Google_EnableTwoFactorAuth", "11770.3.MDA_A": "MDA_A", "MDA_A": "MDA_A",
		"scid_2010": "scid_2010", "11770": "11770", "1.2": "1.2", "": "",
	} {
		expect.Equal(t, want, securescore.Folded(name))
	}
}

// FuzzAnswers reads anything: what is read makes an assessment whose parts agree, and a register that can be read.
func FuzzAnswers(f *testing.F) {
	f.Add(sample(f, "secureScores.json"), sample(f, "secureScoreControlProfiles.json"))
	f.Add([]byte(`[{"id":"t_2026-10-01","controlScores":[{"controlName":"A","score":"1e2","count":"1","total":0}]}]`), []byte(`{"id":"A","maxScore":0.001,"title":"","controlStateUpdates":[{"state":"ThirdParty"}]}`))
	f.Add([]byte(`{"id":"t_2026-10-01","controlScores":[{"controlName":"A","score":4.33,"scoreInPercentage":48.07,"count":25,"total":52},{"controlName":"B","score":1,"scoreInPercentage":33.333}]}
{"id":"t_2026-10-02","currentScore":8,"controlScores":[{"controlName":"A","score":3,"scoreInPercentage":33.3},{"controlName":"1.B","score":"2.999"},{"controlName":"B","score":0}]}`),
		[]byte(`[{"id":"A","maxScore":9,"title":"","controlStateUpdates":{"state":"Ignored"}},{"id":"B","maxScore":3,"service":"X","controlStateUpdates":[{"state":"ThirdParty","updatedDateTime":"2026-10-02"}]}]`))
	f.Add([]byte("\xff\xfe[\x00"), []byte(`{"value":{"value":[{"error":null}]}}`))
	cat := must.Get(builtin(f.Context()))(f)
	f.Fuzz(func(t *testing.T, first, second []byte) {
		answers := read(t, first, second)
		var last *engine.Assessment
		for i, day := range answers.Days() {
			profiles := answers.Profiles(day.Tenant)
			a := day.Assessment(profiles)
			sound(t, a)
			if strings.Contains(strings.Join(a.Findings, "\n"), "does not add up") {
				a = nil
			}
			if a != nil && last != nil && last.Tenant == a.Tenant {
				if r := attribution.Compare(last, a).Residual; !r.Zero() {
					t.Fatalf("not explained of a change: %+v", r)
				}
			}
			if last = a; i > 3 {
				break
			}
			addsUp(t, securescore.Reconcile(day.Assessment(profiles), day, profiles, cat))
			if _, _, err := securescore.Propose(profiles, cat); err != nil {
				t.Fatal(err)
			}
		}
		if b, _ := securescore.Benchmark(answers.Days()); b != nil {
			readable(t, b)
		}
	})
}
