package pipeline

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
)

// Bounds of what a system is asked.
const (
	perPage   = 100
	maxPages  = 50
	maxAnswer = 32 << 20 // bytes
)

// caller sends requests; *http.Client is one.
type caller interface {
	Do(*http.Request) (*http.Response, error)
}

// request is a method and the URL that it goes to.
type request struct{ method, url string }

// remark is a comment on a pull request.
type remark struct{ id, body string }

// forge is a system with pull requests, and the one of this job: how its comments are listed, made and changed.
type forge struct {
	system  string
	token   string
	needs   string // what the token has to be allowed, in the words of the system
	create  request
	whole   bool // all comments are listed at once
	change  func(id string) request
	parse   func([]byte) ([]remark, error)
	content func(text string, isNew bool) any
}

// forge returns the pull request of this job, or says why there is none to comment on.
func (j Job) forge() (*forge, string) {
	switch {
	case j.Env("GITHUB_ACTIONS") == "true":
		return j.githubForge()
	case j.Env("GITLAB_CI") == "true":
		return j.gitlabForge()
	case j.Env("TF_BUILD") != "":
		return j.azureForge()
	}
	return nil, "this is no job of GitHub Actions, GitLab CI or Azure Pipelines"
}

// pullRef is the ref that GitHub checks out for a pull request.
var pullRef = regexp.MustCompile(`^refs/pull/([0-9]+)/`)

// githubForge is https://docs.github.com/en/rest/issues/comments.
func (j Job) githubForge() (*forge, string) {
	pull := pullRef.FindStringSubmatch(j.Env("GITHUB_REF"))
	switch {
	case pull == nil:
		return nil, "this job is for no pull request"
	case j.Env("GITHUB_TOKEN") == "":
		return nil, "there is no GITHUB_TOKEN"
	}
	issues := cmp.Or(j.Env("GITHUB_API_URL"), "https://api.github.com") + "/repos/" + j.Env("GITHUB_REPOSITORY") + "/issues/"
	return &forge{
		system: "GitHub", token: j.Env("GITHUB_TOKEN"),
		needs:  "the permission pull-requests: write, which a pull request from a fork never has",
		create: request{http.MethodPost, issues + pull[1] + "/comments"},
		change: func(id string) request { return request{http.MethodPatch, issues + "comments/" + id} },
		parse:  notes, content: note,
	}, ""
}

// gitlabForge is https://docs.gitlab.com/api/notes/#merge-requests.
func (j Job) gitlabForge() (*forge, string) {
	switch {
	case j.Env("CI_MERGE_REQUEST_IID") == "":
		return nil, "this job is for no merge request"
	case j.Env("GITLAB_TOKEN") == "":
		return nil, "there is no GITLAB_TOKEN: the token of a job may not comment"
	}
	all := j.Env("CI_API_V4_URL") + "/projects/" + url.PathEscape(j.Env("CI_MERGE_REQUEST_PROJECT_ID")) +
		"/merge_requests/" + url.PathEscape(j.Env("CI_MERGE_REQUEST_IID")) + "/notes"
	return &forge{
		system: "GitLab", token: j.Env("GITLAB_TOKEN"), needs: "the scope api, and the role Reporter",
		create: request{http.MethodPost, all},
		change: func(id string) request { return request{http.MethodPut, all + "/" + id} },
		parse:  notes, content: note,
	}, ""
}

// azureForge is https://learn.microsoft.com/rest/api/azure/devops/git/pull-request-threads.
func (j Job) azureForge() (*forge, string) {
	switch {
	case j.Env("SYSTEM_PULLREQUEST_PULLREQUESTID") == "":
		return nil, "this job is for no pull request"
	case j.Env("BUILD_REPOSITORY_PROVIDER") != "TfsGit":
		return nil, "the repository is not in Azure Repos"
	case j.Env("SYSTEM_ACCESSTOKEN") == "":
		return nil, "there is no SYSTEM_ACCESSTOKEN: map $(System.AccessToken) into the step"
	}
	const version = "?api-version=7.0"
	all := j.Env("SYSTEM_COLLECTIONURI") + url.PathEscape(j.Env("SYSTEM_TEAMPROJECT")) + "/_apis/git/repositories/" +
		url.PathEscape(j.Env("BUILD_REPOSITORY_ID")) + "/pullRequests/" + url.PathEscape(j.Env("SYSTEM_PULLREQUEST_PULLREQUESTID")) + "/threads"
	return &forge{
		system: "Azure DevOps", token: j.Env("SYSTEM_ACCESSTOKEN"),
		needs: "Contribute to pull requests, for the build service of the project", whole: true,
		create: request{http.MethodPost, all + version},
		change: func(id string) request { return request{http.MethodPatch, all + "/" + id + version} },
		parse:  threads, content: thread,
	}, ""
}

// notes reads a page of comments of GitHub or GitLab.
func notes(text []byte) ([]remark, error) {
	var list []struct {
		ID   int64  `json:"id"`
		Body string `json:"body"`
	}
	err := json.Unmarshal(text, &list)
	remarks := make([]remark, 0, len(list))
	for _, one := range list {
		remarks = append(remarks, remark{strconv.FormatInt(one.ID, 10), one.Body})
	}
	return remarks, err
}

// note is a comment as GitHub and GitLab take it.
func note(text string, _ bool) any { return map[string]string{"body": text} }

// threads reads the threads of a pull request of Azure DevOps: the first comment of each.
func threads(text []byte) ([]remark, error) {
	var list struct {
		Value []struct {
			ID       int64 `json:"id"`
			Comments []struct {
				ID        int64  `json:"id"`
				Content   string `json:"content"`
				IsDeleted bool   `json:"isDeleted"`
			} `json:"comments"`
		} `json:"value"`
	}
	err := json.Unmarshal(text, &list)
	var remarks []remark
	for _, one := range list.Value {
		if len(one.Comments) > 0 && !one.Comments[0].IsDeleted {
			remarks = append(remarks, remark{fmt.Sprintf("%d/comments/%d", one.ID, one.Comments[0].ID), one.Comments[0].Content})
		}
	}
	return remarks, err
}

// thread is a comment as Azure DevOps takes it. A new one is a thread that is closed: nobody has to resolve it.
func thread(text string, isNew bool) any {
	if !isNew {
		return map[string]string{"content": text}
	}
	return map[string]any{
		"comments": []any{map[string]any{"parentCommentId": 0, "content": text, "commentType": "text"}},
		"status":   "closed",
	}
}

// list returns a page of comments, the first of which is 1.
func (f *forge) list(ctx context.Context, client caller, page int) ([]remark, error) {
	from := f.create.url
	if !f.whole {
		from += fmt.Sprintf("?per_page=%d&page=%d", perPage, page)
	}
	answer, err := f.ask(ctx, client, request{http.MethodGet, from}, nil)
	if err != nil {
		return nil, err
	}
	list, err := f.parse(answer)
	if err != nil {
		return nil, fmt.Errorf("reading the comments that %s has: %w", f.system, err)
	}
	return list, nil
}

// send makes or changes a comment.
func (f *forge) send(ctx context.Context, client caller, to request, text string) error {
	body, err := json.Marshal(f.content(text, to == f.create))
	if err != nil {
		return err
	}
	_, err = f.ask(ctx, client, to, body)
	return err
}

// ask sends a request and returns the answer.
func (f *forge) ask(ctx context.Context, client caller, to request, body []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, to.method, to.url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+f.token)
	r.Header.Set("Accept", "application/json")
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	answer, err := client.Do(r)
	if err != nil {
		return nil, fmt.Errorf("asking %s: %w", f.system, err)
	}
	defer answer.Body.Close() //nolint:errcheck // it was only read
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("asking %s: %w", f.system, err)
	case answer.StatusCode == http.StatusUnauthorized, answer.StatusCode == http.StatusForbidden, answer.StatusCode == http.StatusNotFound:
		return nil, fmt.Errorf("%s answers %s: to comment, the token needs %s", f.system, answer.Status, f.needs)
	case answer.StatusCode < 200 || answer.StatusCode > 299: // a page to sign in at is a redirect
		return nil, fmt.Errorf("%s answers %s", f.system, answer.Status)
	case len(text) > maxAnswer:
		return nil, errors.New(f.system + " answers with more comments than can be looked at")
	}
	return text, nil
}

// Client returns a client that follows no redirect, which could take the token along.
func Client() *http.Client {
	return &http.Client{
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
