package history

import (
	"context"
	"fmt"
)

// Digest returns the digest of the JSON of a value.
func Digest(value any) string {
	text, err := compact(value)
	if err != nil {
		return err.Error()
	}
	return digest(text)
}

// Limit lets the file of a store grow to so many pages.
func (s *Store) Limit(ctx context.Context, pages int) error {
	s.db.SetMaxOpenConns(1) // the limit is one of a connection
	s.db.SetMaxIdleConns(1)
	_, err := s.db.ExecContext(ctx, fmt.Sprintf("PRAGMA max_page_count = %d", pages))
	return err
}
