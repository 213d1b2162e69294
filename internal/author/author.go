// Package author says who works here: whom git would name as the author of a commit. It does not check that it is true.
package author

import (
	"context"
	"os/exec"
	"strings"
	"time"
)

// Git returns the author that git would record for a commit made in the working directory, as in "Ada <ada@contoso.example>", or "" if git
// is absent or has none configured.
func Git(ctx context.Context) string {
	name, email := config(ctx, "user.name"), config(ctx, "user.email")
	switch {
	case email == "":
		return name
	case name == "":
		return email
	}
	return name + " <" + email + ">"
}

func config(ctx context.Context, key string) string {
	const patience = 5 * time.Second
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "git", "config", "--get", key)
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}
