package schemas

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

const foldedShape = `{"type": "object", "properties": {
	"id": {"type": "string", "format": "id"},
	"state": {"enum": ["enabled", "enabledForReporting", null]},
	"kinds": {"type": "string", "x-posture": {"words": ["none", "internalGuest"], "separator": ","}},
	"users": {"type": "array", "items": {"type": "string", "format": "id", "x-posture": {"words": ["All", "None"]}}},
	"open": {"type": "string", "x-posture": {"words": ["Exchange"]}},
	"torn": {"enum": ["Member", "member", "Guest"]},
	"name": {"type": "string"},
	"when": {"type": "string", "format": "date-time"},
	"part": {"type": "object", "properties": {"mail": {"format": "mail"}}},
	"settings": {"type": "object", "properties": {"Exact": {"type": "string"}}, "additionalProperties": {"format": "name"}}}}`

func TestFold(t *testing.T) {
	fold := FoldOf(decode(t, foldedShape).(map[string]any))
	for _, test := range cases(t, "fold") {
		t.Run(test[0], func(t *testing.T) {
			value := decode(t, test[1])
			folded := fold.Value(value)
			expect.Equalf(t, decode(t, test[2]), folded, "canonical form")
			expect.Equalf(t, folded, fold.Value(folded), "the canonical form has another")
			expect.Equalf(t, decode(t, test[1]), value, "the value was changed")
		})
	}
}

func TestFoldOfNothing(t *testing.T) {
	for _, shape := range []string{`{}`, `{"type": "string"}`, `{"properties": {"a": {"items": {"type": "string"}}}}`, `{"enum": [1, null]}`} {
		if fold := FoldOf(decode(t, shape).(map[string]any)); fold != nil {
			t.Errorf("%s folds something: %+v", shape, fold)
		}
	}
	var fold *Fold
	if fold.Field("a") != nil || fold.Elements() != nil || fold.String("A") != "A" || fold.Value("A") != "A" {
		t.Error("nil folds something")
	}
}

// Each letter has one canonical form, and its other case the same, unless Unicode's mappings do not lead back.
func TestFoldOfLetters(t *testing.T) {
	fold, _ := FormatFold("id")
	for r := rune(0); r <= unicode.MaxRune; r++ {
		text := string(r)
		folded := fold.String(text)
		if again := fold.String(folded); again != folded {
			t.Errorf("%U: the canonical form of %q is %q", r, folded, again)
		}
		if unicode.ToLower(unicode.ToUpper(r)) == unicode.ToLower(r) && fold.String(strings.ToUpper(text)) != folded {
			t.Errorf("%U: %q and %q differ", r, text, strings.ToUpper(text))
		}
	}
}

func TestFormatFold(t *testing.T) {
	for _, format := range Formats() {
		fold, ok := FormatFold(format)
		if !ok {
			t.Errorf("%s is no format", format)
		}
		want := []any{"ada", map[string]any{"a": "ben", "b": json.Number("1")}}
		if diff := cmp.Diff(want, fold.Value([]any{"Ada", map[string]any{"a": "BEN", "b": json.Number("1")}})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", format, diff)
		}
	}
	if _, ok := FormatFold("date-time"); ok {
		t.Error("date-time is a format that compares without case")
	}
}

// What is canonical already costs nothing.
func TestFoldOfCanonicalTextAllocatesNothing(t *testing.T) {
	fold := FoldOf(decode(t, foldedShape).(map[string]any))
	var buffer []byte
	for _, field := range []string{"id", "state", "users", "open", "name"} {
		text := []byte("all")
		if n := testing.AllocsPerRun(100, func() { fold.Field(field).Text(text, &buffer) }); n > 0 {
			t.Errorf("%s: %v allocations", field, n)
		}
	}
}

// Evidence in another case is what its schema says, or not, as the canonical form is.
func TestValidateInAnyCase(t *testing.T) {
	const shape = `{"$id": "urn:x", "type": "object", "properties": {
		"id": {"type": "string", "format": "id", "pattern": "^scid-[0-9]+$"},
		"state": {"type": ["string", "null"], "enum": ["enabled", null]}}}`
	s := must.Get(newSchema([]byte(shape), true))(t)
	for text, want := range map[string]bool{
		`{"id": "scid-1", "state": "enabled"}`: true, `{"id": "SCID-1", "state": "ENABLED"}`: true, `{"state": null}`: true,
		`{"id": "SCID-x"}`: false, `{"state": "ENABLE"}`: false, `{"state": "` + strings.Repeat("E", 100) + `"}`: false,
	} {
		expect.Equalf(t, want, s.accept().acceptsText([]byte(text)), "%s, as text", text)
		expect.Equalf(t, want, s.accept().acceptsValue(decode(t, text)), "%s, decoded", text)
		if got := s.validate(decode(t, text)); (got == nil) != want {
			t.Errorf("%s: %v", text, got)
		}
	}
	exact := must.Get(newSchema([]byte(shape), false))(t)
	if value := decode(t, `{"state": "Enabled"}`); exact.accept().acceptsValue(value) || exact.validate(value) == nil {
		t.Error("a schema that does not fold takes a word in another case")
	}
}

// exactFields are those whose names say that they identify something and that compare as they are
// written, with the reason.
func exactFields() map[string]string {
	exact := map[string]string{
		"defender_endpoint.exceptions /deviceGroup":       "shown to people; no rule compares it",
		"purview.activity_subscriptions /webhook/address": "a URL, which no rule compares",
		"purview.activity_subscriptions /webhook/authId":  "a text that the subscriber chose and gets back",
		"saas.apps /settings/enableCSPOnEmail":            "a switch",
		"saas.apps /settings/enableSMSIdentity":           "a switch",
		"saas.apps /settings/lockSessionsToDomain":        "a switch",
		"saas.apps /settings/mobilePolicyForAllUsers":     "a switch",
	}
	for _, dataset := range []string{
		"defender_office.anti_phish_rules", "defender_office.malware_rules", "defender_office.outbound_spam_rules",
		"defender_office.safe_attachment_rules", "defender_office.safe_links_rules", "defender_office.spam_rules",
		"exchange.role_assignment_policies", "exchange.sharing_policies", "exchange.transport_rules",
		"purview.auto_label_policies", "purview.dlp_policies", "purview.label_policies",
	} {
		exact[dataset+" /name"] = "shown to people; what refers to a policy does so by its identity"
	}
	return exact
}

// TestIdentifiersFold holds that no schema forgets to say how what identifies something compares.
func TestIdentifiersFold(t *testing.T) {
	words := []string{
		"id", "ids", "guid", "mail", "email", "address", "addresses", "principal", "upn", "member", "group", "domain", "domains", "identity", "server",
		"users", "groups", "roles", "applications", "locations", "location", "exception", "policy", "senders",
	}
	exact := exactFields()
	unused := maps.Clone(exact)
	registry := builtin(t)
	for _, name := range registry.Names() {
		dataset, _ := registry.Dataset(name)
		each(dataset.Shape(), "", func(path string, shape map[string]any) {
			if !slices.Contains(words, lastWord(path)) && path != "/"+dataset.Key && !strings.HasSuffix(path, "PrincipalName") {
				return
			}
			field := fmt.Sprintf("%s %s", name, path)
			if FoldOf(shape) != nil {
				if exact[field] != "" {
					t.Errorf("%s is listed as exact, and folds", field)
				}
				return
			}
			if delete(unused, field); exact[field] == "" {
				t.Errorf("%s identifies something: give it one of the formats %q, or x-posture.words", field, Formats())
			}
		})
	}
	for field := range unused {
		t.Errorf("%s is listed as exact, and does not need to be", field)
	}
}

// TestWordsFold holds that what schemas say of words is well-formed.
func TestWordsFold(t *testing.T) {
	registry := builtin(t)
	for _, name := range registry.Names() {
		dataset, _ := registry.Dataset(name)
		each(dataset.Shape(), "", func(path string, shape map[string]any) {
			own, _ := shape["x-posture"].(map[string]any)
			words, _ := own["words"].([]any)
			separator, separated := own["separator"]
			if own["words"] != nil && len(words) == 0 || separated && (separator != "," || len(words) == 0) {
				t.Errorf("%s %s: x-posture is %v", name, path, own)
			}
			fold := FoldOf(shape)
			for _, word := range words {
				if text, _ := word.(string); text == "" || fold.String(strings.ToUpper(text)) != text {
					t.Errorf("%s %s: the word %v has another canonical form", name, path, word)
				}
			}
		})
	}
}

// each visits the schemas of all texts below a schema.
func each(shape map[string]any, path string, visit func(path string, shape map[string]any)) {
	types, _ := shape["type"].([]any)
	if shape["type"] == "string" || slices.Contains(types, any("string")) {
		visit(path, shape)
	}
	if items, ok := shape["items"].(map[string]any); ok {
		each(items, path, visit)
	}
	properties, _ := shape["properties"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		field, _ := properties[name].(map[string]any)
		each(field, path+"/"+name, visit)
	}
}

// lastWord is the last word of a name in camel case, in lower case.
func lastWord(path string) string {
	name := path[strings.LastIndexByte(path, '/')+1:]
	at := strings.LastIndexFunc(name, unicode.IsUpper)
	return strings.ToLower(name[max(at, 0):])
}
