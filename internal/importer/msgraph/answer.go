package msgraph

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/posture-score/posture/internal/importer/jsonfile"
	"github.com/posture-score/posture/schemas"
)

// answer is a page and the request that it answers.
type answer struct {
	page
	request
	rank   int    // of the endpoint; -1 if nothing says which
	filter string // the part of the list that was asked for; "" if nothing says that it is a part
}

// identify says what a page answers, or why nobody knows. The address of the
// request tells most, then the name of a file of members, then the context.
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

// fits reports whether what a page without context holds looks like a dataset:
// every field that the schema requires has a value somewhere.
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

// byName takes a page of a file that is named after the members of a group for
// these, if its context says no more than what kind of object it holds.
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

// castOf gives the type of the objects in a list whose context says nothing
// else, as that of a list of members that was asked for with a type does.
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

// byAddress takes what the addresses of the request and of the next page say.
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
