package serve

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/posture-score/posture/internal/decide"
	"github.com/posture-score/posture/internal/page"
	"github.com/posture-score/posture/internal/snapshot"
)

// flashCookie says on the next page what came of a form. It has words of ours and a version, and no foreign text.
const flashCookie = "posture-flash"

// The words of the cookie.
const (
	saidSaved  = "saved"
	saidMade   = "made" // the file, too
	saidSame   = "same" // as before
	saidLate   = "late" // is when it shows
	saidUndone = "undone"
)

// flash is what came of a form.
type flash struct {
	Word          string
	File, Version string // of what can be taken back; empty if nothing can
}

var flashForm = regexp.MustCompile(`^(saved|made|late)\.(register|settings)\.[0-9a-f]{64}$|^(same|undone|late)\.\.$`)

// say keeps what came of a form for the next page of the tenant.
func (s *Server) say(w http.ResponseWriter, r *http.Request, f flash) {
	s.setFlash(w, r, strings.Join([]string{f.Word, f.File, f.Version}, "."), 60)
}

func (s *Server) setFlash(w http.ResponseWriter, r *http.Request, value string, age int) {
	http.SetCookie(w, &http.Cookie{
		Name: flashCookie, Value: value, Path: "/tenants/" + url.PathEscape(r.PathValue("tenant")), MaxAge: age,
		HttpOnly: true, Secure: s.TLS, SameSite: http.SameSiteStrictMode,
	})
}

// said returns what came of the form before, once.
func (s *Server) said(w http.ResponseWriter, r *http.Request) (flash, bool) {
	c, err := r.Cookie(flashCookie)
	if err != nil || r.Method != http.MethodGet || !flashForm.MatchString(c.Value) {
		return flash{}, false
	}
	s.setFlash(w, r, "", -1)
	parts := strings.Split(c.Value, ".")
	return flash{Word: parts[0], File: parts[1], Version: parts[2]}, true
}

// notice writes what came of a form in words.
func (f flash) notice(snap *snapshot.Snapshot) (text string, undo *page.Undo) {
	if f.File != "" {
		undo = &page.Undo{File: f.File, Version: f.Version}
	}
	switch f.Word {
	case saidMade:
		text = "Saved, in a new file: posture.hcl beside the register."
		if f.File == decide.InRegister {
			text = "Saved, in a new register."
		}
	case saidSame:
		return "Nothing was changed: it was so already.", nil
	case saidUndone:
		return "The change was taken back.", nil
	case saidLate:
		return "Done. The page shows it as soon as the evidence has been assessed again.", undo
	default:
		text = "Saved."
	}
	if f.File == decide.InRegister && !snap.Live {
		text += " It takes effect with the next assessment."
	}
	return text, undo
}
