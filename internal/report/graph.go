package report

import "io"

// writeGraph writes a page that renders itself as Microsoft Graph's answers: package securescore does, as for 'posture export graph'.
func writeGraph(w io.Writer, page interface{ graph(io.Writer) error }, _ Style) error {
	return page.graph(w)
}
