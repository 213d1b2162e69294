package signin

import (
	"net/url"
	"strings"
)

// home is where somebody goes who came from nowhere.
const home = "/"

// maxPath is the longest path that is returned to after signing in, in bytes.
const maxPath = 2000

// ReturnPath returns where somebody goes once they are signed in: the path that they asked for, if it is one of this server, and home if
// not. What browsers read as the address of another server ("//host", "/\host", with spaces or controls left out) is none.
func ReturnPath(asked string) string {
	if len(asked) > maxPath || !strings.HasPrefix(asked, "/") || strings.HasPrefix(asked, "//") {
		return home
	}
	for _, c := range []byte(asked) {
		if c <= ' ' || c == '\\' || c >= 0x7f {
			return home
		}
	}
	u, err := url.Parse(asked)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || strings.Contains(u.Path, "//") {
		return home
	}
	if first, _, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/"); first == "signin" || first == "signout" {
		return home // it would begin again
	}
	u.Fragment, u.RawFragment = "", ""
	return u.String()
}
