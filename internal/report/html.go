package report

import "io"

// writeHTML writes a page that renders itself: package page does, which knows everything that is shown in a browser.
func writeHTML(w io.Writer, page interface{ html(io.Writer) error }, _ Style) error {
	return page.html(w)
}
