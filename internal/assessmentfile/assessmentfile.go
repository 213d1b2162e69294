package assessmentfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/importer/jsonfile"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/schemas"
)

// maxBytes bounds an assessment, which is read into memory. That of a thousand controls has about 2 MiB.
const maxBytes = 64 << 20

// document is the name of the schema.
const document = "assessment"

// Recognise reports whether a stream is a saved assessment: an object with schema_version, score and actions, in any order and of
// any version. It reads no further than it must, and looks only at names.
//
// A signed one is recognised, too, so that [Read] can say what to do with it.
func Recognise(r io.Reader) bool {
	dec := jsontext.NewDecoder(jsonfile.Text(io.LimitReader(r, maxBytes)))
	if token, err := dec.ReadToken(); err != nil || token.Kind() != '{' {
		return false
	}
	wanted := []string{"schema_version", "score", "actions"}
	names := fields()
	for len(wanted) > 0 {
		name, err := dec.ReadToken()
		if err != nil || name.Kind() != '"' {
			return false
		}
		if slices.Contains(signed(), name.String()) && len(wanted) == 3 {
			return true
		}
		// An unknown name ends the search, unless the document was found to have a version: it may be a later one.
		if !slices.Contains(names, name.String()) && slices.Contains(wanted, "schema_version") {
			return false
		}
		wanted = slices.DeleteFunc(wanted, func(w string) bool { return w == name.String() })
		if err := dec.SkipValue(); err != nil {
			return false
		}
	}
	return true
}

// ErrSigned says that a file holds an envelope with an assessment in it. It is for who checks the signature.
var ErrSigned = errors.New("it is a signed assessment: verify it first, with 'posture verify RESULT --evidence PATH --key PUB --output FILE', which " +
	"writes the assessment in it")

// signed returns the names of the top-level fields of an envelope of DSSE.
func signed() []string { return []string{"payload", "payloadType", "signatures"} }

// fields returns the names of the top-level fields of an assessment.
func fields() []string {
	return []string{"schema_version", "tenant", "evaluated_at", "evidence", "catalog", "register", "engine", "limits", "redaction", "score", "findings", "actions", "comparison"}
}

// Read reads one assessment, and turns one of an earlier version into one of this version. A later version is an error, and so is
// anything after the assessment.
func Read(r io.Reader) (*engine.Assessment, error) {
	text, err := io.ReadAll(io.LimitReader(jsonfile.Text(r), maxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("reading the assessment: %w", err)
	}
	if len(text) > maxBytes {
		return nil, fmt.Errorf("the assessment has more than %d MiB", maxBytes>>20)
	}
	if err := check(text); err != nil {
		return nil, err
	}
	var a engine.Assessment
	if err := json.Unmarshal(text, &a); err != nil {
		return nil, fmt.Errorf("reading the assessment: %w", err)
	}
	if err := audit(&a); err != nil {
		return nil, err
	}
	a.SchemaVersion = engine.SchemaVersion
	return &a, nil
}

// versions returns the versions of the format that can be read.
func versions() []string { return []string{"1", engine.SchemaVersion} }

// check validates the text: the grammar of JSON, the version and the schema.
func check(text []byte) error {
	// A duplicate name would be ambiguous: this decoder refuses it.
	dec := jsontext.NewDecoder(bytes.NewReader(text))
	if err := dec.SkipValue(); err != nil {
		return fmt.Errorf("the assessment is not sound JSON: %w", err)
	}
	if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the end of the assessment")
	}
	if schemas.Accepts(document, text) { // which takes a tenth of the time
		return nil
	}
	value, err := records.Decode(text, records.Limits{RecordBytes: maxBytes})
	if err != nil {
		return fmt.Errorf("reading the assessment: %w", err)
	}
	if object, ok := value.(map[string]any); ok {
		if _, ok := object["payloadType"]; ok {
			return ErrSigned
		}
		if version, ok := object["schema_version"].(string); ok && !slices.Contains(versions(), version) {
			return fmt.Errorf("the assessment has schema_version %q; this program reads %s: assess the evidence again, or use the "+
				"version of posture that wrote it", clip(version), `"`+strings.Join(versions(), `" and "`)+`"`)
		}
	}
	return schemas.Mismatch("the assessment", schemas.Validate(document, value))
}

func clip(text string) string {
	if runes := []rune(text); len(runes) > 60 {
		return string(runes[:59]) + "…"
	}
	return text
}
