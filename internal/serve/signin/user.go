package signin

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/posture-score/posture/internal/plaintext"
)

// Role is what somebody may do.
type Role string

// The two roles of Secure Score.
const (
	Reader Role = "reader" // sees everything
	Editor Role = "editor" // changes statuses, notes, tags, zones, comparisons and plans, too
)

// User is somebody who is signed in.
type User struct {
	// Name is what the register calls them: the mail address if the provider vouches for it, otherwise their name there.
	Name string
	Role Role
}

// CanEdit reports whether the user may change something.
func (u User) CanEdit() bool { return u.Role == Editor }

type userKey struct{}

// Session returns whom a request is from. It is false for requests that did not pass [Gate.Require].
func Session(ctx context.Context) (User, bool) {
	u, ok := ctx.Value(userKey{}).(User)
	return u, ok
}

// WithUser returns a context of a request that is from a user.
func WithUser(ctx context.Context, u User) context.Context {
	return context.WithValue(ctx, userKey{}, u)
}

// maxName is the largest length of a name, in characters.
const maxName = 200

// cleanName returns a name as it is shown and kept: on one line, in one direction, not too long. It is empty if nothing of it can be seen.
func cleanName(name string) string {
	name = strings.Map(func(r rune) rune {
		if plaintext.Steers(r) {
			return -1
		}
		return r
	}, name)
	name = strings.TrimSpace(name)
	if plaintext.Blank(name) {
		return ""
	}
	if utf8.RuneCountInString(name) > maxName {
		name = string([]rune(name)[:maxName-1]) + "…"
	}
	return name
}
