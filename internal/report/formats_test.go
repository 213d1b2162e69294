package report

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/must"
)

// evil is a text that tries to be more than text in every format: XML, JSON, a formula, Markdown, HTML, a label, a line, a terminal.
const evil = "\"]]><!--=cmd|' /C calc'!A0 -->\n# EOF\r\n|**x**|<img src=x onerror=1> @everyone #1 [a](javascript:1) `\x1b[2J\\\" }\u202e www.evil.example $x$ ${{ x }} ::error::\xff"

// pages are assessments that formats are tested with, by name.
func pages(t *testing.T) map[string]Assessment {
	t.Helper()
	steering := assessment(t, "hostile")
	named := ordinary(t)
	named.Tenant = engine.Tenant{ID: evil, Name: evil}
	named.Catalog.Version, named.Engine.Version = evil, evil
	for i := range named.Actions {
		a := &named.Actions[i]
		a.ID, a.Title, a.Category, a.Product = evil+a.ID, evil, evil, evil
		a.Reasons = []string{evil, evil}
		if a.Failing != nil {
			for j := range a.Failing.Shown {
				a.Failing.Shown[j] = engine.Record{Key: evil + a.Failing.Shown[j].Key, Label: evil}
			}
		}
	}
	all := map[string]Assessment{}
	for name, a := range map[string]*engine.Assessment{"ordinary": ordinary(t), "steering": steering, "named": named, "empty": {}} {
		a.Evidence.Digest, a.Catalog.Digest = "sha256:"+strings.Repeat("e", 64), "sha256:"+strings.Repeat("c", 64)
		a.Evidence.CollectedAt = time.Date(2026, 3, 1, 6, 0, 0, 0, time.UTC)
		if a.EvaluatedAt.IsZero() {
			a.EvaluatedAt = a.Evidence.CollectedAt
		}
		all[name] = Assessment{Assessment: a, Controls: loadCatalog(t)}
	}
	return all
}

// rendered returns a page in a format. Written a second time it has to be the same.
func rendered(t *testing.T, page Page, format string) string {
	t.Helper()
	var text, again bytes.Buffer
	must.Do(t, Write(&text, page, format, Style{}))
	must.Do(t, Write(&again, page, format, Style{}))
	if text.String() != again.String() {
		t.Errorf("%s: written twice it differs", format)
	}
	return text.String()
}

// schema compiles testdata/schemas/NAME.
func schema(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat = true
	must.Do(t, compiler.AddResource("file:///"+name, bytes.NewReader(must.Get(os.ReadFile(filepath.Join("testdata", "schemas", name)))(t))))
	return must.Get(compiler.Compile("file:///" + name))(t)
}

// valid validates JSON, and returns it.
func valid(t *testing.T, s *jsonschema.Schema, text string) any {
	t.Helper()
	var value any
	must.Do(t, json.Unmarshal([]byte(text), &value))
	if err := s.Validate(value); err != nil {
		t.Errorf("%#v", err)
	}
	return value
}

// TestNamesInFormats writes hostile names in every format of an assessment: none ends up as a control character.
func TestNamesInFormats(t *testing.T) {
	for name, page := range pages(t) {
		for _, format := range []string{"markdown", "openmetrics", "csv", "sarif", "github", "gitlab", "junit", "ndjson", "ocsf", "oscal", "intoto"} {
			text := rendered(t, page, format)
			if i := strings.IndexFunc(text, func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' }); i >= 0 {
				t.Errorf("%s in %s: a control character is at byte %d", name, format, i)
			}
		}
	}
}

// TestAssessmentFullDisk holds every format to telling that it could not be written.
func TestAssessmentFullDisk(t *testing.T) {
	page := pages(t)["ordinary"]
	for _, format := range []string{"ndjson", "csv", "markdown", "sarif", "junit", "github", "gitlab", "oscal", "ocsf", "openmetrics", "intoto"} {
		for _, room := range []full{0, 100} {
			if err := Write(&room, page, format, Style{}); err == nil {
				t.Errorf("%s on a full disk: no error", format)
			}
		}
	}
}

// pieces counts the writes to a stream, and remembers the largest. Every so many it looks at how much is in use.
type pieces struct {
	count, largest, every int
	before, most          int64
}

func (p *pieces) Write(b []byte) (int, error) {
	p.count++
	p.largest = max(p.largest, len(b))
	if p.every > 0 && p.count%p.every == 0 {
		p.most = max(p.most, inUse()-p.before)
	}
	return len(b), nil
}

// inUse returns how many bytes of the heap are in use.
func inUse() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc) //nolint:gosec // no heap is that large
}

// crowded returns a page of which an action has so many failing records that are named.
func crowded(t *testing.T, count int) Assessment {
	t.Helper()
	shown := make([]engine.Record, count)
	for i := range shown {
		shown[i] = engine.Record{Key: "0123456789abcdef0123456789abcdef", Label: "somebody@contoso.example"}
	}
	page := judged(t)
	page.Screen.All = true
	i := slices.IndexFunc(page.Actions, func(a engine.Action) bool { return verdictOf(&a) == open })
	page.Actions[i].Failing = &engine.Failing{Total: int64(count), Shown: shown}
	return page
}

// TestManyRecords writes 100,000 failing records: what has room for them piece by piece, without holding a text of all, and all others bounded. Those
// that name records say how many they leave out.
func TestManyRecords(t *testing.T) {
	page := crowded(t, 100_000)
	for _, format := range []string{"ndjson", "ocsf", "json"} {
		p := pieces{every: 200, before: inUse()}
		must.Do(t, Write(&p, page, format, Style{}))
		if p.largest > 128<<10 || p.count < 100 {
			t.Errorf("%s: %d pieces, the largest of %d bytes", format, p.count, p.largest)
		}
		if p.most > 4<<20 {
			t.Errorf("%s: holds %d MiB of what it has written", format, p.most>>20)
		}
	}
	says := map[string]string{
		"table": "and 9999", "oscal": "99900 more records do not comply.", "sarif": "and 99995 more", "junit": "and 99995 more", "gitlab": "and 99995 more",
		"github": "", "csv": "", "markdown": "", "openmetrics": "} 100000\n", "intoto": "",
	}
	for _, format := range gateFormats(t) {
		if slices.Contains([]string{"ndjson", "ocsf", "json"}, format) {
			continue
		}
		want, known := says[format]
		if text := rendered(t, page, format); len(text) > 100<<10 || !known || !strings.Contains(text, want) {
			t.Errorf("%s: %d bytes, which do not say %q", format, len(text), want)
		}
	}
}

// TestJSONInPieces writes the same JSON piece by piece as at once.
func TestJSONInPieces(t *testing.T) {
	all := pages(t)
	all["judged"], all["crowded"] = judged(t), crowded(t, 2*manyRecords)
	// What looks like the place of a list is none.
	trap := crowded(t, manyRecords)
	trap.Tenant.Name = "\n  \"actions\": null"
	trap.Actions[1].Title = "\n      \"failing\": {\n        \"total\": 1000,\n        \"shown\": null"
	trap.Actions[1].Excluded = &engine.Excluded{Total: 1000}
	all["trap"] = trap
	for name, page := range all {
		var want bytes.Buffer
		must.Do(t, encode(&want, page.document()))
		if got := rendered(t, page, "json"); got != want.String() {
			t.Errorf("%s: written piece by piece the JSON differs", name)
		}
	}
}

// errorHas reports an error that lacks a text.
func errorHas(t *testing.T, err error, text string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), text) {
		t.Errorf("got the error %v, want one with %q", err, text)
	}
}
