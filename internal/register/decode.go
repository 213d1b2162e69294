package register

import (
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/hcledit"
	"github.com/posture-score/posture/internal/suggest"
)

// Bounds of what one action holds, in characters.
const (
	maxName   = 200 // owner, approved_by, ticket, author
	maxReason = 2000
	maxText   = 10000
	maxKey    = 500
	maxTag    = 50
	maxTags   = 50
)

// decoder turns the blocks of a register into decisions, noting what is wrong with them.
type decoder struct {
	diags hcl.Diagnostics
}

func (d *decoder) errorf(at hcl.Range, summary, format string, args ...any) {
	d.diags = append(d.diags, problem(at, summary, format, args...))
}

// part is a block's body with the place of its header.
type part struct {
	*hcl.BodyContent
	where hcl.Range
}

// open reads the attributes and blocks that a body may have. The parser says which others it has.
func (d *decoder) open(body hcl.Body, where hcl.Range, schema *hcl.BodySchema) part {
	content, diags := body.Content(schema)
	d.diags = append(d.diags, diags...)
	return part{BodyContent: content, where: where}
}

func attributes(names ...string) []hcl.AttributeSchema {
	schema := make([]hcl.AttributeSchema, len(names))
	for i, name := range names {
		schema[i].Name = name
	}
	return schema
}

// fields returns the attributes of an action in the order in which they are written. Who changed it last follows them.
func fields() []string {
	return append(FieldNames(), "tags")
}

func (d *decoder) register(body hcl.Body, r *Register) {
	file := d.open(body, hcl.Range{}, &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: "action", LabelNames: []string{"id"}}}})
	seen := map[string]hcl.Range{}
	for _, block := range file.Blocks {
		id := block.Labels[0]
		if !validID(id) {
			d.errorf(block.LabelRanges[0], "Invalid id",
				"An id is 1 to 100 letters, digits, underscores, dots or hyphens, and starts with a letter: %.60q is not.", id)
		}
		if first, ok := seen[id]; ok {
			d.errorf(block.LabelRanges[0], "Duplicate action", "The action %.60q stands in line %d already: merge the two blocks.", id, first.Start.Line)
			continue
		}
		seen[id] = block.DefRange
		r.decisions[id], r.lines[id] = d.action(block), block.DefRange.Start.Line
	}
}

func validID(id string) bool {
	if id == "" || len(id) > 100 {
		return false
	}
	for i, r := range id {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || !strings.ContainsRune("0123456789_.-", r)) {
			return false
		}
	}
	return true
}

func (d *decoder) action(block *hcl.Block) engine.Decision {
	p := d.open(block.Body, block.DefRange, &hcl.BodySchema{
		Attributes: attributes(append(fields(), hcledit.ChangedBy, hcledit.ChangedAt)...),
		Blocks:     []hcl.BlockHeaderSchema{{Type: "note"}, {Type: "exclude", LabelNames: []string{"key"}}},
	})
	decision := engine.Decision{
		Status:     d.status(p),
		Reason:     d.text(p, "reason", maxReason, manyLines),
		Owner:      d.text(p, "owner", maxName, oneLine),
		Due:        d.due(p),
		Expires:    d.moment(p, "expires"),
		ApprovedBy: d.text(p, "approved_by", maxName, oneLine),
		Ticket:     d.text(p, "ticket", maxName, oneLine),
		Tags:       d.tags(p),
		ChangedBy:  d.text(p, hcledit.ChangedBy, maxName, oneLine),
		ChangedAt:  d.moment(p, hcledit.ChangedAt),
	}
	d.consistent(p, decision)
	for _, inner := range p.Blocks.OfType("note") {
		decision.Notes = append(decision.Notes, d.note(inner))
	}
	slices.SortStableFunc(decision.Notes, func(a, b engine.Note) int { return a.Time.Compare(b.Time) })
	decision.Exclude = d.exclusions(p.Blocks.OfType("exclude"))
	return decision
}

func (d *decoder) status(p part) engine.Status {
	attribute, ok := p.Attributes["status"]
	if !ok {
		return engine.ToAddress
	}
	word := d.text(p, "status", maxName, oneLine)
	switch {
	case word == "" || slices.Contains(Statuses(), word):
	case word == string(engine.Completed):
		d.errorf(attribute.Expr.Range(), "Invalid status", "That an action is completed follows from the evidence alone: leave the status out.")
	default:
		d.errorf(attribute.Expr.Range(), "Invalid status", "%.60q is not one of %s.%s", word, suggest.List(Statuses()), suggest.Hint(word, Statuses()))
	}
	return engine.Status(word)
}

// consistent checks what a status asks of the other attributes.
func (d *decoder) consistent(p part, decision engine.Decision) {
	switch decision.Status {
	case engine.RiskAccepted, engine.ThirdParty, engine.AlternateMitigation:
		if p.Attributes["reason"] == nil {
			d.errorf(p.where, "Missing reason", "The status %s changes a score or leaves a risk: say why, in the attribute reason.", decision.Status)
		}
	case engine.ToAddress:
		if attribute := p.Attributes["expires"]; attribute != nil {
			d.errorf(attribute.Range, "Nothing to expire", "An action that is to address stays so until its status changes: give it another status, or remove expires.")
		}
	default: // planned asks for nothing; other words are refused already
	}
}

func (d *decoder) tags(p part) []string {
	attribute, ok := p.Attributes["tags"]
	if !ok {
		return nil
	}
	list, ok := attribute.Expr.(*hclsyntax.TupleConsExpr)
	if !ok {
		d.errorf(attribute.Expr.Range(), "Invalid tags", `Tags are a list of texts, as in ["q4", "board"].`)
		return nil
	}
	if len(list.Exprs) > maxTags {
		d.errorf(list.Range(), "Too many tags", "An action has at most %d tags; these are %d.", maxTags, len(list.Exprs))
		return nil
	}
	var tags []string
	for _, expr := range list.Exprs {
		tag := d.value("tags", expr, maxTag, oneLine)
		if tag != "" && slices.Contains(tags, tag) {
			d.errorf(expr.Range(), "Duplicate tag", "The tag %q stands in the list already: remove one of the two.", tag)
		}
		tags = append(tags, tag)
	}
	slices.Sort(tags)
	return tags
}

func (d *decoder) note(block *hcl.Block) engine.Note {
	p := d.open(block.Body, block.DefRange, &hcl.BodySchema{Attributes: attributes("time", "author", "text")})
	for _, name := range []string{"time", "author", "text"} {
		d.require(p, name, "A note says when it was written, by whom, and what.")
	}
	note := engine.Note{Author: d.text(p, "author", maxName, oneLine), Text: d.text(p, "text", maxText, manyLines)}
	if at := d.moment(p, "time"); at != nil {
		note.Time = *at
	}
	return note
}

func (d *decoder) exclusions(blocks hcl.Blocks) []engine.Exclusion {
	var list []engine.Exclusion
	seen := map[string]hcl.Range{}
	for _, block := range blocks {
		key := block.Labels[0]
		d.clean(block.LabelRanges[0], "key", key, maxKey, oneLine)
		if first, ok := seen[key]; ok {
			d.errorf(block.LabelRanges[0], "Duplicate exclusion", "The record %.60q is excluded in line %d already: merge the two blocks.", key, first.Start.Line)
		}
		seen[key] = block.DefRange
		p := d.open(block.Body, block.DefRange, &hcl.BodySchema{Attributes: attributes("reason", "expires")})
		d.require(p, "reason", "An exclusion makes a score better than it is: say why.")
		list = append(list, engine.Exclusion{Key: key, Reason: d.text(p, "reason", maxReason, manyLines), Expires: d.moment(p, "expires")})
	}
	slices.SortFunc(list, func(a, b engine.Exclusion) int { return strings.Compare(a.Key, b.Key) })
	return list
}

func (d *decoder) require(p part, name, why string) {
	if p.Attributes[name] == nil {
		d.errorf(p.where, "Missing "+name, "%s Give the attribute %s.", why, name)
	}
}

// moment reads an attribute that is a time. A date is the first moment of its day, in UTC.
func (d *decoder) moment(p part, name string) *time.Time {
	text := d.text(p, name, maxName, oneLine)
	if text == "" {
		return nil
	}
	at, err := parseTime(text)
	if err != nil {
		d.errorf(p.Attributes[name].Expr.Range(), "Invalid "+name, "%.60q is no time: write a date such as 2026-12-31, or a time such as 2026-12-31T18:00:00Z.", text)
		return nil
	}
	if at.Year() < 1970 || at.Year() > 2999 {
		d.errorf(p.Attributes[name].Expr.Range(), "Invalid "+name, "The year of %q is far off: it has to be between 1970 and 2999.", text)
		return nil
	}
	return &at
}

// due reads the attribute of that name. A date runs to the last second of its day, in UTC.
func (d *decoder) due(p part) *time.Time {
	at := d.moment(p, "due")
	if at != nil && len(d.text(p, "due", maxName, oneLine)) == len(time.DateOnly) {
		end := at.Add(24*time.Hour - time.Second)
		return &end
	}
	return at
}

func parseTime(text string) (time.Time, error) {
	layout := time.RFC3339
	if len(text) == len(time.DateOnly) {
		layout = time.DateOnly
	}
	at, err := time.Parse(layout, text)
	return at.UTC(), err
}
