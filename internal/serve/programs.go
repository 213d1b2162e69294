package serve

import (
	"context"
	"net/http"

	"github.com/posture-score/posture/internal/serve/api"
)

// programs returns the handler of what programs ask for.
func (s *Server) programs() http.Handler {
	return api.New(api.Options{
		Source: func() api.Source {
			source, _, _ := s.shown.news()
			if source == nil {
				return nil // and not an interface that holds none
			}
			return source
		},
		Refresh: func(ctx context.Context) error {
			source, _, _ := s.shown.news()
			if fresh, ok := source.(refresher); ok {
				return fresh.Refresh(ctx)
			}
			return nil
		},
		Now: s.Now, Log: s.Log, Origin: s.origin(),
	})
}
