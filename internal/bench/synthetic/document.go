package synthetic

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// WriteDocument writes the evidence as one JSON document: {"bench": {"users": [...], ...}}, with
// the names of the datasets as paths.
func (t Tenant) WriteDocument(ctx context.Context, to io.Writer) error {
	out := bufio.NewWriterSize(to, 64<<10)
	if err := t.document(ctx, out); err != nil {
		return fmt.Errorf("writing the synthetic document: %w", err)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing the synthetic document: %w", err)
	}
	return nil
}

// document leaves errors of out to its Flush.
func (t Tenant) document(ctx context.Context, out *bufio.Writer) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	opening := `{"bench":{`
	for _, d := range t.datasets() {
		_, name, _ := strings.Cut(d.name, ".")
		fmt.Fprintf(out, "%s%q:[\n", opening, name)
		opening = "],"
		separator := ""
		for record, err := range until(ctx, d.records) {
			if err != nil {
				return err
			}
			fmt.Fprint(out, separator)
			if err := enc.Encode(record); err != nil {
				return err
			}
			separator = ","
		}
	}
	fmt.Fprintln(out, "]}}")
	return nil
}
