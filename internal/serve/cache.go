package serve

import (
	"bytes"
	"container/list"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"
	"golang.org/x/sync/singleflight"
)

// rendered is a page as it is kept: compressed, which is how nearly every browser gets it.
type rendered struct {
	gzip []byte
	size int    // before compression
	etag string // weak: the same for every encoding
}

// renderTimeout bounds the rendering of one page, whoever waits for it.
const renderTimeout = 30 * time.Second

// overhead is what keeping a page takes beside its bytes and its key, roughly, in bytes.
const overhead = 256

// cache keeps rendered pages, those that were asked for last, in a bounded number of bytes. Of several who ask for the same page at
// once, one has it rendered.
type cache struct {
	most    int
	flights singleflight.Group
	slots   chan struct{} // bounds how many pages are rendered at once

	mu    sync.Mutex
	bytes int
	order *list.List // of *kept, those that were asked for last first
	by    map[string]*list.Element
}

type kept struct {
	key  string
	page *rendered
}

func (k *kept) bytes() int { return len(k.page.gzip) + 2*len(k.key) + overhead }

func newCache(most int) *cache {
	return &cache{most: most, slots: make(chan struct{}, 2*runtime.GOMAXPROCS(0)), order: list.New(), by: map[string]*list.Element{}}
}

// get returns the page of a key, which it has rendered if it is not kept. Whoever waits no longer leaves the rendering to the others.
func (c *cache) get(ctx context.Context, key string, render func(io.Writer) error) (*rendered, error) {
	if page := c.find(key); page != nil {
		return page, nil
	}
	result := c.flights.DoChan(key, func() (made any, err error) {
		if page := c.find(key); page != nil { // it was made since
			return page, nil
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), renderTimeout)
		defer cancel()
		select {
		case c.slots <- struct{}{}:
		case <-ctx.Done():
			return nil, fmt.Errorf("waiting to render: %w", ctx.Err())
		}
		defer func() { <-c.slots }()
		defer func() { // this is no goroutine of the HTTP server, which would end the connection alone
			if cause := recover(); cause != nil {
				err = fmt.Errorf("panic while rendering: %v\n%s", cause, stack())
			}
		}()
		page, err := compressed(render)
		if err == nil {
			c.keep(key, page)
		}
		return page, err
	})
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case r := <-result:
		if r.Err != nil {
			return nil, r.Err
		}
		page, ok := r.Val.(*rendered)
		if !ok {
			return nil, errors.New("no page was rendered")
		}
		return page, nil
	}
}

func stack() []byte {
	text := make([]byte, 16<<10)
	return text[:runtime.Stack(text, false)]
}

// compressed renders a page.
func compressed(render func(io.Writer) error) (*rendered, error) {
	var out bytes.Buffer
	digest := sha256.New()
	z := gzip.NewWriter(&out)
	size := counter{}
	if err := render(io.MultiWriter(z, digest, &size)); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("compressing: %w", err)
	}
	return &rendered{gzip: bytes.Clone(out.Bytes()), size: size.n, etag: `W/"` + hex.EncodeToString(digest.Sum(nil)[:16]) + `"`}, nil
}

type counter struct{ n int }

// Write is part of io.Writer.
func (c *counter) Write(text []byte) (int, error) {
	c.n += len(text)
	return len(text), nil
}

func (c *cache) find(key string) *rendered {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.by[key]
	if !ok {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*kept).page
}

// keep keeps a page, and drops those that were asked for longest ago until there is room.
func (c *cache) keep(key string, page *rendered) {
	k := &kept{key, page}
	if k.bytes() > c.most {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.by[key]; ok {
		c.drop(e)
	}
	c.by[key] = c.order.PushFront(k)
	for c.bytes += k.bytes(); c.bytes > c.most; {
		c.drop(c.order.Back())
	}
}

func (c *cache) drop(e *list.Element) {
	k := e.Value.(*kept)
	c.order.Remove(e)
	delete(c.by, k.key)
	c.bytes -= k.bytes()
}
