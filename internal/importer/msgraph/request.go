package msgraph

import (
	"net/url"
	"strings"
)

// request is what an answer says of its request.
type request struct {
	path    string // of the endpoint, without keys and selections: "groups/{id}/transitiveMembers"
	key     string // what stood for {id}
	cast    string // the type that the path ends with: "microsoft.graph.user"; "" if it ends with none
	series  string // version and selection: pages of one list agree in it
	single  bool   // one record, not the list
	changes bool   // the answer to a delta query
	guessed bool   // it is known by the name of the file only
}

// parseContext parses "https://graph.microsoft.com/v1.0/$metadata#users(id)".
func parseContext(context string) (request, bool) {
	service, fragment, ok := strings.Cut(context, "$metadata#")
	if !ok || fragment == "" {
		return request{}, false
	}
	var r request
	r.series = strings.TrimSuffix(service, "/") + "#" + fragment
	if strings.HasPrefix(fragment, "Collection(") {
		r.path = fragment
		return r, true
	}
	if rest, ok := strings.CutSuffix(fragment, "/$entity"); ok {
		r.single, fragment = true, rest
	}
	if rest, ok := strings.CutSuffix(fragment, "/$delta"); ok {
		r.changes, fragment = true, rest
	}
	r.path, r.key, ok = plain(fragment)
	r.path, r.cast = uncast(r.path)
	return r, ok
}

// version returns the part of a series before the selection: "https://graph.microsoft.com/v1.0".
func (r request) version() string {
	version, _, _ := strings.Cut(r.series, "#")
	return version
}

// uncast splits the type off the end of a path.
func uncast(path string) (rest, cast string) {
	if i := strings.LastIndexByte(path, '/'); i >= 0 && strings.HasPrefix(path[i+1:], "microsoft.graph.") {
		return path[:i], path[i+1:]
	}
	return path, ""
}

// plain removes the selections and the key from a path. A path with two keys, or with parentheses
// that do not match, is unknown.
func plain(fragment string) (path, key string, ok bool) {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(fragment, "(")
		b.WriteString(before)
		if !found {
			return b.String(), key, true
		}
		end := matching(after)
		if end < 0 {
			return "", "", false
		}
		inner := after[:end]
		fragment = after[end+1:]
		if !strings.HasPrefix(inner, "'") {
			continue
		}
		if key != "" {
			return "", "", false
		}
		key = strings.Trim(inner, "'")
		b.WriteString("/{id}")
	}
}

// matching returns the index of the parenthesis that closes one just before text.
func matching(text string) int {
	depth := 1
	for i := range len(text) {
		switch text[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// address is the URL of a request or of a next page.
type address struct {
	path, key, cast string
	query           url.Values // names in small letters, without "$"
}

// parseAddress parses "https://graph.microsoft.com/v1.0/groups/ID/members?$skiptoken=x", and the
// same without service and version, as in a batch.
func parseAddress(text string) (address, bool) {
	u, err := url.Parse(text)
	if err != nil || u.Path == "" || u.Scheme == "" && !strings.HasPrefix(text, "/") {
		return address{}, false
	}
	segments := strings.Split(strings.Trim(u.Path, "/"), "/")
	for len(segments) > 0 && isPrefix(segments[0]) {
		segments = segments[1:]
	}
	path, key, ok := plain(strings.Join(segments, "/"))
	if !ok || path == "" {
		return address{}, false
	}
	a := address{path: path, key: key, query: url.Values{}}
	for name, values := range u.Query() {
		a.query[strings.ToLower(strings.TrimPrefix(name, "$"))] = values
	}
	if segments = strings.Split(path, "/"); key == "" && len(segments) > 1 && isKeyed(segments[0]) && !strings.Contains(segments[1], ".") {
		a.key, segments[1] = segments[1], "{id}"
		a.path = strings.Join(segments, "/")
	}
	a.path, a.cast = uncast(a.path)
	return a, true
}

// isPrefix reports whether a segment stands before the path of an endpoint.
func isPrefix(segment string) bool {
	switch strings.ToLower(segment) {
	case "v1.0", "beta", "api", "myorganization":
		return true
	}
	return false
}

// isKeyed reports whether the records of a collection are requested by a key.
func isKeyed(collection string) bool {
	switch strings.ToLower(collection) {
	case "groups", "users", "directoryroles":
		return true
	}
	return false
}

// filter returns which part of a list an address asks for; "" if it is the whole. Only the address
// of the request itself may skip records: that of a next page does so by nature.
func (a address) filter(own bool) string {
	for _, name := range []string{"filter", "search", "apply"} {
		if value := a.query.Get(name); value != "" {
			return "$" + name + "=" + value
		}
	}
	if value := a.query.Get("skip"); own && value != "" && value != "0" {
		return "$skip=" + value
	}
	return ""
}
