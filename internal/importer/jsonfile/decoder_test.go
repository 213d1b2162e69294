package jsonfile_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/importer/jsonfile"
)

func TestDecoderBounds(t *testing.T) {
	text := `["` + strings.Repeat("a", 100) + `"]`
	if err := jsonfile.NewDecoder(t.Context(), strings.NewReader(text), int64(len(text))).SkipValue(); err != nil {
		t.Errorf("a file of just the limit: %v", err)
	}
	err := jsonfile.NewDecoder(t.Context(), strings.NewReader(text), int64(len(text))-1).SkipValue()
	if !errors.Is(err, jsonfile.ErrTooLarge) {
		t.Errorf("a file beyond the limit: %v, want ErrTooLarge", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := jsonfile.NewDecoder(ctx, strings.NewReader(text), 1000).SkipValue(); !errors.Is(err, context.Canceled) {
		t.Errorf("after cancel: %v, want context.Canceled", err)
	}
}

func TestExplain(t *testing.T) {
	tests := map[string]string{
		`{"a":[1,`:    "the JSON ends too early: the file was cut off",
		"":            "it is empty",
		`{"a":nan}`:   "not well-formed JSON: invalid character 'a' in literal null (expecting 'u') at byte 6",
		"{\x00\"\x00": "the JSON ends too early: the file was cut off",
		"\x00{\x00\"": "the JSON ends too early: the file was cut off",
	}
	for text, want := range tests {
		err := jsonfile.NewDecoder(t.Context(), strings.NewReader(text), 1000).SkipValue()
		if err == nil {
			t.Errorf("%q: no error", text)
			continue
		}
		expect.Equalf(t, want, jsonfile.Explain(err), "%q:\n", text)
	}
}
