package msgraph

import (
	"maps"
	"slices"
	"strings"

	"github.com/posture-score/posture/internal/importer/psobject"
)

// isDeleted reports whether a record is of something that was deleted.
func isDeleted(record map[string]any) bool {
	return record["deletedDateTime"] != nil || record["DeletedDateTime"] != nil
}

// nullIsUnasked reports whether Microsoft Graph PowerShell writes null for what
// was not asked for: Graph gives a few properties of users and groups, and the
// others only if they are named.
func nullIsUnasked(path string) bool { return path == allUsers || path == allGroups }

// addFilled notes the fields of a record that have a value.
func addFilled(filled map[string]bool, record map[string]any) map[string]bool {
	if filled == nil {
		filled = map[string]bool{}
	}
	for name, value := range unfolded(record) {
		if value != nil {
			filled[strings.ToLower(name)] = true
		}
	}
	return filled
}

// more is where Microsoft Graph PowerShell puts what it has no property for.
const more = "AdditionalProperties"

// unfolded spells an object of Microsoft Graph PowerShell as Graph does: names
// in camel case, and what the cmdlet has no property for beside the others.
func unfolded(record map[string]any) map[string]any {
	if _, folded := record[more]; !folded && record["Id"] == nil {
		return record
	}
	plain, _ := unfoldedValue(record).(map[string]any)
	return plain
}

func unfoldedValue(value any) any {
	switch value := value.(type) {
	case map[string]any:
		plain := make(map[string]any, len(value))
		for _, name := range slices.Sorted(maps.Keys(value)) {
			if name != more {
				plain[psobject.CamelCase(name)] = unfoldedValue(value[name])
			}
		}
		added, _ := value[more].(map[string]any)
		for name, v := range added {
			if plain[name] == nil {
				plain[name] = v
			}
		}
		return plain
	case []any:
		list := make([]any, len(value))
		for i, element := range value {
			list[i] = unfoldedValue(element)
		}
		return list
	}
	return value
}
