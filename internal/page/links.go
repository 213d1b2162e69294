package page

import (
	"net/url"
	"strconv"
	"strings"
)

// links are the addresses of the tabs: paths on a server, fragments in the single file.
type links struct {
	base string // of the tenant, without a slash at the end
	file bool
}

// Tab returns the address of a tab.
func (l links) Tab(name string) string {
	switch {
	case l.file:
		return "#" + name
	case name == "tenants":
		return "/tenants"
	}
	return l.base + "/" + name
}

// Home returns the address of where a tenant's pages begin, or of the list of tenants if these are of none.
func (l links) Home() string {
	if l.base == "" && !l.file {
		return l.Tab("tenants")
	}
	return l.Tab("overview")
}

// Actions returns the address of the list of actions with filters: names of parameters, each followed by its value. The single file has
// one list: there filters stand in the query, which TypeScript reads.
func (l links) Actions(pairs ...string) string {
	query := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		query.Add(pairs[i], pairs[i+1])
	}
	text := ""
	if len(query) > 0 {
		text = "?" + query.Encode()
	}
	if l.file {
		return text + "#actions"
	}
	return l.base + "/actions" + text
}

// Action returns the address of an action.
func (l links) Action(id string) string {
	if l.file {
		return "#action-" + strings.ReplaceAll(url.PathEscape(id), ":", "%3A") // or what stands before it would be a scheme
	}
	return l.base + "/actions/" + url.PathEscape(id)
}

// API returns the address of something of the tenant for programs: of a server, since a file has none.
func (l links) API(parts ...string) string {
	address := "/api/v1" + l.base
	for _, part := range parts {
		address += "/" + url.PathEscape(part)
	}
	return address
}

// Entry returns the address of an entry of the history.
func (l links) Entry(number int64) string {
	if l.file {
		return "#entry-" + strconv.FormatInt(number, 10)
	}
	return l.base + "/history/" + strconv.FormatInt(number, 10)
}
