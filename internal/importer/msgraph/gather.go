package msgraph

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/posture-score/posture/schemas"
)

// whole is one answer with all of its pages.
type whole struct {
	pages  []answer
	filter string // as of an answer
}

func (w whole) file() string { return w.pages[0].file }

func (w whole) records() (n int64) {
	for _, p := range w.pages {
		n += p.records
	}
	return n
}

// gap is the reason why some pages are no whole answer.
type gap struct {
	file, reason string
	rank         int
	version      string
}

// gather combines the pages of one dataset, or of one group's members, into whole answers.
func gather(dataset *schemas.Dataset, answers []answer) (wholes []whole, gaps []gap) {
	for _, pages := range grouped(answers, func(a answer) string { return fmt.Sprintf("%03d %s\x00%s", a.rank, a.series, a.cast) }) {
		more, failures := assemble(dataset, pages)
		wholes, gaps = append(wholes, more...), append(gaps, failures...)
	}
	return wholes, gaps
}

// grouped groups answers by a key, in the order of the keys.
func grouped(answers []answer, key func(answer) string) [][]answer {
	byKey := map[string][]answer{}
	for _, a := range answers {
		byKey[key(a)] = append(byKey[key(a)], a)
	}
	var groups [][]answer
	for _, k := range sortedKeys(byKey) {
		groups = append(groups, byKey[k])
	}
	return groups
}

// assemble combines pages that one request may have had into whole answers. If several are last
// pages there are several answers, which the names of their files tell apart.
func assemble(dataset *schemas.Dataset, pages []answer) ([]whole, []gap) {
	if dataset.Kind == schemas.Document {
		return documents(pages)
	}
	var wholes []whole
	var gaps []gap
	for _, part := range apart(pages) {
		if why := missing(part); why != "" {
			gaps = append(gaps, gap{part[0].file, why, part[0].rank, part[0].version()})
			continue
		}
		w := whole{pages: part}
		for _, a := range part {
			w.filter = cmp.Or(w.filter, a.filter)
		}
		wholes = append(wholes, w)
	}
	return wholes, gaps
}

// apart splits pages of one request into those of its answers. A page that has as many records as
// the service counted is a whole answer.
func apart(pages []answer) (parts [][]answer) {
	alone := func(a answer) bool { return len(pages) > 1 && !a.more && a.count == a.records }
	last := func(a answer) bool { return !a.more }
	for _, p := range pages {
		if alone(p) {
			parts = append(parts, []answer{p})
		}
	}
	rest := slices.DeleteFunc(slices.Clone(pages), alone)
	lasts := len(rest) - len(slices.DeleteFunc(slices.Clone(rest), last))
	switch {
	case len(rest) == 0:
	case lasts <= 1:
		parts = append(parts, rest)
	case lasts == len(rest):
		for _, p := range rest {
			parts = append(parts, []answer{p})
		}
	default:
		parts = append(parts, grouped(rest, func(a answer) string { return path.Dir(a.file) + "/" + baseName(a.file) })...)
	}
	return parts
}

// documents returns each page as an answer of its own.
func documents(pages []answer) (wholes []whole, gaps []gap) {
	for _, p := range pages {
		switch {
		case p.failure != "":
			gaps = append(gaps, gap{p.file, "the answer breaks off with an error of Graph: " + p.failure, p.rank, p.version()})
		case p.list && p.records != 1:
			gaps = append(gaps, gap{p.file, fmt.Sprintf("the response holds %d objects, not one", p.records), p.rank, p.version()})
		default:
			wholes = append(wholes, whole{pages: []answer{p}})
		}
	}
	return wholes, gaps
}

// missing returns what is missing in one paged list; "" if nothing is.
func missing(pages []answer) string {
	var last []answer
	total, most := int64(0), int64(-1)
	for _, page := range pages {
		switch {
		case page.failure != "":
			return fmt.Sprintf("the list in %s breaks off with an error of Graph: %s", page.file, page.failure)
		case page.request.changes || page.page.changes:
			return "the answer to a delta query lists changes, not everything"
		case !page.more:
			last = append(last, page)
		}
		total += page.records
		most = max(most, page.count)
	}
	switch {
	case len(last) == 0:
		return fmt.Sprintf("the last page is missing: %s names a next one", pages[len(pages)-1].file)
	case len(last) > 1:
		return fmt.Sprintf("%s and %s both hold a last page, and other pages may belong to either", last[0].file, last[1].file)
	case most > total:
		return fmt.Sprintf("pages are missing: %d records were saved of %d", total, most)
	}
	return cutShort(pages)
}

// cutShort returns why a list without a response around it, which would name the next page, may be
// the first page only: it has as many records as one page.
func cutShort(pages []answer) string {
	a := pages[0]
	if a.context != "" || a.url != "" {
		return ""
	}
	cmdlet, _ := cmdletNamed(a.file)
	switch {
	case cmdlet != "" && a.records == 100:
		return fmt.Sprintf("%s holds exactly 100 records, as many as %s gives without -All", a.file, cmdlet)
	case cmdlet == "" && (a.records == 100 || a.records == 999):
		return fmt.Sprintf("%s holds exactly %d records, as many as one page, and does not say whether there is a next one", a.file, a.records)
	}
	return ""
}

// partial sets the filter of answers to a part of the list: by their address or, for users, by the
// name of their file.
func partial(wholes []whole) []whole {
	for i := range wholes {
		w := &wholes[i]
		if w.filter == "" && strings.EqualFold(w.pages[0].path, allUsers) {
			w.filter = partNamed(w.file())
		}
	}
	return wholes
}

// complete reports whether two filters together select every record.
func complete(a, b string) bool {
	one, ok := parseFilter(a)
	other, also := parseFilter(b)
	if !ok || !also || one.field != other.field {
		return false
	}
	switch {
	case one.negated != other.negated:
		return one.value == other.value
	case one.negated:
		return false
	}
	return opposite(one.value, other.value) || opposite(other.value, one.value)
}

// opposite reports whether two values are all that a field can have.
func opposite(a, b string) bool { return a == "true" && b == "false" || a == "member" && b == "guest" }

// condition is a comparison of one field with one value.
type condition struct {
	field, value string
	negated      bool
}

// parseFilter parses "$filter=userType eq 'Guest'".
func parseFilter(text string) (condition, bool) {
	words := strings.Fields(strings.ToLower(strings.TrimPrefix(text, "$filter=")))
	if len(words) != 3 || words[1] != "eq" && words[1] != "ne" {
		return condition{}, false
	}
	return condition{field: words[0], value: strings.Trim(words[2], "'"), negated: words[1] == "ne"}, true
}
