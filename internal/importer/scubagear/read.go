package scubagear

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer/jsonfile"
)

// maxBytes bounds an export. Exports are a few MiB; their wanted members are held.
const maxBytes = 1 << 30

// Keys of the export that are about the export itself.
const (
	versionKey   = "module_version"
	baselineKey  = "baseline_version"
	configKey    = "scuba_config"
	zuluKey      = "timestamp_zulu"
	dateKey      = "date"
	tenantKey    = "tenant_details"
	directoryKey = "AADAdditionalData" // within tenantKey
)

// export holds the wanted members of an export, as PowerShell wrote them.
type export struct {
	values    map[string]any    // by key
	invalid   map[string]string // what is wrong with the value of a key
	succeeded map[string]bool   // names of cmdlets
	failed    map[string]bool
}

// rawKey is the member of ScubaGear's results that holds the export, unless it
// was told to keep that in a file of its own.
const rawKey = "Raw"

// holdsExport reports whether members are those of an export, or of results with one. One name alone could be in any file.
func holdsExport(names []string) bool {
	around := slices.Contains(names, "MetaData") || slices.Contains(names, "Results")
	return isExport(names) || slices.Contains(names, rawKey) && around
}

// isResults reports whether members are those of ScubaGear's results, which may lack the export.
func isResults(names []string) bool {
	return slices.Contains(names, "MetaData") && slices.Contains(names, "Results")
}

func isExport(names []string) bool {
	marks := 0
	for _, mark := range []string{baselineKey, versionKey, configKey, tenantKey} {
		if slices.Contains(names, mark) {
			marks++
		}
	}
	return marks >= 2
}

// read reads the values of the wanted keys of an export, and the lists of its cmdlets.
func read(ctx context.Context, r io.Reader, wanted map[string]bool, limits evidence.Limits) (*export, error) {
	decoder := jsonfile.NewDecoder(ctx, r, maxBytes)
	if kind := decoder.PeekKind(); kind != '{' && kind != 0 {
		return nil, notExport("it is not a JSON object")
	}
	e := &export{values: map[string]any{}, invalid: map[string]string{}, succeeded: map[string]bool{}, failed: map[string]bool{}}
	names, err := e.object(decoder, wanted, limits, true)
	if err != nil {
		return nil, err
	}
	if err := end(decoder); err != nil {
		return nil, err
	}
	switch {
	case isExport(names):
		return e, nil
	case isResults(names):
		return nil, &evidence.Error{
			Summary: "the results hold no export: they have no member " + rawKey,
			Hint:    "Use ProviderSettingsExport.json, or the results as ScubaGear writes them.",
		}
	}
	return nil, notExport("it lacks " + versionKey + ", " + tenantKey + " and the like")
}

// object reads the members of the export, and of the results around it. It returns the names of those of the export.
func (e *export) object(decoder *jsontext.Decoder, wanted map[string]bool, limits evidence.Limits, outer bool) ([]string, error) {
	if _, err := decoder.ReadToken(); err != nil {
		return nil, unreadable(err)
	}
	var names, inner []string
	for decoder.PeekKind() != '}' {
		token, err := decoder.ReadToken()
		if err != nil {
			return nil, unreadable(err)
		}
		name := token.String()
		names = append(names, name)
		if outer && name == rawKey && decoder.PeekKind() == '{' {
			if inner, err = e.object(decoder, wanted, limits, false); err != nil {
				return nil, err
			}
			continue
		}
		if err := e.member(decoder, name, wanted, limits); err != nil {
			return nil, err
		}
	}
	if _, err := decoder.ReadToken(); err != nil {
		return nil, unreadable(err)
	}
	if inner != nil {
		return inner, nil
	}
	return names, nil
}

// end returns an error if anything follows.
func end(decoder *jsontext.Decoder) error {
	if _, err := decoder.ReadToken(); !errors.Is(err, io.EOF) {
		if err == nil {
			err = errors.New("something follows the end of the export")
		}
		return unreadable(err)
	}
	return nil
}

// member reads the value of one key.
func (e *export) member(decoder *jsontext.Decoder, name string, wanted map[string]bool, limits evidence.Limits) error {
	tracked := strings.HasSuffix(strings.ToLower(name), "successful_commands")
	if !wanted[name] && !tracked {
		if err := decoder.SkipValue(); err != nil {
			return unreadable(err)
		}
		return nil
	}
	value, invalid, err := readValue(decoder, limits)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	delete(e.invalid, name)
	if invalid != nil {
		e.invalid[name] = fmt.Sprintf("%s: %v", name, invalid)
	}
	if !tracked {
		e.values[name] = value
		if name == tenantKey {
			e.organization(value)
		}
		return nil
	}
	into := e.succeeded
	if strings.HasSuffix(strings.ToLower(name), "unsuccessful_commands") {
		into = e.failed
	}
	for _, command := range elements(value) {
		if command, ok := command.(string); ok {
			into[command] = true
		}
	}
	return nil
}

// organization takes the response of Graph out of the details of the tenant.
func (e *export) organization(details any) {
	for _, element := range elements(details) {
		record, _ := element.(map[string]any)
		switch answer := record[directoryKey].(type) {
		case map[string]any, []any:
			e.values[directoryKey] = answer
		case string:
			// A notice of failure: asked for, and not there.
			e.values[directoryKey] = nil
		}
	}
}

// readValue reads a value. A list is read element by element, so that the bound of a record holds for an element. A
// value that is JSON and not valid evidence costs the dataset, not the export: it is returned as invalid.
func readValue(decoder *jsontext.Decoder, limits evidence.Limits) (value any, invalid, err error) {
	if decoder.PeekKind() != '[' {
		return readOne(decoder, limits)
	}
	if _, err := decoder.ReadToken(); err != nil {
		return nil, nil, unreadable(err)
	}
	list := []any{}
	for decoder.PeekKind() != ']' {
		element, wrong, err := readOne(decoder, limits)
		if err != nil {
			return nil, nil, fmt.Errorf("element %d: %w", len(list)+1, err)
		}
		if wrong != nil && invalid == nil {
			invalid = fmt.Errorf("element %d: %w", len(list)+1, wrong)
		}
		list = append(list, element)
	}
	if _, err := decoder.ReadToken(); err != nil {
		return nil, nil, unreadable(err)
	}
	return list, invalid, nil
}

func readOne(decoder *jsontext.Decoder, limits evidence.Limits) (value any, invalid, err error) {
	raw, err := decoder.ReadValue()
	if err != nil {
		return nil, nil, unreadable(err)
	}
	value, invalid = jsonfile.Decode(raw, limits)
	return value, invalid, nil
}

// elements returns the elements of a list that PowerShell may have written as one value. Null, and the empty object that
// Windows PowerShell writes for a cmdlet that found nothing, are no elements.
func elements(value any) []any {
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	return slices.DeleteFunc(slices.Clone(list), func(element any) bool {
		record, ok := element.(map[string]any)
		return element == nil || ok && len(record) == 0
	})
}

// tenant returns the tenant that the export names, or none.
func (e *export) tenant() evidence.Tenant {
	for _, element := range elements(e.values[tenantKey]) {
		details, _ := element.(map[string]any)
		id, name := known(details["TenantId"]), known(details["DisplayName"])
		if id != "" {
			return evidence.Tenant{ID: id, Name: name}
		}
	}
	return evidence.Tenant{}
}

// known returns a string, or "" if ScubaGear put a notice of failure in its place.
func known(value any) string {
	text, _ := value.(string)
	if strings.HasPrefix(text, "Error retrieving") {
		return ""
	}
	return text
}

// made returns when the export was made; zero if it does not say so.
func (e *export) made() time.Time {
	if text, ok := e.values[zuluKey].(string); ok {
		if at, err := time.Parse(time.RFC3339, text); err == nil {
			return at.UTC()
		}
	}
	// Older versions write the local time and the name of the zone as Windows
	// spells it. Only one of those names is an offset for certain.
	if text, ok := e.values[dateKey].(string); ok {
		if local, ok := strings.CutSuffix(text, " Coordinated Universal Time"); ok {
			if at, err := time.Parse("01/02/2006 15:04:05", local); err == nil {
				return at
			}
		}
	}
	return time.Time{}
}

func notExport(why string) error {
	return &evidence.Error{
		Summary: "not an export of ScubaGear: " + why,
		Hint:    "ScubaGear writes ProviderSettingsExport.json into the folder of its report; use that file.",
	}
}

func unreadable(err error) error { return jsonfile.Unreadable("the export", err) }
