package records_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	cmpdiff "github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/internal/records"
)

// memory is a Source in memory.
type memory struct {
	content string
	records int
	changed string // what is read instead, if it is not empty
	limits  records.Limits
	size    int64
	opened  int
}

// source returns a source that is said to hold n records.
func source(content string, n int) *memory {
	return &memory{content: content, records: n, limits: records.DefaultLimits(), size: int64(len(content))}
}

// within returns the source with other limits.
func (m *memory) within(limits records.Limits) *memory {
	m.limits = limits
	return m
}

// damaged returns the source with an error of reading behind its content, whose length nobody knows.
func (m *memory) damaged() *memory {
	m.size = -1
	return m
}

var (
	errDamaged = errors.New("the file is damaged")
	errChanged = errors.New("the file was changed")
)

func (m *memory) Open(ctx context.Context) (*records.Input, error) {
	m.opened++
	var r io.Reader = strings.NewReader(cmp.Or(m.changed, m.content))
	if m.size < 0 {
		r = io.MultiReader(r, failing{})
	}
	var seen strings.Builder
	tee := io.TeeReader(cancelled{ctx, r}, &seen)
	verify := func() error {
		if _, err := io.Copy(io.Discard, tee); err != nil && !errors.Is(err, errDamaged) {
			return err
		}
		if seen.String() != m.content {
			return errChanged
		}
		return nil
	}
	return &records.Input{Reader: tee, Size: m.size, Close: func() {}, Verify: verify}, nil
}

func (m *memory) Limits() records.Limits { return m.limits }

func (m *memory) Explain(ctx context.Context, err error) error {
	var e *records.SyntaxError
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("reading: %w", ctx.Err())
	case errors.As(err, &e):
		return fmt.Errorf("record %d, byte %d: %s. %s", e.Record, e.Offset, e.Summary, e.Hint)
	}
	return err
}

func (m *memory) Complete(n int64) error {
	if n != int64(m.records) {
		return fmt.Errorf("there are %d records, not %d", n, m.records)
	}
	return nil
}

// cancelled is a reader that ends with a context.
type cancelled struct {
	ctx context.Context
	r   io.Reader
}

func (c cancelled) Read(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(b)
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errDamaged }

// each reads all records with Each.
func each(ctx context.Context, src records.Source) (got []string, err error) {
	err = records.Each(ctx, src, func(r records.Record) bool {
		got = append(got, string(r.JSON))
		return true
	})
	return got, err
}

// sameAsEach compares Scan with Each, with several numbers of workers and all block sizes.
func sameAsEach(t *testing.T, src records.Source, blocks ...int) {
	t.Helper()
	want, wantErr := each(t.Context(), src)
	for _, workers := range []int{1, 2, 8} {
		for _, block := range blocks {
			got, err := scanned(t, src, records.Options{Workers: workers, BlockSize: block, Serial: int64(block % 7)})
			if diff := cmpdiff.Diff(text(wantErr), text(err)); diff != "" {
				t.Fatalf("%d workers, blocks of %d (-each +scan):\n%s", workers, block, diff)
			}
			if diff := cmpdiff.Diff(want, got); err == nil && diff != "" {
				t.Fatalf("%d workers, blocks of %d (-each +scan):\n%s", workers, block, diff)
			}
		}
	}
}
