package pipeline

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
)

// maxComment is how many bytes a comment may have: the least that one of the systems takes.
const maxComment = 65_536

// mark is the hidden first line of a comment, by which it is found again.
var mark = regexp.MustCompile(`^<!-- posture-comment [0-9a-f]{32} -->\r?$`)

// settled is what a comment says once what it told of is gone.
const settled = "### Nothing changes\n\nThe score and every recommended action are as they are in the base branch.\n"

// comment comments on the pull request of the job. An empty file is no comment: then one that is there is told off, if the summary has its
// mark. Without a pull request nothing is done.
func (j Job) comment(ctx context.Context, file, summary string) error {
	text, err := markdown(file)
	if err != nil {
		return err
	}
	marked := text
	if text == "" && summary != "" {
		if marked, err = markdown(summary); err != nil {
			return err
		}
	}
	first, _, _ := strings.Cut(marked, "\n")
	if text == "" && first == "" {
		j.say("nothing changed: no comment")
		return nil
	}
	if !mark.MatchString(first) {
		return fmt.Errorf("%s does not begin with the mark of a comment: write it with --format markdown", file)
	}
	where, why := j.forge()
	if where == nil {
		j.say("no comment: %s", why)
		return nil
	}
	done, err := where.post(ctx, j.Client, strings.TrimSuffix(first, "\r"), text)
	if err != nil {
		return err
	}
	j.say("%s", done)
	return nil
}

// markdown reads a comment.
func markdown(file string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	if len(text) > maxComment {
		return "", fmt.Errorf("%s has %d bytes, and a comment at most %d", file, len(text), maxComment)
	}
	return string(text), nil
}

// post makes a comment, or changes the one that begins with the same mark, and says what it did. Without a text it makes none.
func (f *forge) post(ctx context.Context, client caller, mark, text string) (string, error) {
	old, err := f.find(ctx, client, mark)
	switch {
	case err != nil:
		return "", err
	case old == nil && text == "":
		return "nothing changed: no comment", nil
	case old == nil:
		return "commented", f.send(ctx, client, f.create, text)
	case text == "":
		text = mark + "\n" + settled
	}
	if strings.TrimSpace(old.body) == strings.TrimSpace(text) {
		return "the comment is up to date", nil
	}
	return "updated the comment", f.send(ctx, client, f.change(old.id), text)
}

// find returns the comment that begins with a mark, or nil.
func (f *forge) find(ctx context.Context, client caller, mark string) (*remark, error) {
	for page := 1; page <= maxPages; page++ {
		list, err := f.list(ctx, client, page)
		if err != nil {
			return nil, err
		}
		for _, one := range list {
			if first, _, _ := strings.Cut(one.body, "\n"); strings.TrimSuffix(first, "\r") == mark {
				return &one, nil
			}
		}
		if f.whole || len(list) < perPage {
			return nil, nil
		}
	}
	return nil, fmt.Errorf("there are more than %d comments: the one to update is not among them", maxPages*perPage)
}
