package engine

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/load"
	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/schemas"
)

// TestRulesReadFieldsThatExist looks for fields that a rule of a built-in control reads of a record, or of what is joined to it, and no
// schema has. OPA's type checker finds those that a rule names itself, and not those that a function names of what it is given.
func TestRulesReadFieldsThatExist(t *testing.T) {
	t.Parallel()
	source, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	datasets, err := schemas.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	cat, err := catalog.Load(t.Context(), datasets, source)
	if err != nil {
		t.Fatal(err)
	}
	e, err := Compile(t.Context(), cat, Options{})
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, control := range cat.InForce() {
		if control.Coverage == nil {
			continue
		}
		record := &jsonscan.FieldMask{Fields: maps.Clone(e.rules.Of(control).AccessPaths().Input.Fields)}
		read := map[string]*jsonscan.FieldMask{}
		for _, j := range control.Coverage.Joins {
			note(read, j.Dataset, load.JoinedMask(record.Fields[j.Name], j.Many))
			delete(record.Fields, j.Name)
		}
		note(read, control.Coverage.Dataset, record)
		for _, name := range slices.Sorted(maps.Keys(read)) {
			d, ok := datasets.Dataset(name)
			if !ok {
				t.Fatalf("%s reads %s, which has no schema", control.ID, name)
			}
			for _, field := range unknown(d.Shape(), d.Shape(), read[name]) {
				t.Errorf("%s reads %s of %s, which its schema doesn't have", control.ID, field, name)
			}
			checked += len(read[name].Fields)
		}
	}
	if checked == 0 {
		t.Error("no rule reads anything")
	}
}

func note(read map[string]*jsonscan.FieldMask, dataset string, paths *jsonscan.FieldMask) {
	if read[dataset] == nil {
		read[dataset] = &jsonscan.FieldMask{}
	}
	read[dataset].Add(paths)
}

// unknown returns the fields among the paths that a part of a schema doesn't have. Where it doesn't list them any field will do.
func unknown(whole, part map[string]any, paths *jsonscan.FieldMask) []string {
	if paths == nil {
		return nil
	}
	if ref, ok := part["$ref"].(string); ok {
		definitions, _ := whole["$defs"].(map[string]any)
		part, _ = definitions[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
	}
	var missing []string
	inside := func(prefix string, part any, paths *jsonscan.FieldMask) {
		schema, _ := part.(map[string]any)
		for _, field := range unknown(whole, schema, paths) {
			missing = append(missing, prefix+field)
		}
	}
	if items, ok := part["items"]; ok {
		inside("[].", items, paths.Each)
	}
	if properties, ok := part["properties"].(map[string]any); ok {
		for _, name := range slices.Sorted(maps.Keys(paths.Fields)) {
			if property, ok := properties[name]; ok {
				inside(name+".", property, paths.Fields[name])
			} else {
				missing = append(missing, name)
			}
		}
	}
	return missing
}
