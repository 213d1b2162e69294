package report

import (
	"cmp"
	"fmt"

	"github.com/posture-score/posture/engine/catalog"
)

// Version is the page of a build: what it was built from, with, and with which catalog in it.
type Version struct {
	Version  string
	Commit   string // empty if the build has no version control
	Modified bool   // the files that were built differed from the commit
	Go       string
	Catalog  *catalog.Catalog
}

func (page Version) document() any {
	type catalogDocument struct {
		Version  string `json:"version"`
		Digest   string `json:"digest"`
		Controls int    `json:"controls"`
	}
	return struct {
		SchemaVersion string          `json:"schema_version"`
		Version       string          `json:"version"`
		Commit        string          `json:"commit,omitempty"`
		Modified      bool            `json:"modified"`
		Go            string          `json:"go"`
		Catalog       catalogDocument `json:"catalog"`
	}{
		schemaVersion, page.Version, page.Commit, page.Modified, page.Go,
		catalogDocument{page.Catalog.Version(), page.Catalog.Digest(), len(page.Catalog.Controls())},
	}
}

func (page Version) text(p *printer) {
	p.printf("posture %s\n", clean(page.Version))
	commit := cmp.Or(page.Commit, "unknown")
	if page.Modified {
		commit += ", with changes"
	}
	p.field("commit", commit)
	p.field("go", page.Go)
	p.field("catalog", fmt.Sprintf("%s, %s", cmp.Or(page.Catalog.Version(), "no version"), plural(len(page.Catalog.Controls()), "control")))
	p.field("digest", page.Catalog.Digest())
}
