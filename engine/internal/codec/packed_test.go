package codec_test

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"github.com/posture-score/posture/engine/internal/codec"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// thing has all that can be packed.
type thing struct {
	Name    string
	Numbers []int64
	Flag    bool
	Words   map[string][]string
	Value   any
	Below   *thing
}

func (t *thing) code(c *codec.Coder) {
	codec.Text(c, &t.Name)
	codec.List(c, &t.Numbers, codec.Int[int64])
	c.Bool(&t.Flag)
	codec.Map(c, &t.Words, func(c *codec.Coder, v *[]string) { codec.List(c, v, codec.Text[string]) })
	codec.JSON(c, &t.Value)
	codec.Pointer(c, &t.Below, func(c *codec.Coder, below *thing) { below.code(c) })
}

func things() []thing {
	return []thing{
		{},
		{Name: "b", Numbers: []int64{0, 1, -1, 63, 64, -65, math.MaxInt64, math.MinInt64}, Flag: true},
		{Numbers: []int64{}, Words: map[string][]string{}},
		{Words: map[string][]string{"b": {"x", "", "x"}, "a": nil, "": {}}, Below: &thing{Name: "b", Below: &thing{}}},
		{Value: map[string]any{"a": []any{nil, true, false, json.Number("1e3"), "b", []any{}, map[string]any{}}}},
	}
}

func ExampleCoder() {
	code := func(c *codec.Coder, points *[]int) { codec.List(c, points, codec.Int[int]) }
	points := []int{10, 5, 10}
	w := codec.NewWriter()
	code(w, &points)
	var read []int
	r := codec.NewReader(string(w.Packed()))
	code(r, &read)
	fmt.Println(read, r.End())
	// Output: [10 5 10] <nil>
}

func TestRead(t *testing.T) {
	for i, want := range things() {
		w := codec.NewWriter()
		want.code(w)
		text := string(w.Packed())
		var got thing
		r := codec.NewReader(text)
		got.code(r)
		if err := r.End(); err != nil {
			t.Errorf("%d: %v", i, err)
		}
		expect.Equalf(t, want, got, "%d", i)
		for n := range len(text) {
			cut := codec.NewReader(text[:n])
			if new(thing).code(cut); cut.End() == nil {
				t.Errorf("%d: the first %d of %d bytes were read without an error", i, n, len(text))
			}
		}
		long := codec.NewReader(text + "\x00")
		if new(thing).code(long); long.End() == nil {
			t.Errorf("%d: something that follows was read without an error", i)
		}
	}
}

func TestPart(t *testing.T) {
	parts := things()
	w := codec.NewWriter()
	for i := range parts {
		w.Part(func() { parts[i].code(w) })
	}
	r := codec.NewReader(string(w.Packed()))
	readers := make([]*codec.Coder, len(parts))
	for i := range parts {
		readers[i] = r.Part(nil)
	}
	must.Do(t, r.End())
	for i, reader := range readers {
		var got thing
		if got.code(reader); reader.End() != nil {
			t.Errorf("%d: %v", i, reader.Err())
		}
		expect.Equalf(t, parts[i], got, "%d", i)
	}
}

func TestJSONAlone(t *testing.T) {
	w := codec.NewWriter()
	value := any(1.5)
	if codec.JSON(w, &value); w.Err() == nil {
		t.Error("a float was written, which would be read as something else")
	}
}

// FuzzRead: whatever is read, there is an end to it, and no panic.
func FuzzRead(f *testing.F) {
	for _, t := range things() {
		w := codec.NewWriter()
		t.code(w)
		f.Add(string(w.Packed()))
	}
	f.Fuzz(func(_ *testing.T, text string) {
		r := codec.NewReader(text)
		new(thing).code(r)
		_ = r.End()
	})
}
