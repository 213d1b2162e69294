package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/history"
)

// Verification is the page of whether a store is as it was written.
type Verification struct {
	Chains []history.Verification
	Heads  []HeadFound // that were noted earlier
}

// HeadFound is where a head that was noted earlier is now.
type HeadFound struct {
	Hash   string `json:"hash"`
	Tenant string `json:"tenant,omitempty"` // id; empty if no chain has it
	Link   int64  `json:"link,omitempty"`   // its number
	Since  int64  `json:"since"`            // links that follow it
}

// NewVerification returns the page of verified chains, in which heads are looked for.
func NewVerification(chains []history.Verification, heads []string) Verification {
	page := Verification{Chains: chains}
	for _, hash := range heads {
		found := HeadFound{Hash: hash}
		for i := range chains {
			if at := chains[i].Position(hash); at > 0 {
				found.Tenant, found.Link, found.Since = chains[i].Tenant.ID, at, chains[i].Links-at
			}
		}
		page.Heads = append(page.Heads, found)
	}
	return page
}

// Sound reports whether nothing was found.
func (page Verification) Sound() bool {
	return !slices.ContainsFunc(page.Chains, func(v history.Verification) bool { return len(v.Findings) > 0 }) &&
		!slices.ContainsFunc(page.Heads, func(h HeadFound) bool { return h.Tenant == "" })
}

// chainDocument is a verified chain in JSON.
type chainDocument struct {
	Tenant      engine.Tenant     `json:"tenant"`
	Links       int64             `json:"links"`
	Entries     int64             `json:"entries"`
	Checkpoints int64             `json:"checkpoints"`
	Pruned      int64             `json:"pruned"`
	Head        string            `json:"head"`
	Findings    []history.Finding `json:"findings"`
}

func (page Verification) document() any {
	document := struct {
		SchemaVersion string          `json:"schema_version"`
		Sound         bool            `json:"sound"`
		Chains        []chainDocument `json:"chains"`
		Heads         []HeadFound     `json:"heads"`
	}{schemaVersion, page.Sound(), make([]chainDocument, len(page.Chains)), append([]HeadFound{}, page.Heads...)}
	for i, v := range page.Chains {
		document.Chains[i] = chainDocument{v.Tenant, v.Links, v.Entries, v.Checkpoints, v.Pruned, v.Head, append([]history.Finding{}, v.Findings...)}
	}
	return document
}

func (page Verification) text(p *printer) {
	if len(page.Chains) == 0 {
		p.printf("There are no entries.\n")
	}
	for _, v := range page.Chains {
		p.printf("%s\n", p.bold(clean(cmp.Or(v.Tenant.Name, v.Tenant.ID))))
		p.printf("  %s\n", counted(v))
		if v.Head != "" {
			p.printf("  head  %s\n", clean(v.Head))
		}
		for _, f := range v.Findings {
			if f.Problem == history.Orphaned {
				p.hang("  ", fmt.Sprintf("%s: %s", f.Problem, clean(f.Detail)), plain)
				continue
			}
			p.hang("  ", fmt.Sprintf("link %d %s: %s", f.ID, f.Problem, clean(f.Detail)), plain)
		}
	}
	for _, h := range page.Heads {
		if h.Tenant == "" {
			p.hang("", "No chain has the head "+h.Hash+" any more: entries were cut off, or the chain was computed anew.", p.bold)
			continue
		}
		p.printf("The chain still has the head %s: it is link %d, and %s.\n", short(h.Hash), h.Link, follow(h.Since))
	}
	if page.Sound() {
		p.printf("Nothing was changed, removed, inserted or reordered.\n")
	}
}

func follow(links int64) string {
	if links == 0 {
		return "nothing follows it"
	}
	return plural(links, "link") + " more since"
}

// counted says how many entries a chain has.
func counted(v history.Verification) string {
	text := fmt.Sprintf("%d entries", v.Entries)
	if v.Entries == 1 {
		text = "1 entry"
	}
	if v.Pruned > 0 {
		text += fmt.Sprintf(", of which retention pruned %d", v.Pruned)
	}
	if v.Checkpoints > 0 {
		text += ", " + plural(v.Checkpoints, "checkpoint")
	}
	return text
}

// Imported is the page of what was added to a store.
type Imported struct {
	Store string
	Files []ImportedFile
}

// ImportedFile is what was added of a file.
type ImportedFile struct {
	Path string
	history.Importing
}

// Damaged reports whether anything is wrong with a file.
func (page Imported) Damaged() bool {
	return slices.ContainsFunc(page.Files, func(f ImportedFile) bool { return len(f.Damaged) > 0 })
}

// importedDocument is a file in JSON.
type importedDocument struct {
	Path     string           `json:"path"`
	Lines    int64            `json:"lines"`
	Added    int64            `json:"added"`
	Known    int64            `json:"known"`
	Restored int64            `json:"restored"`
	Damaged  []history.Damage `json:"damaged"`
}

func (page Imported) document() any {
	document := struct {
		SchemaVersion string             `json:"schema_version"`
		Store         string             `json:"store"`
		Files         []importedDocument `json:"files"`
	}{schemaVersion, page.Store, make([]importedDocument, len(page.Files))}
	for i, f := range page.Files {
		document.Files[i] = importedDocument{f.Path, f.Lines, f.Added, f.Known, f.Restored, append([]history.Damage{}, f.Damaged...)}
	}
	return document
}

func (page Imported) text(p *printer) {
	for _, f := range page.Files {
		text := fmt.Sprintf("%s: %d added, %d there already", clean(f.Path), f.Added, f.Known)
		if f.Restored > 0 {
			text += fmt.Sprintf(", of which %d got back an assessment that was lost", f.Restored)
		}
		p.hang("", text, plain)
		for _, d := range f.Damaged {
			what := "left out"
			if d.Imported {
				what = "added all the same"
			}
			of := ""
			if d.ID > 0 {
				of = fmt.Sprintf(" (link %d of %s)", d.ID, clean(d.Tenant))
			}
			p.hang("  ", fmt.Sprintf("line %d%s, %s: %s", d.Line, of, what, clean(d.Detail)), plain)
		}
	}
}

// Pruned is the page of what retention dropped, or would drop.
type Pruned struct {
	Keep    string
	DryRun  bool
	Tenants []PrunedTenant
}

// PrunedTenant is what was dropped of a tenant.
type PrunedTenant struct {
	Tenant engine.Tenant
	history.Pruning
}

// prunedDocument is a tenant in JSON.
type prunedDocument struct {
	Tenant     engine.Tenant `json:"tenant"`
	Kept       int           `json:"kept"`
	Dropped    []int64       `json:"dropped"`
	Checkpoint int64         `json:"checkpoint,omitempty"`
	Head       string        `json:"head"`
}

func (page Pruned) document() any {
	document := struct {
		SchemaVersion string           `json:"schema_version"`
		Keep          string           `json:"keep"`
		DryRun        bool             `json:"dry_run"`
		Tenants       []prunedDocument `json:"tenants"`
	}{schemaVersion, page.Keep, page.DryRun, make([]prunedDocument, len(page.Tenants))}
	for i, t := range page.Tenants {
		document.Tenants[i] = prunedDocument{Tenant: t.Tenant, Kept: t.Kept, Dropped: []int64{}, Checkpoint: t.Checkpoint, Head: t.Head}
		for _, e := range t.Dropped {
			document.Tenants[i].Dropped = append(document.Tenants[i].Dropped, e.ID)
		}
	}
	return document
}

func (page Pruned) text(p *printer) {
	verb := "dropped"
	if page.DryRun {
		verb = "would drop"
	}
	for _, t := range page.Tenants {
		name := clean(cmp.Or(t.Tenant.Name, t.Tenant.ID))
		if len(t.Dropped) == 0 {
			p.printf("%s: nothing to drop, of %s\n", name, plural(t.Kept, "assessment"))
			continue
		}
		p.printf("%s: %s %s, keeps %d\n", name, verb, plural(len(t.Dropped), "assessment"), t.Kept)
		var dates []string
		for _, e := range t.Dropped {
			dates = append(dates, fmt.Sprintf("%d (%s)", e.ID, e.EvaluatedAt.Format("2006-01-02")))
		}
		p.hang("  ", "entries "+strings.Join(dates, ", "), p.faint)
	}
}
