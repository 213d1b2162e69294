package redact

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/cohort"
)

// Bounds of a key. Less is guessed, and more is no key.
const (
	MinKey = 16
	MaxKey = 4096
)

// Redactor replaces names. It is for one goroutine at a time.
type Redactor struct {
	key     []byte
	words   map[string]bool // of the catalog
	known   map[string]bool // datasets, fields and ids of the assessment
	formats []format        // those with most words first
	seen    map[string]string
}

// New returns a redactor with the organization's key. literals are the texts of the catalog: see catalog.Catalog.Literals.
func New(key []byte, literals []string) (*Redactor, error) {
	if len(key) < MinKey || len(key) > MaxKey {
		return nil, fmt.Errorf("the key of the pseudonyms has %d bytes, and has to have %d to %d: make one with `openssl rand -hex 32`", len(key), MinKey, MaxKey)
	}
	r := &Redactor{key: slices.Clone(key), words: map[string]bool{}, seen: map[string]string{}}
	for _, text := range own() {
		r.formats = append(r.formats, newFormat(text))
	}
	for _, text := range literals {
		r.words[text] = true
		if !strings.ContainsAny(text, "%$") {
			continue
		}
		if f, ok := newCatalogFormat(text); ok {
			r.formats = append(r.formats, f)
		}
	}
	slices.SortStableFunc(r.formats, func(a, b format) int { return cmp.Compare(b.length, a.length) })
	return r, nil
}

// KeyID names the key, and does not tell it.
func (r *Redactor) KeyID() string { return r.digest("key", "")[:digits] }

// digits is how many hexadecimal digits a pseudonym has: of a million texts two share one in a chance of one to thirty millions.
const digits = 16

// digest returns an HMAC of a text for one purpose.
func (r *Redactor) digest(purpose, text string) string {
	mac := hmac.New(sha256.New, r.key)
	mac.Write([]byte("posture " + purpose + "\x00" + text))
	return hex.EncodeToString(mac.Sum(nil))
}

// Name returns the pseudonym of a name, an address or an id; "" stays. Letters of either case and spaces around it make no difference, as in
// registers and joins.
func (r *Redactor) Name(text string) string {
	folded := strings.ToLower(strings.TrimSpace(text))
	if folded == "" {
		return ""
	}
	return "anon-" + r.digest("pseudonym", folded)[:digits]
}

// free returns what stands for a text that somebody wrote; "" stays.
func (r *Redactor) free(text string) string {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	return "[text withheld: " + r.Name(text) + "]"
}

// maxSeen bounds the texts that are remembered, and maxDepth those within one another.
const (
	maxSeen  = 10_000
	maxDepth = 4
)

// Text redacts a sentence of the engine or of a rule.
func (r *Redactor) Text(text string) string {
	if done, ok := r.seen[text]; ok {
		return done
	}
	done := r.text(text, 0)
	if len(r.seen) < maxSeen {
		r.seen[text] = done
	}
	return done
}

// counted ends a reason of several records with how many of them it is of.
var counted = regexp.MustCompile(` \([0-9]+ of [0-9]+\)$`)

func (r *Redactor) text(text string, depth int) string {
	if text == "" || r.words[text] {
		return text
	}
	if count := counted.FindString(text); count != "" && depth == 0 {
		return r.text(strings.TrimSuffix(text, count), 1) + count
	}
	if done, ok := r.formatted(text, depth); ok {
		return done
	}
	return r.free(text)
}

// formatted takes a sentence apart by the format that fits it with most words.
func (r *Redactor) formatted(text string, depth int) (string, bool) {
	if depth == maxDepth || !utf8.ValidString(text) {
		return "", false
	}
	for _, f := range r.formats {
		if f.length > len(text) || !strings.HasPrefix(text, f.parts[0]) {
			continue
		}
		found := f.pattern.FindStringSubmatch(text)
		if found == nil {
			continue
		}
		var done strings.Builder
		for i, part := range f.parts {
			done.WriteString(part)
			if i < len(f.values) {
				done.WriteString(r.value(f.values[i], found[i+1], depth))
			}
		}
		return done.String(), true
	}
	return "", false
}

func (r *Redactor) value(kind, text string, depth int) string {
	switch kind {
	case number:
		return text
	case known:
		if r.known[text] || technical.MatchString(text) {
			return text
		}
	case withheld:
		return r.free(text)
	case sentence:
		if r.plain(text) {
			return text
		}
		if done, ok := r.formatted(text, depth+1); ok {
			return done
		}
	}
	if r.plain(text) {
		return text
	}
	if inner, err := strconv.Unquote(text); err == nil { // %q
		if r.plain(inner) {
			return text
		}
		return strconv.Quote(r.Name(inner))
	}
	return r.Name(text)
}

// technical are values that the engine puts into its sentences: how long, of what, and by which rule of ScubaGear's baseline.
var technical = regexp.MustCompile(`^(?:[0-9]+ days?|1 day|everyone|nobody|MS\.[A-Z0-9]+\.[0-9.]+v[0-9]+|Get-[A-Za-z]+|to_address|planned|` +
	`risk_accepted|third_party|alternate_mitigation|completed)$`)

// harmless are values that name nothing: truth values, small numbers and days.
var harmless = regexp.MustCompile(`^(?:true|false|null|-?[0-9]{1,3}|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]+Z)?)$`)

// plain reports whether a value is a word of the catalog, or names nothing.
func (r *Redactor) plain(text string) bool {
	if r.words[text] {
		return true
	}
	for word := range strings.SplitSeq(text, " or ") {
		if word != "" && !r.words[word] && !harmless.MatchString(word) {
			return false
		}
	}
	return true
}

// Failure redacts a failing record.
func (r *Redactor) Failure(f engine.Failure) engine.Failure {
	f.Key, f.Label, f.Reasons = r.Name(f.Key), r.Name(f.Label), r.texts(f.Reasons)
	return f
}

// Assessment returns a redacted copy.
func (r *Redactor) Assessment(a *engine.Assessment) *engine.Assessment {
	r.know(a)
	c := *a
	c.Redaction = &engine.Redaction{Key: r.KeyID()}
	c.Tenant = r.tenant(a.Tenant)
	c.Findings = r.texts(a.Findings)
	c.Evidence.Warnings = r.texts(a.Evidence.Warnings)
	c.Evidence.Datasets = slices.Clone(a.Evidence.Datasets)
	for i := range c.Evidence.Datasets {
		c.Evidence.Datasets[i].Reason = r.Text(c.Evidence.Datasets[i].Reason)
	}
	if p := a.Catalog.Parameters; p != nil {
		named := *p
		named.File = r.Name(p.File)
		c.Catalog.Parameters = &named
	}
	c.Actions = slices.Clone(a.Actions)
	for i := range c.Actions {
		r.action(&c.Actions[i])
	}
	return &c
}

// know notes the words of an assessment that its sentences may hold and that name nobody. What it noted of another one is forgotten.
func (r *Redactor) know(a *engine.Assessment) {
	r.known, r.seen = map[string]bool{}, map[string]string{}
	for _, d := range a.Evidence.Datasets {
		r.known[d.Name] = true
	}
	for i := range a.Actions {
		action := &a.Actions[i]
		r.known[action.ID], r.known[action.Population] = true, true
		for _, dataset := range action.Missing {
			r.known[dataset] = true
		}
		for _, absent := range action.Absent {
			r.known[absent.Dataset], r.known[absent.Field] = true, true
		}
	}
}

// Comparison returns a redacted copy: an organization may call cohorts and benchmarks as it likes. It returns nil for nil.
func (r *Redactor) Comparison(c *cohort.Comparison) *cohort.Comparison {
	if c == nil {
		return nil
	}
	named := *c
	named.Benchmark, named.Source, named.Notes = r.Name(c.Benchmark), r.Name(c.Source), r.texts(c.Notes)
	named.Cohorts = slices.Clone(c.Cohorts)
	for i := range named.Cohorts {
		named.Cohorts[i].Title = r.Name(named.Cohorts[i].Title)
		if named.Cohorts[i].ID != cohort.AllID {
			named.Cohorts[i].ID = r.Name(named.Cohorts[i].ID)
		}
	}
	return &named
}

// action redacts an action of a list that is a copy: what it leads to is copied first.
func (r *Redactor) action(a *engine.Action) {
	a.Reasons, a.Findings = r.texts(a.Reasons), r.texts(a.Findings)
	if a.Parameters != nil {
		a.Parameters, _ = r.parameter(a.Parameters).(map[string]any)
	}
	if f := a.Failing; f != nil {
		a.Failing = &engine.Failing{Total: f.Total, Shown: r.records(f.Shown)}
	}
	if x := a.Excluded; x != nil {
		shown := slices.Clone(x.Shown)
		for i := range shown {
			shown[i].Key, shown[i].Label, shown[i].Reason = r.Name(shown[i].Key), r.Name(shown[i].Label), r.free(shown[i].Reason)
		}
		a.Excluded = &engine.Excluded{Total: x.Total, Shown: shown}
	}
	if d := a.Decision; d != nil {
		decided := r.decision(*d)
		a.Decision = &decided
	}
	if x := a.Exception; x != nil {
		made := *x
		made.Text, made.By = r.free(x.Text), r.Name(x.By)
		if !justification.MatchString(x.Justification) {
			made.Justification = r.Name(x.Justification)
		}
		a.Exception = &made
	}
}

// justification is what the engine takes for one of an exception; a saved assessment may say anything.
var justification = regexp.MustCompile(`^(?:ThirdPartyControl|AlternateMitigation|RiskAccepted|PlannedRemediation)$`)

func (r *Redactor) decision(d engine.Decision) engine.Decision {
	d.Reason, d.Owner, d.ApprovedBy, d.Ticket, d.ChangedBy = r.free(d.Reason), r.Name(d.Owner), r.Name(d.ApprovedBy), r.Name(d.Ticket), r.Name(d.ChangedBy)
	d.Tags = slices.Clone(d.Tags)
	for i, tag := range d.Tags {
		d.Tags[i] = r.Name(tag)
	}
	slices.Sort(d.Tags)
	d.Notes = slices.Clone(d.Notes)
	for i := range d.Notes {
		d.Notes[i].Author, d.Notes[i].Text = r.Name(d.Notes[i].Author), r.free(d.Notes[i].Text)
	}
	d.Exclude = slices.Clone(d.Exclude)
	for i := range d.Exclude {
		d.Exclude[i].Key, d.Exclude[i].Reason = r.Name(d.Exclude[i].Key), r.free(d.Exclude[i].Reason)
	}
	slices.SortFunc(d.Exclude, func(a, b engine.Exclusion) int { return cmp.Compare(a.Key, b.Key) })
	return d
}

// parameter redacts the value of a parameter: an organization may list its break-glass accounts there. Numbers and words of the
// catalog stay.
func (r *Redactor) parameter(value any) any {
	switch v := value.(type) {
	case string:
		if r.plain(v) {
			return v
		}
		return r.Name(v)
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = r.parameter(v[i])
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for _, name := range slices.Sorted(maps.Keys(v)) {
			named := name
			if !r.words[name] && !identifier.MatchString(name) {
				named = r.Name(name)
			}
			object[named] = r.parameter(v[name])
		}
		return object
	case nil, bool, float64, int, int64, json.Number:
		return v
	}
	return r.Name(fmt.Sprint(value))
}

// identifier is what the name of a parameter looks like.
var identifier = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// texts redacts sentences. What is null stays null.
func (r *Redactor) texts(list []string) []string {
	done := slices.Clone(list)
	for i, text := range done {
		done[i] = r.Text(text)
	}
	return done
}
