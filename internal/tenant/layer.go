package tenant

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
)

// object is a decoded JSON object.
type object = map[string]any

// template is a tenant-wide dataset as the data writes it. A profile's template is merged over the
// one of "good", so that it says only what is different.
type template struct {
	By       string            `json:"by"`       // the field by which changes name the records of a list
	Document object            `json:"document"` // a document; fields of upper layers win
	Each     object            `json:"each"`     // what the records of a list have in common; fields of upper layers win
	Records  []object          `json:"records"`  // the records of a list; an upper layer replaces them all
	Changes  map[string]object `json:"changes"`  // or changes some, and adds those that are not there yet
}

const base = "good"

// loadTemplates reads the templates of a profile, merged over those of the base.
func loadTemplates(profile string) (map[string]template, error) {
	laid, err := loadLayer(base)
	if err != nil || profile == base {
		return laid, err
	}
	over, err := loadLayer(profile)
	if err != nil {
		return nil, err
	}
	for name, upper := range over {
		lower, ok := laid[name]
		if !ok {
			return nil, fmt.Errorf("profile %s changes %s, which %s does not have", profile, name, base)
		}
		laid[name] = lower.under(upper)
	}
	return laid, nil
}

func loadLayer(name string) (map[string]template, error) {
	files, err := fs.Glob(data, path.Join("data", name, "*.json"))
	if err != nil {
		return nil, err
	}
	layer := map[string]template{}
	for _, file := range files {
		if path.Base(file) == profileFile {
			continue
		}
		var area map[string]template
		if err := load(strings.TrimPrefix(file, "data/"), &area); err != nil {
			return nil, err
		}
		maps.Copy(layer, area)
	}
	return layer, nil
}

// under lays another template over this one.
func (t template) under(upper template) template {
	laid := template{By: t.By, Records: t.Records}
	if t.Document != nil {
		laid.Document = merge(t.Document, upper.Document)
	}
	laid.Each = merge(t.Each, upper.Each)
	if upper.Records != nil {
		laid.Records = upper.Records
	}
	laid.Records = slices.Clone(laid.Records)
	for _, key := range slices.Sorted(maps.Keys(upper.Changes)) {
		change := upper.Changes[key]
		at := slices.IndexFunc(laid.Records, func(record object) bool { return record[t.By] == key })
		if at < 0 {
			laid.Records = append(laid.Records, merge(object{t.By: key}, change))
			continue
		}
		laid.Records[at] = merge(laid.Records[at], change)
	}
	return laid
}

// merge merges one object over another, object by object; lists and values of the upper one replace
// those of the lower one. It changes neither.
func merge(lower, upper object) object {
	merged := maps.Clone(lower)
	if merged == nil {
		merged = object{}
	}
	for name, value := range upper {
		below, isObject := merged[name].(object)
		above, both := value.(object)
		if isObject && both {
			value = merge(below, above)
		}
		merged[name] = value
	}
	return merged
}

// symbols are the words that templates leave to the tenant: "${domain}", "${user:security}",
// "${guid:anything}". A symbol with many values is the only element of a list, and expands to
// several elements.
type symbols struct {
	one  map[string]string
	many map[string][]string
	guid func(label string) string
}

// fill replaces the symbols of a value.
func (s symbols) fill(value any) (any, error) {
	switch value := value.(type) {
	case string:
		return s.text(value)
	case object:
		filled := make(object, len(value))
		var problems []error
		for name, field := range value {
			field, err := s.fill(field)
			filled[name], problems = field, append(problems, err)
		}
		return filled, errors.Join(problems...)
	case []any:
		filled := make([]any, 0, len(value))
		var problems []error
		for _, element := range value {
			if values, ok := s.list(element); ok {
				filled = append(filled, values...)
				continue
			}
			element, err := s.fill(element)
			filled, problems = append(filled, element), append(problems, err)
		}
		return filled, errors.Join(problems...)
	default:
		return value, nil
	}
}

func (s symbols) list(element any) ([]any, bool) {
	text, _ := element.(string)
	values, ok := s.many[strings.TrimSuffix(strings.TrimPrefix(text, "${"), "}")]
	if !ok {
		return nil, false
	}
	list := make([]any, len(values))
	for i, value := range values {
		list[i] = value
	}
	return list, true
}

func (s symbols) text(text string) (string, error) {
	var problem error
	filled := os.Expand(text, func(symbol string) string {
		if label, ok := strings.CutPrefix(symbol, "guid:"); ok {
			return s.guid(label)
		}
		value, ok := s.one[symbol]
		if !ok {
			problem = fmt.Errorf("no symbol %q", symbol)
		}
		return value
	})
	return filled, problem
}
