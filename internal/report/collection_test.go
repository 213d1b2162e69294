package report

import (
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/collect"
)

func TestCollection(t *testing.T) {
	plan := fixture[collect.Plan](t, "collection")
	golden(t, "collection", "table", Style{}, Collection{plan})
	golden(t, "collection-narrow-color", "table", Style{Color: true, Width: 72}, Collection{plan})
	golden(t, "collection-none", "table", Style{}, Collection{&collect.Plan{LeftOut: 2}})
	text := golden(t, "collection-json", "json", Style{}, Collection{plan})
	if !strings.HasPrefix(text, "{\n  \"schema_version\": \"1\"") {
		t.Errorf("it begins with %.40q", text)
	}
}
