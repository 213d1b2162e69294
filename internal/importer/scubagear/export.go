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
	"github.com/posture-score/posture/internal/importer/psobject"
)

// maxBytes bounds an export. They are a few MiB; what is wanted of them is held.
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

// export is what is wanted of an export, as PowerShell wrote it.
type export struct {
	values    map[string]any    // by key
	faults    map[string]string // what is wrong with the value of a key
	succeeded map[string]bool   // names of cmdlets
	failed    map[string]bool
}

// rawKey is the member of ScubaGear's results that holds the export, unless it
// was told to keep that in a file of its own.
const rawKey = "Raw"

// IsExport tells from the names of the members of a JSON object whether it is
// an export, or results that hold one. One name alone might be anyone's.
func IsExport(names []string) bool {
	around := slices.Contains(names, "MetaData") || slices.Contains(names, "Results")
	return isExport(names) || slices.Contains(names, rawKey) && around
}

// IsResults tells from the names of the members of a JSON object whether it is
// ScubaGear's results, which need not hold an export.
func IsResults(names []string) bool {
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

// read takes from an export the values under the wanted keys and what it says
// about itself and its cmdlets.
func read(ctx context.Context, r io.Reader, wanted map[string]bool, limits evidence.Limits) (*export, error) {
	decoder := psobject.NewDecoder(ctx, r, maxBytes)
	if kind := decoder.PeekKind(); kind != '{' && kind != 0 {
		return nil, notExport("it is not a JSON object")
	}
	e := &export{values: map[string]any{}, faults: map[string]string{}, succeeded: map[string]bool{}, failed: map[string]bool{}}
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
	case IsResults(names):
		return nil, &evidence.Error{
			Summary: "the results hold no export: they have no member " + rawKey,
			Hint:    "Use ProviderSettingsExport.json, or the results as ScubaGear writes them.",
		}
	}
	return nil, notExport("it lacks " + versionKey + ", " + tenantKey + " and the like")
}

// object reads the members of the export, and of the results around it, and
// returns the names of the former.
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

// end makes sure that nothing follows.
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
	value, fault, err := readValue(decoder, limits)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	delete(e.faults, name)
	if fault != nil {
		e.faults[name] = fmt.Sprintf("%s: %v", name, fault)
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

// organization takes the answer of Graph out of what ScubaGear made of it.
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

// readValue reads a value, a list element by element so that the bound of a
// record is that of an element. A fault is a value that JSON allows and evidence
// does not: it costs what is made of it, and not the export.
func readValue(decoder *jsontext.Decoder, limits evidence.Limits) (value any, fault, err error) {
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
		if wrong != nil && fault == nil {
			fault = fmt.Errorf("element %d: %w", len(list)+1, wrong)
		}
		list = append(list, element)
	}
	if _, err := decoder.ReadToken(); err != nil {
		return nil, nil, unreadable(err)
	}
	return list, fault, nil
}

func readOne(decoder *jsontext.Decoder, limits evidence.Limits) (value any, fault, err error) {
	raw, err := decoder.ReadValue()
	if err != nil {
		return nil, nil, unreadable(err)
	}
	value, fault = psobject.Decode(raw, limits)
	return value, fault, nil
}

// elements makes a list of what PowerShell may have made of one. Null, and the
// empty object that Windows PowerShell writes for the answer of a cmdlet that
// found nothing, are no elements.
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

// tenant says whose export it is, if it does.
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

// known gives a text unless ScubaGear put a notice of failure in its place.
func known(value any) string {
	text, _ := value.(string)
	if strings.HasPrefix(text, "Error retrieving") {
		return ""
	}
	return text
}

// made says when the export was made, if it does.
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

// unreadable words what is wrong with the text of the export.
func unreadable(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return &evidence.Error{Summary: "the export cannot be read: " + psobject.Explain(err)}
}
