package fidelity_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// shell is a PowerShell that saves values with ConvertTo-Json, as it is written in the sources of
// PowerShell 7 (JsonObject.cs, ProcessValue) and was in Windows PowerShell 5.1: a list or an object
// below the depth becomes the text that it casts to.
type shell struct {
	depth    int
	hashes   bool // objects are hash tables, as Invoke-MgGraphRequest returns them, rather than custom objects
	unrolled bool // lists went through a pipeline: those of one are their element, empty ones null
	wrapped  bool // Windows PowerShell: lists have a Count of their own, and so have their texts
}

// save is ConvertTo-Json.
func (s shell) save(value any) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(s.process(value, 0)); err != nil {
		panic(err) // only for a test that is wrong itself
	}
	return b.Bytes()
}

func (s shell) process(value any, level int) any {
	switch value := value.(type) {
	case []any:
		if s.unrolled && level > 1 {
			switch len(value) {
			case 0:
				return nil
			case 1:
				return s.process(value[0], level)
			}
		}
		var processed any = s.cast(value)
		if level <= s.depth {
			list := make([]any, len(value))
			for i, element := range value {
				list[i] = s.process(element, level+1)
			}
			processed = list
		}
		if s.wrapped {
			return map[string]any{"value": processed, "Count": len(value)}
		}
		return processed
	case map[string]any:
		if level > s.depth {
			return s.cast(value)
		}
		object := make(map[string]any, len(value))
		for name, member := range value {
			object[name] = s.process(member, level+1)
		}
		return object
	}
	return value
}

// cast returns the text of a value: [string]$value.
func (s shell) cast(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case bool:
		return map[bool]string{true: "True", false: "False"}[value]
	case []any:
		texts := make([]string, len(value))
		for i, element := range value {
			texts[i] = s.cast(element)
		}
		return strings.Join(texts, " ")
	case map[string]any:
		if s.hashes {
			return "System.Collections.Hashtable"
		}
		var pairs []string
		for _, name := range slices.Sorted(maps.Keys(value)) {
			member := s.cast(value[name])
			switch value[name].(type) {
			case []any:
				member = "System.Object[]"
			case map[string]any:
				member = ""
			}
			pairs = append(pairs, name+"="+member)
		}
		return "@{" + strings.Join(pairs, "; ") + "}"
	}
	return fmt.Sprint(value)
}
