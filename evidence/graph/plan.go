package graph

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/schemas"
)

// Skipped is a file, or a part of one, that made no evidence.
type Skipped struct {
	Path   string // within the folder
	Reason string
}

// answer is a page and the request that it answers.
type answer struct {
	page
	request
}

// plan says which pages make which datasets.
type plan struct {
	known    []endpoint
	registry *schemas.Registry
	answers  map[int][]answer  // by rank of the endpoint
	failures map[int]failure   // errors of Graph, by rank
	chosen   map[string]int    // rank, by dataset
	failed   map[string]string // reason, by dataset
	files    map[string]string // the first file, by dataset that is chosen or failed
	skipped  []Skipped
}

// failure is a saved error.
type failure struct{ file, reason string }

func newPlan(registry *schemas.Registry, pages []page) (*plan, error) {
	p := &plan{
		known: endpoints(), registry: registry,
		answers: map[int][]answer{}, failures: map[int]failure{}, chosen: map[string]int{},
		failed: map[string]string{}, files: map[string]string{},
	}
	for _, page := range pages {
		p.sort(page)
	}
	for rank := range p.known {
		if err := p.choose(rank); err != nil {
			return nil, err
		}
	}
	// A file can be skipped page by page for one reason.
	slices.SortFunc(p.skipped, func(a, b Skipped) int {
		return strings.Compare(a.Path+"\x00"+a.Reason, b.Path+"\x00"+b.Reason)
	})
	p.skipped = slices.Compact(p.skipped)
	return p, nil
}

// sort puts a page with the others of its endpoint.
func (p *plan) sort(page page) {
	switch {
	case page.context != "":
	case page.failure != "":
		p.fail(page)
		return
	default:
		p.skip(page, `it has no "@odata.context", which tells what was asked for`)
		return
	}
	request, ok := parseContext(page.context)
	if group, named := groupNamed(page.file); named && request.path == "directoryObjects" {
		request.path, request.key = groupMembers, group
	}
	rank := rankOf(p.known, request.path)
	if !ok || rank < 0 {
		p.skip(page, fmt.Sprintf("no dataset is made of what its context names: %s", clip(page.context)))
		return
	}
	dataset, _ := p.registry.Dataset(p.known[rank].dataset)
	if dataset.Kind != schemas.Document && (request.single || !page.list) {
		p.skip(page, "it holds one record, and nothing says whether there are others")
		return
	}
	p.answers[rank] = append(p.answers[rank], answer{page: page, request: request})
}

// fail notes an error for what its file is named after. An error that is the
// answer to nobody knows what is no evidence: what was asked for is missing.
func (p *plan) fail(page page) {
	ranks, dataset := ranksNamed(p.known, page.file), p.datasetNamed(page.file)
	switch {
	case len(ranks) == 0 && dataset == "":
		p.skip(page, fmt.Sprintf("it holds an error (%s), and its name does not say what of: a file named after a dataset, "+
			"such as entra.users.json, would", page.failure))
	case len(ranks) == 0 && p.failed[dataset] == "":
		// Not Graph's, but somebody tried, and saved what came of it.
		p.failed[dataset], p.files[dataset] = "the service answered with an error: "+page.failure, page.file
	}
	for _, rank := range ranks {
		who := "Graph"
		if p.known[rank].bare {
			who = "the service"
		}
		p.failures[rank] = failure{page.file, who + " answered with an error: " + page.failure}
	}
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

func (p *plan) skip(page page, reason string) {
	p.skipped = append(p.skipped, Skipped{Path: page.file, Reason: reason})
}

// choose takes the answers of an endpoint for its dataset, unless a better
// endpoint made it already.
func (p *plan) choose(rank int) error {
	answers, dataset := p.answers[rank], p.known[rank].dataset
	if len(answers) == 0 && p.failures[rank].reason == "" {
		return nil
	}
	if before, ok := p.chosen[dataset]; ok {
		for _, a := range answers {
			p.skip(a.page, fmt.Sprintf("%s is made of %s instead", dataset, p.known[before].path))
		}
		return nil
	}
	why := p.failures[rank].reason
	if why == "" {
		var err error
		if why, err = p.incomplete(dataset, answers); err != nil {
			return err
		}
	}
	file := p.failures[rank].file
	if len(answers) > 0 {
		file = answers[0].file
	}
	switch {
	case why == "":
		p.files[dataset] = file
		p.chosen[dataset] = rank
		delete(p.failed, dataset)
	case p.failed[dataset] == "":
		p.files[dataset] = file
		p.failed[dataset] = why
	}
	return nil
}

// incomplete says why answers are not all there is; "" if they are. Answers
// that contradict each other are an error.
func (p *plan) incomplete(dataset string, answers []answer) (string, error) {
	if d, _ := p.registry.Dataset(dataset); d.Kind == schemas.Document {
		if len(answers) > 1 {
			return "", twice(dataset, answers[0], answers[1])
		}
		if a := answers[0]; a.list && a.records != 1 {
			return fmt.Sprintf("the response holds %d objects, not one", a.records), nil
		}
		return "", nil
	}
	byKey := map[string][]answer{}
	for _, a := range answers {
		byKey[a.key] = append(byKey[a.key], a)
	}
	for _, key := range slices.Sorted(maps.Keys(byKey)) {
		if why, err := missing(dataset, byKey[key]); why != "" || err != nil {
			return why, err
		}
	}
	return "", nil
}

// missing looks for the gaps in one paged list.
func missing(dataset string, pages []answer) (string, error) {
	var last []answer
	total, most := int64(0), int64(-1)
	for _, page := range pages {
		switch {
		case page.series != pages[0].series:
			return "", twice(dataset, pages[0], page)
		case page.failure != "":
			return fmt.Sprintf("the list in %s breaks off with an error of Graph: %s", page.file, page.failure), nil
		case page.request.changes || page.page.changes:
			return "the answer to a delta query lists changes, not everything", nil
		case !page.more:
			last = append(last, page)
		}
		total += page.records
		most = max(most, page.count)
	}
	switch {
	case len(last) == 0:
		return fmt.Sprintf("the last page is missing: %s names a next one", pages[len(pages)-1].file), nil
	case len(last) > 1:
		return "", twice(dataset, last[0], last[1])
	case most > total:
		return fmt.Sprintf("pages are missing: %d records were saved of %d", total, most), nil
	}
	return "", nil
}

func twice(dataset string, a, b answer) error {
	return &evidence.Error{
		Path: b.file, Summary: fmt.Sprintf("%s was saved twice: %s is another answer to the same request or to one with other fields", dataset, a.file),
		Hint: "Keep one of them, with all of its pages.",
	}
}
