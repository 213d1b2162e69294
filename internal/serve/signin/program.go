package signin

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// sayToProgram answers what asks for an address of programs in the form of all else that is answered there: a problem (RFC 9457), or an error
// of Graph. It reports whether it did.
func sayToProgram(w http.ResponseWriter, r *http.Request, status int, p page, now time.Time) bool {
	detail := strings.Join(append([]string{p.Title + "."}, p.Lines...), " ")
	var kind string
	var document any
	switch {
	case strings.HasPrefix(r.URL.Path, "/api/"):
		kind = "application/problem+json"
		document = struct {
			Title  string `json:"title"`
			Status int    `json:"status"`
			Detail string `json:"detail"`
		}{http.StatusText(status), status, detail}
	case strings.HasPrefix(r.URL.Path, "/v1.0/"):
		kind = "application/json"
		code := map[int]string{http.StatusUnauthorized: "unauthenticated", http.StatusForbidden: "accessDenied"}[status]
		if code == "" {
			code = "generalException"
		}
		document = map[string]any{"error": map[string]any{
			"code": code, "message": detail, "innerError": map[string]string{"date": now.UTC().Format("2006-01-02T15:04:05")},
		}}
	default:
		return false
	}
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(document) // who is gone gets nothing
	return true
}
