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

// failure is the reason why a file does not make its dataset.
type failure struct {
	file, reason string
	rank         int // of the one endpoint that the file is named after; -1 if it is named after several or after none
}

// plan lists which pages may make which datasets.
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

// datasets returns the datasets that anything was saved for, sorted.
func (p *plan) datasets() []string {
	names := slices.AppendSeq(slices.Collect(maps.Keys(p.answers)), maps.Keys(p.errors))
	slices.Sort(names)
	return slices.Compact(names)
}

// sort adds a page to the answers of its dataset, or to what was skipped or failed.
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

// fail adds the error of a file, or the one saved in it, to what the file is named after. An error
// that answers an unknown request makes no evidence.
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
			// Not Graph's, but a saved attempt at the dataset.
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

// failed adds an error that answers a known request.
func (p *plan) failed(a answer, why string) {
	name := p.known[a.rank].dataset
	if name == groupMembers && a.key != "" {
		p.groups[strings.ToLower(a.key)] = failure{a.file, why, -1}
		p.skip(a.file, "the members of group "+jsonfile.Clip(a.key)+" are not known: "+why)
		return
	}
	p.errors[name] = append(p.errors[name], failure{a.file, why, a.rank})
}

// answered returns an error that a service returned, in words.
func (p *plan) answered(rank int, code string) string {
	who := "Graph"
	if p.known[rank].bare {
		who = "the service"
	}
	return who + " answered with an error: " + code
}

// datasetNamed returns the dataset that a file is named after; "" if there is none.
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

// answer is a page and the request that it answers.
type answer struct {
	page
	request
	rank   int    // of the endpoint; -1 if nothing says which
	filter string // the part of the list that was asked for; "" if nothing says that it is a part
}

// identify returns what a page answers, or why that is unknown. The address of the request counts
// most, then the name of a file of members, then the context.
func (p *plan) identify(page page) (answer, string) {
	a := answer{page: page, rank: -1}
	var ok bool
	if a.request, ok = parseContext(page.context); page.context != "" && !ok {
		return a, unknownContext(page)
	}
	if why := a.byName(); why != "" {
		return a, why
	}
	why := a.byAddress(p.known)
	if why != "" {
		return a, why
	}
	if a.rank = rankOf(p.known, a.path); a.rank >= 0 && a.cast != "" && !isMembers(a.path) && p.known[a.rank].refused == "" {
		a.rank = -1
	}
	switch {
	case a.rank >= 0:
		return a, ""
	case page.context != "":
		return a, unknownContext(page)
	case a.path != "":
		return a, "no dataset is made of what was asked for: " + jsonfile.Clip(a.path)
	}
	if a.rank, a.request = named(p.known, page.file); a.rank < 0 && page.failure == "" {
		return a, noContext
	}
	if page.failure != "" {
		a.rank = -1
	}
	return a, ""
}

const noContext = `it has no "@odata.context", which tells what was asked for`

// fits reports whether a page without context looks like a dataset: every field that the schema
// requires has a value in some record.
func (a answer) fits(dataset *schemas.Dataset) bool {
	required, _ := dataset.Shape()["required"].([]any)
	for _, name := range required {
		if !a.filled[strings.ToLower(fmt.Sprint(name))] {
			return false
		}
	}
	return len(a.filled) > 0
}

func unknownContext(page page) string {
	return "no dataset is made of what its context names: " + jsonfile.Clip(page.context)
}

func isMembers(path string) bool { return path == transitiveMembers || path == directMembers }

// byName identifies a page in a file that is named after the members of a group, if its context
// says no more than what kind of object it holds.
func (a *answer) byName() string {
	members, ok := groupNamed(a.file)
	cast, plain := castOf(a.path)
	switch {
	case !ok || a.context == "":
		return ""
	case a.key != "" && isMembers(a.path) && !strings.EqualFold(a.key, members.key):
		return fmt.Sprintf("its name says that it is about group %s, and its context that it is about %s", jsonfile.Clip(members.key), jsonfile.Clip(a.key))
	case !plain:
		return ""
	}
	a.path, a.key, a.cast = members.path, members.key, cmp.Or(members.cast, a.cast, cast)
	return ""
}

// castOf returns the type of the objects in a list if the context says nothing else, as that of a
// list of members with a type does.
func castOf(path string) (cast string, plain bool) {
	switch strings.ToLower(path) {
	case "directoryobjects":
		return "", true
	case "users":
		return "microsoft.graph.user", true
	case "groups":
		return "microsoft.graph.group", true
	case "devices":
		return "microsoft.graph.device", true
	case "serviceprincipals":
		return "microsoft.graph.servicePrincipal", true
	case "contacts":
		return "microsoft.graph.orgContact", true
	}
	if inner, ok := strings.CutPrefix(path, "Collection(microsoft.graph."); ok && strings.HasSuffix(inner, ")") {
		kind := strings.TrimSuffix(inner, ")")
		if kind == "directoryObject" {
			return "", true
		}
		return "microsoft.graph." + kind, kind == "user" || kind == "group"
	}
	return "", false
}

// byAddress identifies a page by the addresses of the request and of the next page.
func (a *answer) byAddress(known []endpoint) string {
	for _, text := range []string{a.next, a.url} {
		asked, ok := parseAddress(text)
		if !ok {
			continue
		}
		own := text == a.url
		a.filter = cmp.Or(asked.filter(own), a.filter)
		if top := asked.query.Get("top"); own && !a.more && top != "" && top == fmt.Sprint(a.records) {
			a.filter = cmp.Or(a.filter, "$top="+top)
		}
		rank := rankOf(known, asked.path)
		switch {
		case rank >= 0 && rank == rankOf(known, a.path) && (asked.key == "" || strings.EqualFold(asked.key, a.key)):
			// Both say the same; the cast stands in the address alone.
			a.cast = cmp.Or(asked.cast, a.cast)
		case rank >= 0:
			a.path, a.key, a.cast = asked.path, asked.key, asked.cast
			if a.series == "" {
				a.series = "#" + asked.path
			}
		case a.context == "":
			a.path = asked.path
		case strings.Contains(asked.path, "/"):
			return "no dataset is made of what was asked for: " + jsonfile.Clip(asked.path)
		}
	}
	return ""
}
