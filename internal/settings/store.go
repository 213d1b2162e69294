package settings

import (
	"regexp"
	"strings"
)

var (
	drive  = regexp.MustCompile(`^[A-Za-z]:[/\\]`)
	scheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]+:`)
	person = regexp.MustCompile(`^/*[^/\\]*:.*@`)
	words  = regexp.MustCompile(`(?i)(password|passwd|pwd)\s*=|^(host|hostaddr|dbname|user|port|service|sslmode)\s*=`)
)

// NoPath reports whether what is to be the path of a store is none: a connection string or a URL, also a broken one, which may hold a password
// and is not to be shown, or a name that stands for something else, such as :memory:.
func NoPath(text string) bool {
	text = strings.TrimSpace(text)
	if words.MatchString(text) || strings.Contains(text, "://") && !drive.MatchString(text) {
		return true
	}
	if drive.MatchString(text) {
		return false
	}
	return strings.HasPrefix(text, ":") || scheme.MatchString(text) || person.MatchString(text)
}
