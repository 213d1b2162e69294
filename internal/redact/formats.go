package redact

import (
	"regexp"
	"strings"
)

// The values in a format of this package.
const (
	number   = "%d" // a number, which stays
	known    = "%K" // a word of the program or of a schema, such as a dataset, a status, a field or a day, which stays
	name     = "%N" // a name, which is replaced, unless it is a word of the catalog
	sentence = "%T" // another text, which is redacted
	withheld = "%W" // something that is left out
)

// own are the formats of the engine's sentences: engine/internal/outcome, load and scan, and internal/unique.
func own() []string {
	return []string{
		// Reasons.
		"and %d other reasons", "nobody has attested it", "%K complies, by policy: no records were counted",
		"%d record is left out: not seen for more than %K days", "%d records are left out: not seen for more than %K days",
		"%N attested that it is not done", "attested by %N, valid until %K", "what %N attested was valid until %K",
		"%K could not be collected: %W", "%K is not in the evidence", "%K is not what its schema says: %W",
		"%K has no field %K in %d of %d records", "%K has no field %K", "%K has no record of it; %K does",
		"everything in scope was excluded", "its rule says that it does not apply to this tenant", "nothing else is in scope",
		"nothing is in scope", "nothing is in scope, which earns full points",
		"the tenant has no license of %N", "it counts only if %T, which is not the case",
		"Microsoft counts it only if %T, which is not the case", "Microsoft counts it only if %T", "%N is connected", "%K has records",

		// Findings.
		"the status %N has no effect: it is none that an organization chooses",
		"the status %K has no effect: the evidence shows that the action is completed",
		"the status %K has no effect: the action does not apply to this tenant",
		"the status %K has no effect: exceptions in the evidence decide the status of this action",
		"the status %K expired on %K: the action is to address again", "the status %K expires in %K", "the action was due on %K",
		"its exclusions have no effect: the control counts no records",
		"its exclusions have no effect: the action was decided for everyone, by policy",
		"the exclusion of %N expired on %K", "the exclusion of %N expires in %K",
		"the exclusion of %N is unused: no record in scope has this key",
		"the exclusions of %N and %N name the same record: the second one counts",
		"%d of %d users in scope have %N", "there are %d seats of %N for %d users in scope",
		"an exception for the device group without a name has no effect: only a global one sets the status",
		"an exception for the device group %N has no effect: only a global one sets the status",
		"the global exception (%K) expired on %K", "the global exception (%K) expires in %K",
		"the organization's ScubaGear configuration leaves out %K until %K: %W", "the organization's ScubaGear configuration leaves out %K: %W",
		"the organization's ScubaGear configuration leaves out %K until %K", "the organization's ScubaGear configuration leaves out %K",
		"%K also holds what the organization's ScubaGear configuration excludes from %K: %W",
		"a decision about %N is unused: the catalog has no such control.%W", "a decision about %N is unused: the catalog has no such control.",
		"a decision about %N is unused: the control is deprecated, and %N replaces it.", "a decision about %N is unused: the control is deprecated.",

		// Warnings, and why datasets failed.
		"%K is not a dataset that this version knows; nothing reads it", "%K: and %d more violations of its schema", "%K: record %d, %W",
		"%K: %d record repeats another one with the same %K (such as %N): they count once",
		"%K: %d records repeat another one with the same %K (such as %N): they count once",
		"%K: different records have the same %K in %d case (such as %N): they count once and never comply",
		"%K: different records have the same %K in %d cases (such as %N): they count once and never comply",
		"the assessment is as of %K, and the evidence was collected later, at %K: what has expired in between counts as valid",
		"the assessment is as of %K, and the evidence was collected long before, at %K: what has changed in between is not in it",
		"%K is not relied on, so every product counts: %W", "the export holds no record, and every tenant has some",
		"no record has %K %W, as one has in every tenant: the list is not whole",
		"%K was cut off in %W, as ConvertTo-Json does below its depth: save it again with -Depth 10",
		"%K holds just %d records, as many as %K gives unless it is asked for all: save it again with -ResultSize Unlimited if there are more",
	}
}

// format is a sentence with values in it.
type format struct {
	pattern *regexp.Regexp
	parts   []string // texts between the values, one more than there are values
	values  []string
	length  int // of the texts
}

var value = regexp.MustCompile(`%[dKNTW]`)

// newFormat returns a format of this package.
func newFormat(text string) format {
	return split(text, value, func(verb string) string { return verb })
}

// verbs are those of Rego's sprintf, and what HCL puts into a text.
var verbs = regexp.MustCompile(`%[-+ #0]*[0-9]*(?:\.[0-9]+)?[dsvqxXfgeEtT]|\$\{[^}]*\}`)

// newCatalogFormat returns a format that a catalog holds, and whether it has values and words.
func newCatalogFormat(text string) (format, bool) {
	f := split(text, verbs, func(verb string) string {
		if strings.HasSuffix(verb, "d") && strings.HasPrefix(verb, "%") {
			return number
		}
		return sentence
	})
	for i, part := range f.parts {
		f.parts[i] = strings.ReplaceAll(part, "%%", "%")
	}
	return f.compiled(), len(f.values) > 0 && f.length > 2 && len(f.values) <= 20
}

func split(text string, values *regexp.Regexp, kind func(string) string) format {
	var f format
	at := 0
	for _, where := range values.FindAllStringIndex(text, -1) {
		f.parts = append(f.parts, text[at:where[0]])
		f.values = append(f.values, kind(text[where[0]:where[1]]))
		at = where[1]
	}
	f.parts = append(f.parts, text[at:])
	return f.compiled()
}

func (f format) compiled() format {
	var pattern strings.Builder
	pattern.WriteString(`(?s)^`)
	f.length = 0
	for i, part := range f.parts {
		f.length += len(part)
		pattern.WriteString(regexp.QuoteMeta(part))
		if i == len(f.values) {
			break
		}
		if f.values[i] == number {
			pattern.WriteString(`(-?[0-9]+)`)
		} else {
			pattern.WriteString(`(.*)`)
		}
	}
	pattern.WriteString(`$`)
	f.pattern = regexp.MustCompile(pattern.String())
	return f
}
