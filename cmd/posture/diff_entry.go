package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/importer"
)

// side returns the assessment that a user names: a saved one, an entry of the store by its number, or the last entry of a day or
// before a time, with the verdicts that are kept with it. It returns none for evidence. A file of the same name comes first.
func (f *diffFlags) side(ctx context.Context, t *terminal, name string) (found history.Recorded, err error) {
	_, err = os.Stat(name)
	if name == importer.Stdin || err == nil || !errors.Is(err, fs.ErrNotExist) {
		found.Assessment, err = t.savedAssessment(name)
		return found, err
	}
	number, notNumber := strconv.ParseInt(name, 10, 64)
	until, notTime := dateFlag("", name, true)
	if notNumber != nil && notTime != nil {
		return found, fmt.Errorf("opening %s: there is no such file, and it is no number of an entry and no date", name)
	}
	err = f.store.with(ctx, func(s *history.Store) (err error) {
		tenant, _, _ := strings.Cut(f.claims.tenant, "=")
		past := pastFlags{tenant: tenant}
		if tenant, err = past.only(ctx, s); err != nil {
			return err
		}
		if notNumber != nil {
			if number, err = lastBefore(ctx, s, tenant, until); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		if found.Assessment, err = s.Assessment(ctx, tenant, number); err != nil {
			return err
		}
		found.Verdicts, err = s.Verdicts(ctx, tenant, number)
		return err
	})
	return found, err
}

// lastBefore returns the number of the last entry before a time.
func lastBefore(ctx context.Context, s *history.Store, tenant string, until time.Time) (int64, error) {
	for entry, err := range s.Entries(ctx, history.Filter{Tenant: tenant, Origin: history.Posture, To: until, Newest: true, Limit: 1}) {
		return entry.ID, err
	}
	return 0, errors.New("the store has no entry of that day or before: 'posture history list' lists them")
}
