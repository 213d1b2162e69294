package schemas

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// schema is one parsed JSON Schema with two ways to apply it: a quick one that can only say yes, and the library, which
// is asked when the quick one is not sure and says what is wrong.
type schema struct {
	shape    map[string]any
	location string
	accept   func() *acceptor
	compiled func() (*jsonschema.Schema, error)
}

func newSchema(raw []byte) (*schema, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var shape map[string]any
	if err := decoder.Decode(&shape); err != nil {
		return nil, err
	}
	location, ok := shape["$id"].(string)
	if !ok || location == "" {
		return nil, errors.New("the schema has no $id")
	}
	return &schema{
		shape:    shape,
		location: location,
		accept:   sync.OnceValue(func() *acceptor { return newAcceptor(shape) }),
		compiled: sync.OnceValues(func() (*jsonschema.Schema, error) { return compile(location, raw) }),
	}, nil
}

// compile hands the schema to the library, which checks it against the meta-schema and has nothing else to load from.
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
	err = compiled.Validate(value)
	if err == nil {
		return nil
	}
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return []Violation{{Keyword: "type", Message: "not a JSON value"}}
	}
	return order(s.leaves(invalid, value, nil))
}
