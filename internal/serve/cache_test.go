package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/posture-score/posture/internal/expect"
)

func text(n int) func(io.Writer) error {
	return func(w io.Writer) error {
		random := rand.NewChaCha8([32]byte{byte(n)})
		raw := make([]byte, 1000) // that does not compress
		_, _ = random.Read(raw)
		_, err := w.Write(raw)
		return err
	}
}

func TestCacheBounded(t *testing.T) {
	ctx := t.Context()
	c := newCache(5000)
	for i := range 100 {
		if _, err := c.get(ctx, fmt.Sprint(i), text(i)); err != nil {
			t.Fatal(err)
		}
		if _, err := c.get(ctx, "0", text(0)); err != nil { // it is asked for again and again
			t.Fatal(err)
		}
		if c.bytes > 5000 || c.order.Len() != len(c.by) {
			t.Fatalf("%d bytes, %d and %d pages are kept", c.bytes, c.order.Len(), len(c.by))
		}
	}
	expect.Equal(t, true, c.find("0") != nil)
	expect.Equal(t, true, c.find("1") == nil)
	expect.Equal(t, true, c.find("99") != nil)
	sum := 0
	for _, e := range c.by {
		sum += e.Value.(*kept).bytes()
	}
	expect.Equal(t, sum, c.bytes)

	small := newCache(100)
	made, err := small.get(ctx, "x", text(1))
	if err != nil || made.size != 1000 || small.bytes != 0 {
		t.Errorf("a page that is larger than the cache: %v, %v, %d bytes are kept", made, err, small.bytes)
	}
}

func TestCacheKeepsNoErrors(t *testing.T) {
	c := newCache(5000)
	broken := errors.New("broken")
	if _, err := c.get(t.Context(), "x", func(io.Writer) error { return broken }); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	if _, err := c.get(t.Context(), "x", func(io.Writer) error { panic("broken") }); err == nil {
		t.Fatal("a panic is no error")
	}
	if _, err := c.get(t.Context(), "x", text(1)); err != nil {
		t.Fatal(err)
	}
}

// Whoever asked first and leaves does not spoil it for the others.
func TestCacheLeft(t *testing.T) {
	c := newCache(5000)
	begun, finish := make(chan struct{}), make(chan struct{})
	render := func(w io.Writer) error {
		close(begun)
		<-finish
		return text(1)(w)
	}
	ctx, leave := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() {
		if _, err := c.get(ctx, "x", render); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	<-begun
	group.Go(func() {
		if _, err := c.get(t.Context(), "x", render); err != nil {
			t.Error(err)
		}
	})
	leave()
	time.Sleep(5 * time.Millisecond)
	close(finish)
	group.Wait()
}

func TestTakesGzip(t *testing.T) {
	for list, want := range map[string]bool{
		"gzip": true, "gzip, deflate, br": true, "br, gzip;q=0.5": true, "*": true, "deflate, *;q=0.1": true,
		"": false, "br": false, "gzip;q=0": false, "gzip; q=0.0": false, "identity": false, "xgzip": false,
	} {
		expect.Equalf(t, want, takesGzip(list), "%q", list)
	}
}
