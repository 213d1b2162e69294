package graph

import "strings"

// request is what the context of a response tells of the request.
type request struct {
	path    string // of the endpoint, without keys and selections: "groups/{id}/transitiveMembers"
	key     string // what stood for {id}
	series  string // version and selection: pages of one list agree in it
	single  bool   // one record, not the list
	changes bool   // the answer to a delta query
}

// parseContext reads "https://graph.microsoft.com/v1.0/$metadata#users(id)".
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
	return r, ok
}

// plain takes the selections off a path and its key out of it. A path with
// two keys, or with parentheses that do not match, is none that we know.
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

// matching gives the index of the parenthesis that closes one just before text.
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
