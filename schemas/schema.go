package schemas

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// schema is a JSON Schema with two validators: a fast one that proves values valid, and the library,
// which decides about all others and finds the violations. Each part is made on first use.
type schema struct {
	shape    func() map[string]any
	fold     func() *Fold // nil where values are compared as they are
	accept   func() *acceptor
	compiled func() (*jsonschema.Schema, error)
}

// newSchema parses a schema. If it folds, it is applied to values in their canonical form.
func newSchema(raw []byte, folds bool) (*schema, error) {
	shape, err := shapeOf(raw)
	if err != nil {
		return nil, err
	}
	return applied(raw, folds, func() map[string]any { return shape }), nil
}

// lateSchema is newSchema for a text that is known to be a valid schema, and folds. It is parsed on first use.
func lateSchema(raw []byte) *schema {
	return applied(raw, true, sync.OnceValue(func() map[string]any {
		shape, err := shapeOf(raw)
		if err != nil {
			return nil
		}
		return shape
	}))
}

func applied(raw []byte, folds bool, shape func() map[string]any) *schema {
	fold := func() *Fold { return nil }
	if folds {
		fold = sync.OnceValue(func() *Fold { return FoldOf(shape()) })
	}
	return &schema{
		shape: shape,
		fold:  fold,
		accept: sync.OnceValue(func() *acceptor {
			if shape() == nil { // the text is no schema
				return nil
			}
			return newAcceptor(shape(), fold())
		}),
		compiled: sync.OnceValues(func() (*jsonschema.Schema, error) {
			location, _ := shape()["$id"].(string)
			return compile(cmp.Or(location, "urn:posture:schema"), raw)
		}),
	}
}

func shapeOf(raw []byte) (shape map[string]any, err error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	err = decoder.Decode(&shape)
	return shape, err
}

// compile compiles a schema by the library, which checks it against the meta-schema and can load nothing else.
func compile(location string, raw []byte) (*jsonschema.Schema, error) {
	compiler := jsonschema.NewCompiler()
	compiler.Draft = jsonschema.Draft2020
	compiler.AssertFormat = true
	compiler.LoadURL = func(reference string) (io.ReadCloser, error) {
		return nil, fmt.Errorf("the reference %s leads out of the schema", clip(reference))
	}
	if err := compiler.AddResource(location, bytes.NewReader(raw)); err != nil {
		return nil, err
	}
	return compiler.Compile(location)
}

func (s *schema) validate(value any) []Violation {
	if s.accept().acceptsValue(value) {
		return nil
	}
	if found := unrepresentable(value, "", nil); len(found) > 0 {
		return order(found)
	}
	compiled, err := s.compiled()
	if err != nil {
		return []Violation{{Keyword: "$schema", Message: "the schema itself is not valid"}}
	}
	found := truncated(s.shape(), value, "", nil)
	value = s.fold().Value(value)
	err = compiled.Validate(value)
	if err == nil {
		return order(found)
	}
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return []Violation{{Keyword: "type", Message: "not a JSON value"}}
	}
	return order(s.leaves(invalid, value, found))
}
