package report

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/score"
	"github.com/posture-score/posture/internal/securescore"
)

// Reconciliation is the page that compares an assessment with Microsoft's numbers.
type Reconciliation struct {
	Tenant         engine.Tenant
	Reconciliation *securescore.Reconciliation
}

func (page Reconciliation) document() any {
	return struct {
		SchemaVersion string        `json:"schema_version"`
		Tenant        engine.Tenant `json:"tenant"`
		*securescore.Reconciliation
	}{schemaVersion, page.Tenant, page.Reconciliation}
}

// bucketTitles say what the actions of a bucket have in common.
func bucketTitle(b securescore.Bucket) string {
	switch b {
	case securescore.Same:
		return "same"
	case securescore.Different:
		return "different"
	case securescore.NoEvidence:
		return "without evidence here"
	case securescore.Decided:
		return "decided on one side"
	case securescore.OnlyTheirs:
		return "only theirs"
	case securescore.NotConnected:
		return "only ours: source not connected"
	case securescore.NotLicensed:
		return "only ours: not licensed"
	case securescore.NotScored:
		return "only ours: not scored by Microsoft"
	case securescore.Unknown:
		return "only ours: not known to Microsoft"
	case securescore.Preview:
		return "only ours: preview"
	case securescore.Sum:
		return "Microsoft's sum, beyond its controls"
	}
	return spaced(string(b))
}

func (page Reconciliation) table(p *printer) {
	r := page.Reconciliation
	p.printf("%s\n", p.bold(clean(cmp.Or(page.Tenant.Name, page.Tenant.ID))))
	p.scored("ours", r.Ours)
	p.scored("Microsoft", r.Theirs)
	p.printf("\n")
	p.buckets(r)
	last := securescore.Same
	for i := range r.Actions {
		pair := &r.Actions[i]
		if pair.Bucket != last {
			p.printf("\n%s\n", p.bold(capital(bucketTitle(pair.Bucket))))
			if pair.Theirs == nil {
				p.alike(r.Actions[i:])
			}
			last = pair.Bucket
		}
		if pair.Theirs != nil {
			p.pair(pair)
		}
	}
	for _, note := range r.Notes {
		p.printf("\n")
		p.hang("Note: ", clean(note), plain)
	}
}

// scored prints one of the scores.
func (p *printer) scored(name string, s securescore.Side) {
	at := s.At.UTC().Format("2006-01-02 15:04 MST")
	if p.columns() < 80 {
		at = onDay(s.At)
	}
	p.printf("  %s  %s  %s  %s of %s points\n", pad(name, 9), at,
		p.bold(padLeft(hundredths(score.Percent(s.Achieved, s.Total))+"%", 7)), s.Achieved, s.Total)
}

// buckets prints how much of the difference each bucket has. They add up to it.
func (p *printer) buckets(r *securescore.Reconciliation) {
	t := grid{indent: "  ", columns: []gridColumn{
		{head: "OURS LESS THEIRS", least: 16},
		{head: "ACTIONS", right: true, drop: 1},
		{head: "POINTS", right: true},
		{head: "OF TOTAL", right: true},
	}}
	for _, bucket := range r.Buckets {
		if bucket.Actions == 0 && bucket.Difference == (securescore.Difference{}) && bucket.Bucket != securescore.Sum {
			continue
		}
		actions := ""
		if bucket.Bucket != securescore.Sum {
			actions = fmt.Sprint(bucket.Actions)
		}
		t.add(bucketTitle(bucket.Bucket), actions, bucket.Difference.Achieved.String(), bucket.Difference.Total.String())
	}
	t.add("difference", "", r.Difference.Achieved.String(), r.Difference.Total.String())
	t.rows[len(t.rows)-1].bold = true
	p.grid(&t)
}

// alike prints the actions of a bucket that only we have: a line each, below the reason that they share.
func (p *printer) alike(pairs []securescore.Pair) {
	var reasons []string
	byReason := map[string][]*securescore.Pair{}
	for i := range pairs {
		if pairs[i].Bucket != pairs[0].Bucket {
			break
		}
		reason := strings.Join(pairs[i].Why, "; ")
		if byReason[reason] == nil {
			reasons = append(reasons, reason)
		}
		byReason[reason] = append(byReason[reason], &pairs[i])
	}
	for _, reason := range reasons {
		p.hang("  ", clean(reason)+":", plain)
		for _, pair := range byReason[reason] {
			p.hang("  "+padLeft(pair.Difference.Achieved.String(), 7)+"  ", fmt.Sprintf("%s %s  %s", clip(clean(pair.ID), maxName),
				sideResult(pair.Ours), clip(clean(pair.Title), maxText)), plain)
		}
	}
}

// pair prints an action that Microsoft scores.
func (p *printer) pair(pair *securescore.Pair) {
	lead, id := strings.Repeat(" ", 11), clip(clean(pair.ID), maxName)
	results := "ours " + sideResult(pair.Ours) + ", theirs " + sideResult(pair.Theirs)
	if len(lead)+columns(id)+2+len(results) > p.columns() {
		p.hang("  "+padLeft(pair.Difference.Achieved.String(), 7)+"  ", id, p.bold)
		p.hang(lead, results, plain)
	} else {
		p.printf("  %s  %s  %s\n", padLeft(pair.Difference.Achieved.String(), 7), p.bold(id), results)
	}
	p.hang(lead, clip(clean(pair.Title), maxText), p.faint)
	for _, why := range pair.Why {
		p.hang(lead, clip(clean(why), 2*maxText), plain)
	}
	for _, known := range pair.Known {
		p.hang(lead, "known: "+clean(known), plain)
	}
}

// sideResult returns the points of one side.
func sideResult(r *securescore.Result) string {
	switch {
	case r == nil:
		return "none"
	case !r.Counts:
		return "not counted"
	}
	return r.Achieved.String() + "/" + r.Total.String()
}

func (page Reconciliation) sheet() sheet {
	s := sheet{heads: []head{
		{name: "Bucket"},
		{name: "ID"},
		{name: "Recommended action"},
		{name: "Category"},
		{name: "Ours"},
		{name: "Theirs"},
		{name: "Points", number: true},
		{name: "Of total", number: true},
		{name: "Why"},
		{name: "Known differences"},
	}}
	for i := range page.Reconciliation.Actions {
		pair := &page.Reconciliation.Actions[i]
		s.rows = append(s.rows, []string{
			bucketTitle(pair.Bucket), pair.ID, pair.Title, capital(pair.Category), sideResult(pair.Ours), sideResult(pair.Theirs),
			pair.Difference.Achieved.String(), pair.Difference.Total.String(), strings.Join(pair.Why, "; "), strings.Join(pair.Known, " "),
		})
	}
	return s
}

func (page Reconciliation) sheets() []sheet {
	sums := sheet{title: "Ours less Microsoft's", heads: []head{
		{name: "Bucket"},
		{name: "Actions", number: true},
		{name: "Points", number: true},
		{name: "Of total", number: true},
	}}
	for _, bucket := range page.Reconciliation.Buckets {
		sums.rows = append(sums.rows, []string{
			bucketTitle(bucket.Bucket), fmt.Sprint(bucket.Actions), bucket.Difference.Achieved.String(), bucket.Difference.Total.String(),
		})
	}
	d := page.Reconciliation.Difference
	sums.rows = append(sums.rows, []string{"difference", "", d.Achieved.String(), d.Total.String()})
	actions := page.sheet()
	actions.title = "Actions"
	return []sheet{sums, actions}
}
