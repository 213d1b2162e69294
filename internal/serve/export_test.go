package serve

// Patterns returns the patterns of all routes.
func Patterns(s *Server) []string {
	var list []string
	for _, r := range s.routes() {
		list = append(list, r.pattern)
	}
	return list
}
