package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/report"
)

// decided names people, a ticket and records, in every attribute that a register has.
const decided = `
action "AdminMFAV2" {
  status     = "planned"
  owner      = "Olga Ownerova <olga@contoso.example>"
  due        = "2026-12-31"
  ticket     = "SECRET-4711"
  tags       = ["secretproject"]
  changed_by = "Chester Changer"
  changed_at = "2026-09-30T12:00:00Z"

  note {
    time   = "2026-09-30T12:00:00Z"
    author = "Nora Noteworthy"
    text   = "asked Peter Privateer"
  }
}

action "MFARegistrationV2" {
  status      = "risk_accepted"
  reason      = "because of Rita Reasonable"
  approved_by = "Arthur Approver"
  expires     = "2027-01-31"

  exclude "b062f694-2634-4b03-a459-6d8e29370693" {
    reason = "the account of Xaver Xylophone"
  }

  exclude "unused-of-ursula" {
    reason = "x"
  }
}
`

// evidenceNames returns what names somebody or something in the evidence of a tenant: every address, id and name of a record. What the
// catalog and the schemas hold, too, is public.
func evidenceNames(t *testing.T, dir string) []string {
	t.Helper()
	names := map[string]bool{}
	entries := must.Get(os.ReadDir(dir))(t)
	for _, entry := range entries {
		dec := json.NewDecoder(bytes.NewReader(must.Get(os.ReadFile(filepath.Join(dir, entry.Name())))(t)))
		for {
			var value any
			if err := dec.Decode(&value); err != nil {
				break
			}
			gather("", value, names)
		}
	}
	public := publicTexts(t)
	return slices.DeleteFunc(slices.Sorted(maps.Keys(names)), func(name string) bool { return strings.Contains(public, strings.ToLower(name)) })
}

var (
	isName    = regexp.MustCompile(`(?i)^(id|.*name|name|identity|mail|.*email.*|upn|guid|key|by|user|group|reason|sid|title)$`)
	isAddress = regexp.MustCompile(`(?i)@|\.example\b|onmicrosoft|^[0-9a-f]{8}-[0-9a-f]{4}-|^[0-9a-f]{40}$`)
)

func gather(field string, value any, names map[string]bool) {
	switch v := value.(type) {
	case map[string]any:
		for name, inner := range v {
			gather(name, inner, names)
		}
	case []any:
		for _, inner := range v {
			gather(field, inner, names)
		}
	case string:
		if len(v) > 3 && (isName.MatchString(field) || isAddress.MatchString(v)) {
			names[v] = true
		}
	}
}

// publicTexts returns what the catalog and the schemas hold, in lower case.
func publicTexts(t *testing.T) string {
	t.Helper()
	var text strings.Builder
	for _, dir := range []string{"policies", "schemas"} {
		must.Do(t, filepath.WalkDir(filepath.Join("..", "..", dir), func(path string, entry os.DirEntry, err error) error {
			if err != nil || entry.IsDir() || strings.HasSuffix(path, "_test.rego") || filepath.Ext(path) == ".bin" {
				return err
			}
			text.Write(must.Get(os.ReadFile(path))(t))
			return nil
		}))
	}
	return strings.ToLower(text.String())
}

// TestRedact assesses a sample tenant with --redact in every format: none of the names in its evidence and register is in any of them.
func TestRedact(t *testing.T) {
	tenant := filepath.Join("..", "..", "testdata", "contoso")
	dir := t.TempDir()
	names := evidenceNames(t, tenant)
	if len(names) < 200 || !slices.Contains(names, "adm-pia.romano@contoso.example") || !slices.Contains(names, "Yara Keller") {
		t.Fatalf("%d names are found: %.500q", len(names), names)
	}
	plain := redactRun(t, dir, tenant, false, "json")["json"]
	found := 0
	for _, name := range names {
		if strings.Contains(plain, name) {
			found++
		}
	}
	if found < 50 {
		t.Fatalf("%d names are in the assessment without --redact", found)
	}
	names = append(names, "Olga", "olga@", "SECRET-4711", "secretproject", "Chester", "Nora", "Privateer", "Rita", "Arthur", "Xaver", "ursula", "contoso.example")
	formats := report.Formats(report.Assessment{})
	texts := redactRun(t, dir, tenant, true, formats...)
	if len(texts) != len(formats)+1 {
		t.Fatalf("%d files of %d formats and the failing records", len(texts), len(formats))
	}
	for format, text := range texts {
		for _, name := range names {
			if strings.Contains(text, name) {
				t.Errorf("%s has the name %q", format, name)
			}
		}
	}
	if !strings.Contains(texts["markdown"], "fail now: anon-") {
		t.Errorf("the comment does not tell what changed:\n%s", texts["markdown"])
	}
	first := regexp.MustCompile(`"key":"(anon-[0-9a-f]{16})"`).FindStringSubmatch(texts["failing"])[1]
	if !strings.Contains(texts["json"], first) {
		t.Errorf("the first failing record is %s in the file of them and not in JSON", first)
	}
}

// redactRun assesses a tenant once and returns what it writes by format, unpacked if it is packed, and the failing records as "failing".
func redactRun(t *testing.T, dir, tenant string, redacted bool, formats ...string) map[string]string {
	t.Helper()
	file := func(name string) string { return filepath.Join(dir, name) }
	for name, text := range map[string]string{"register.hcl": decided, "key": "0123456789abcdef0123456789abcdef\n", "whole.tmpl": "{{ . }}"} {
		must.Do(t, os.WriteFile(file(name), []byte(text), 0o600))
	}
	args := []string{
		"assess", tenant, "--register", file("register.hcl"), "--failing", "all", "--settings", "", "--failing-file", file("out.failing"), "--output", file("out"),
	}
	for _, format := range formats {
		word := format
		if format == templateFormat {
			word += "=" + file("whole.tmpl")
		}
		args = append(args, "--report", word+"="+file("out."+format))
	}
	if redacted { // with what changed since a baseline
		redactRun(t, dir, tenant+"-2026-09-17.tar.zst", false, "json")
		must.Do(t, os.Rename(file("out.json"), file("base.json")))
		args = append(args, "--redact", "--redact-key", file("key"), "--baseline", file("base.json"), "--warn-only")
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), args, terminal{in: strings.NewReader(""), out: &out, err: &errs}); code != exitOK {
		t.Fatalf("exit code %d: %s", code, errs.String())
	}
	texts := map[string]string{}
	for _, format := range append(formats, "failing") {
		texts[format] = unzipped(t, must.Get(os.ReadFile(file("out."+format)))(t))
	}
	return texts
}

// unzipped returns the content of a text or of all files in an archive, such as a workbook.
func unzipped(t *testing.T, text []byte) string {
	t.Helper()
	if !bytes.HasPrefix(text, []byte("PK")) {
		return string(text)
	}
	var all strings.Builder
	for _, file := range must.Get(zip.NewReader(bytes.NewReader(text), int64(len(text))))(t).File {
		r := must.Get(file.Open())(t)
		must.Get(io.Copy(&all, r))(t)
		must.Do(t, r.Close())
	}
	return all.String()
}
