package msgraph

import (
	"encoding/json"
	"fmt"
	"strings"
)

// agree puts two accounts of one thing together: what only one of them has is
// taken, and what both have has to be the same. Where it is not, agree names the
// first field that differs. Fields that the schema does not know make no
// difference. Texts are the same in any case.
func agree(a, b any, shape map[string]any, at string) (any, string) {
	switch first := a.(type) {
	case map[string]any:
		if second, ok := b.(map[string]any); ok {
			return agreeFields(first, second, shape, at)
		}
	case []any:
		if second, ok := b.([]any); ok {
			return agreeElements(first, second, shape, at)
		}
	}
	switch {
	case a == nil && isNothing(b):
		return b, ""
	case b == nil && isNothing(a), same(a, b):
		return a, ""
	}
	return nil, at
}

// isNothing reports whether a value says no more than null does: v1.0 writes null
// where beta writes an object with nothing in it.
func isNothing(value any) bool {
	switch value := value.(type) {
	case nil:
		return true
	case []any:
		return len(value) == 0
	case map[string]any:
		for _, v := range value {
			if !isNothing(v) {
				return false
			}
		}
		return true
	}
	return false
}

func agreeFields(a, b, shape map[string]any, at string) (any, string) {
	properties, _ := shape["properties"].(map[string]any)
	merged := make(map[string]any, len(a)+len(b))
	for name, value := range b {
		merged[name] = value
	}
	for _, name := range sortedKeys(a) {
		also, both := b[name]
		of, known := properties[name].(map[string]any)
		if merged[name] = a[name]; !both || !known {
			continue
		}
		place := name
		if at != "" {
			place = at + "." + name
		}
		value, where := agree(a[name], also, of, place)
		if where != "" {
			return nil, where
		}
		merged[name] = value
	}
	return merged, ""
}

// agreeElements pairs the elements of two lists, in whatever order they stand.
func agreeElements(a, b []any, shape map[string]any, at string) (any, string) {
	const most = 2000 // every element may be compared with every other
	if len(a) != len(b) || len(a) > most {
		return nil, at
	}
	items, _ := shape["items"].(map[string]any)
	left := append([]any{}, b...)
	merged := make([]any, 0, len(a))
	for _, element := range a {
		found := false
		for i, other := range left {
			value, where := agree(element, other, items, at)
			if where != "" {
				continue
			}
			merged, left, found = append(merged, value), append(left[:i:i], left[i+1:]...), true
			break
		}
		if !found {
			return nil, at
		}
	}
	return merged, ""
}

func same(a, b any) bool {
	switch a.(type) {
	case nil, bool, string, json.Number, float64:
		if b == nil || a == nil {
			return a == b
		}
		_, textA := a.(string)
		_, textB := b.(string)
		return textA == textB && strings.EqualFold(fmt.Sprint(a), fmt.Sprint(b))
	}
	return false
}
