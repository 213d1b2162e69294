package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/posture-score/posture/internal/snapshot"
)

// problem is what went wrong (RFC 9457).
type problem struct {
	Title   string            `json:"title"`
	Status  int               `json:"status"`
	Detail  string            `json:"detail"`
	Errors  map[string]string `json:"errors,omitempty"`  // what is wrong with a value, by its name
	Current any               `json:"current,omitempty"` // what somebody else has written in the meantime
}

func (p *problem) Error() string { return p.Detail }

// refuse returns a problem.
func refuse(status int, format string, args ...any) *problem {
	return &problem{Title: http.StatusText(status), Status: status, Detail: fmt.Sprintf(format, args...)}
}

// wrong returns the problem of a parameter.
func wrong(name, format string, args ...any) *problem {
	p := refuse(http.StatusBadRequest, "The parameter %s: %s", name, fmt.Sprintf(format, args...))
	p.Errors = map[string]string{name: fmt.Sprintf(format, args...)}
	return p
}

// failed answers with what went wrong. What is none of a program's business is in the log.
func (a *API) failed(w http.ResponseWriter, r *http.Request, err error) {
	p := a.problemOf(w, r, err)
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	h.Del("ETag")
	h.Del("Content-Disposition")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // who is gone gets nothing
}

func (a *API) problemOf(w http.ResponseWriter, r *http.Request, err error) *problem {
	var known *problem
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &known):
		return known
	case errors.Is(err, snapshot.ErrUnknownTenant):
		return refuse(http.StatusNotFound, "There is no such tenant.")
	case errors.Is(err, errStarting):
		w.Header().Set("Retry-After", "5")
		return refuse(http.StatusServiceUnavailable, "The first assessment is being read. Try again in a few seconds.")
	case errors.Is(err, errBusy):
		w.Header().Set("Retry-After", "10")
		return refuse(http.StatusServiceUnavailable, "Too many are asking for days at once. Try again in a few seconds.")
	case errors.As(err, &tooLarge):
		return refuse(http.StatusRequestEntityTooLarge, "That is too much at once.")
	}
	a.Log.Error("answering", "method", r.Method, "path", r.URL.EscapedPath(), "error", err)
	return refuse(http.StatusInternalServerError, "Something went wrong here. The log of the server says what.")
}

// repeatable reports whether a parameter may be given several times: the filters of the list may, each value being one more to find.
func repeatable(name string) bool {
	switch name {
	case "status", "category", "product", "license", "outcome", "tag", "threat", "framework", "stage", "regressed", "review", "column":
		return true
	}
	return false
}

// parameters returns the parameters of a request, of which those named may be given, and only once unless they are filters.
func parameters(r *http.Request, names ...string) (url.Values, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "The query of the address can't be read.")
	}
	for _, name := range slices.Sorted(maps.Keys(values)) { // so that the same mistakes get the same answer
		switch {
		case !slices.Contains(names, name):
			return nil, wrong(fmt.Sprintf("%.40q", name), "it is unknown here")
		case len(values[name]) > 1 && !repeatable(name):
			return nil, wrong(name, "it is given %d times: give it once", len(values[name]))
		}
	}
	return values, nil
}

// number returns a parameter that is a whole number in a range.
func number(values url.Values, name string, usual, least, most int) (int, error) {
	if !values.Has(name) {
		return usual, nil
	}
	n, err := strconv.Atoi(values.Get(name))
	if err != nil || n < least || n > most {
		return 0, wrong(name, "it has to be a whole number from %d to %d", least, most)
	}
	return n, nil
}

// flag returns a parameter that is true or false.
func flag(values url.Values, name string) (bool, error) {
	switch values.Get(name) {
	case "", "false":
		return false, nil
	case "true":
		return true, nil
	}
	return false, wrong(name, "it has to be true or false")
}
