package codec

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Invariant: nil and empty collections stay different, and maps are written sorted.

// List codes a list with what codes an element of it.
func List[T any](c *Coder, v *[]T, element func(*Coder, *T)) {
	n := 0
	if *v != nil {
		n = len(*v) + 1
	}
	if n = c.count(n); c.reading {
		*v = nil
		if n > 0 {
			*v = make([]T, n-1)
		}
	}
	for i := range *v {
		element(c, &(*v)[i])
	}
}

// Map codes a map with what codes a value of it.
func Map[K ~string, V any](c *Coder, v *map[K]V, value func(*Coder, *V)) {
	n := 0
	if *v != nil {
		n = len(*v) + 1
	}
	if n = c.count(n); !c.reading {
		for _, name := range slices.Sorted(maps.Keys(*v)) {
			item := (*v)[name]
			Text(c, &name)
			value(c, &item)
		}
		return
	}
	*v = nil
	if n == 0 {
		return
	}
	*v = make(map[K]V, n-1)
	for range n - 1 {
		var (
			name K
			item V
		)
		Text(c, &name)
		value(c, &item)
		(*v)[name] = item
	}
}

// count codes the number of elements plus one; 0 means a nil collection.
func (c *Coder) count(n int) int {
	Int(c, &n)
	if c.reading && (n < 0 || n > len(c.in)+1) {
		c.fail()
		return 0
	}
	return n
}

// Pointer codes what may not be there.
func Pointer[T any](c *Coder, v **T, value func(*Coder, *T)) {
	there := *v != nil
	if c.Bool(&there); !there {
		*v = nil
		return
	}
	if c.reading {
		*v = new(T)
	}
	value(c, *v)
}

// The kinds of decoded JSON.
const (
	kindNull = iota
	kindFalse
	kindTrue
	kindNumber
	kindText
	kindArray
	kindObject
)

// JSON codes decoded JSON, with [json.Number] for numbers.
func JSON(c *Coder, v *any) {
	kind := kindOf(*v)
	if Int(c, &kind); kind < 0 || kind > kindObject {
		c.Fail(fmt.Errorf("a %T is no decoded JSON", *v))
		*v = nil
		return
	}
	switch kind {
	case kindNull:
		*v = nil
	case kindFalse, kindTrue:
		*v = kind == kindTrue
	case kindNumber:
		code(c, v, Text[json.Number])
	case kindText:
		code(c, v, Text[string])
	case kindArray:
		code(c, v, func(c *Coder, list *[]any) { List(c, list, JSON) })
	case kindObject:
		code(c, v, func(c *Coder, object *map[string]any) { Map(c, object, JSON) })
	}
}

// code codes a value that is kept as an interface.
func code[T any](c *Coder, v *any, value func(*Coder, *T)) {
	held, _ := (*v).(T)
	value(c, &held)
	*v = held
}

func kindOf(v any) int {
	switch v := v.(type) {
	case nil:
		return kindNull
	case bool:
		if v {
			return kindTrue
		}
		return kindFalse
	case json.Number:
		return kindNumber
	case string:
		return kindText
	case []any:
		return kindArray
	case map[string]any:
		return kindObject
	}
	return -1
}
