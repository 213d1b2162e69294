package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/decide"
	"github.com/posture-score/posture/internal/diag"
	"github.com/posture-score/posture/internal/register"
)

// written is what is registered about an action once it was changed.
type written struct {
	SchemaVersion string           `json:"schema_version"`
	Action        string           `json:"action"`
	Version       string           `json:"version"` // of what is registered, for If-Match; empty if nothing is
	Changed       bool             `json:"changed"`
	Decision      *engine.Decision `json:"decision"` // null if nothing is registered
	Live          bool             `json:"live"`     // the score follows at once, and not with the next assessment
}

// change changes what is registered about an action.
func (a *API) change(w http.ResponseWriter, r *http.Request) {
	if err := a.changeAction(w, r); err != nil {
		a.failed(w, r, err)
	}
}

func (a *API) changeAction(w http.ResponseWriter, r *http.Request) error {
	name, editor := person(r)
	if !editor {
		return refuse(http.StatusForbidden, "Your role here is reader: editors change what is decided.")
	}
	if _, err := parameters(r); err != nil {
		return err
	}
	version, err := seen(r)
	if err != nil {
		return err
	}
	changes, err := readPatch(r)
	if err != nil {
		return err
	}
	s, err := a.snapshot(r.Context(), r.PathValue("tenant"))
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	receipt, err := decide.New(s, name, a.Now()).Change(r.Context(), id, version, changes)
	if err != nil {
		return a.unwritten(w, r, err)
	}
	current, err := register.Open(s.Register.Path)
	if err != nil {
		return err
	}
	if receipt.File != "" {
		a.refresh(r)
	}
	decided := current.Decisions()
	version = register.VersionOf(decided, id)
	document := written{SchemaVersion: schemaVersion, Action: id, Version: version, Changed: receipt.File != "", Live: s.Live}
	if d, ok := decided[id]; ok {
		document.Decision = &d
	}
	w.Header().Set("ETag", tagOf(version))
	return send(w, document)
}

// patience is how long an answer waits for the snapshot that shows what was written. What takes longer shows later.
const patience = 20 * time.Second

func (a *API) refresh(r *http.Request) {
	if a.Refresh == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), patience)
	defer cancel()
	if err := a.Refresh(ctx); err != nil {
		a.Log.Warn("showing what was written", "error", err)
	}
}

// seen returns which version of what is registered a program has seen.
func seen(r *http.Request) (string, error) {
	tag := r.Header.Get("If-Match")
	if tag == "" {
		return "", refuse(http.StatusPreconditionRequired, "Say with If-Match which version you have seen: the ETag of the action.")
	}
	version, opened := strings.CutPrefix(tag, `"`)
	version, closed := strings.CutSuffix(version, `"`)
	if !opened || !closed || strings.ContainsAny(version, `",`) {
		return "", refuse(http.StatusBadRequest, "If-Match has to be one ETag of the action, in quotes.")
	}
	if version == nothing {
		version = ""
	}
	return version, nil
}

// unwritten returns the problem of what was not written.
func (a *API) unwritten(_ http.ResponseWriter, _ *http.Request, err error) error {
	var (
		invalid  *decide.Invalid
		refused  *decide.Refused
		conflict *register.ConflictError
		problems *diag.Problems
	)
	switch {
	case errors.As(err, &conflict):
		p := refuse(http.StatusPreconditionFailed, "Nothing was changed: %v. Read it again, and decide anew.", conflict)
		p.Current = struct {
			Version  string           `json:"version"`
			Decision *engine.Decision `json:"decision"`
		}{conflict.Version, conflict.Decision}
		return p
	case errors.As(err, &invalid):
		p := refuse(http.StatusUnprocessableEntity, "%v", invalid)
		p.Errors = invalid.Fields
		return p
	case errors.As(err, &refused):
		return refuse(http.StatusConflict, "%s", refused.Reason)
	case errors.Is(err, register.ErrChanged):
		return refuse(http.StatusConflict, "Nothing was changed: somebody was writing into the file at this moment. Try again.")
	case errors.As(err, &problems):
		return refuse(http.StatusConflict, "Nothing was changed: the register has a mistake, and has to be mended first.")
	case errors.Is(err, decide.ErrUnknown):
		return refuse(http.StatusNotFound, "There is no such action.")
	}
	return err
}
