package serve

import (
	"encoding/json"
	"net/http"
	"time"
)

// health says how the server is to what watches over it: 200 once there is something to show, and 503 before that. It tells of no tenant.
func (s *Server) health(w http.ResponseWriter, _ *http.Request) {
	state := struct {
		Status  string `json:"status"`
		Version string `json:"version"`
		Age     *int64 `json:"snapshot_age_seconds,omitempty"`
	}{Status: "starting", Version: s.Version}
	status := http.StatusServiceUnavailable
	if source, _, at := s.shown.news(); source != nil {
		age := int64(max(0, s.Now().Sub(at)/time.Second))
		state.Status, state.Age, status = "ok", &age, http.StatusOK
	}
	text, err := json.Marshal(state)
	if err != nil {
		panic(err) // texts and numbers are never refused
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // who is gone gets nothing
}
