package msgraph

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/importer/jsonfile"
	"github.com/posture-score/posture/schemas"
)

// failure is why a file does not make its dataset.
type failure struct {
	file, reason string
	rank         int // of the one endpoint that the file is named after; -1 if it is named after several or after none
}

// plan says which pages may make which datasets.
type plan struct {
	known    []endpoint
	registry *schemas.Registry
	answers  map[string][]answer  // by dataset
	errors   map[string][]failure // what was saved in place of an answer, by dataset
	groups   map[string]failure   // the same for the members of a group, by its id in small letters
	skipped  []importer.Skipped
}

func newPlan(registry *schemas.Registry) *plan {
	return &plan{
		known: endpoints(), registry: registry,
		answers: map[string][]answer{}, errors: map[string][]failure{}, groups: map[string]failure{},
	}
}

// datasets names those that anything was saved for.
func (p *plan) datasets() []string {
	names := slices.AppendSeq(slices.Collect(maps.Keys(p.answers)), maps.Keys(p.errors))
	slices.Sort(names)
	return slices.Compact(names)
}

// sort puts a page with the others of its dataset.
func (p *plan) sort(page page) {
	if page.outer {
		return
	}
	a, why := p.identify(page)
	if why != "" {
		p.skip(page.file, why)
		return
	}
	if a.rank < 0 { // an error, and nothing but its name says what of
		p.fail(page.file, page.failure, true)
		return
	}
	e := p.known[a.rank]
	dataset, _ := p.registry.Dataset(e.dataset)
	switch {
	case a.guessed && (dataset == nil || !a.fits(dataset)):
		p.skip(page.file, noContext)
	case e.refused != "":
		if p.skip(page.file, e.refused); e.defeats {
			p.errors[e.dataset] = append(p.errors[e.dataset], failure{page.file, e.refused, -1})
		}
	case page.failure != "" && !page.list:
		p.failed(a, p.answered(a.rank, page.failure))
	case page.nothing && dataset.Kind != schemas.Document:
		p.failed(a, "the answer is neither a list nor a record, like what a failed request leaves")
	case dataset.Kind != schemas.Document && !page.list && (a.single || page.context != ""):
		p.skip(page.file, "it holds one record, and nothing says whether there are others")
	case page.deleted > 0 && page.deleted == max(page.records, 1), deletedWord.MatchString(path.Join(path.Base(path.Dir(page.file)), path.Base(page.file))) && nullIsUnasked(e.path):
		p.skip(page.file, "it lists what was deleted")
	case nullIsUnasked(e.path) && page.context != "" && isRelationNamed(page.file):
		p.skip(page.file, "it is named after what belongs to one object, or after a kind of object; its context is that of all "+e.path)
	default:
		p.answers[e.dataset] = append(p.answers[e.dataset], a)
	}
}

// fail notes what keeps a file from being read, or the error in it, for what the
// file is named after. An error that is the answer to nobody knows what is no
// evidence: what was asked for is missing.
func (p *plan) fail(file, why string, answered bool) {
	ranks := ranksNamed(p.known, file)
	members, isGroup := groupNamed(file)
	dataset := p.datasetNamed(file)
	switch {
	case isGroup:
		if answered {
			why = "Graph answered with an error: " + why
		}
		p.groups[strings.ToLower(members.key)] = failure{file, why, -1}
		p.skip(file, "the members of group "+jsonfile.Clip(members.key)+" are not known: "+why)
	case len(ranks) > 0:
		if dataset = p.known[ranks[0]].dataset; answered {
			why = p.answered(ranks[0], why)
		}
		rank := -1
		if len(ranks) == 1 && answered {
			rank = ranks[0]
		}
		p.errors[dataset] = append(p.errors[dataset], failure{file, why, rank})
	case dataset != "":
		if answered {
			// Not Graph's, but somebody tried, and saved what came of it.
			why = "the service answered with an error: " + why
		}
		p.errors[dataset] = append(p.errors[dataset], failure{file, why, -1})
	case answered:
		p.skip(file, fmt.Sprintf("it holds an error (%s), and its name does not say what of: a file named after a dataset, "+
			"such as entra.users.json, would", why))
	default:
		p.skip(file, why)
	}
}

// failed notes an error that is the answer to a known request.
func (p *plan) failed(a answer, why string) {
	name := p.known[a.rank].dataset
	if name == groupMembers && a.key != "" {
		p.groups[strings.ToLower(a.key)] = failure{a.file, why, -1}
		p.skip(a.file, "the members of group "+jsonfile.Clip(a.key)+" are not known: "+why)
		return
	}
	p.errors[name] = append(p.errors[name], failure{a.file, why, a.rank})
}

// answered words an error of whoever answers at an endpoint.
func (p *plan) answered(rank int, code string) string {
	who := "Graph"
	if p.known[rank].bare {
		who = "the service"
	}
	return who + " answered with an error: " + code
}

// datasetNamed finds the dataset that a file is named after.
func (p *plan) datasetNamed(file string) string {
	for _, name := range p.registry.Names() {
		if strings.EqualFold(name, baseName(file)) {
			return name
		}
	}
	return ""
}

func (p *plan) skip(file, reason string) {
	p.skipped = append(p.skipped, importer.Skipped{Path: file, Reason: reason})
}

// sortedSkipped returns what was skipped, once each: a file can be skipped page by page for one reason.
func (p *plan) sortedSkipped() []importer.Skipped {
	skipped := slices.Clone(p.skipped)
	slices.SortFunc(skipped, func(a, b importer.Skipped) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Reason, b.Reason))
	})
	return slices.Compact(skipped)
}
