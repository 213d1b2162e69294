package evidence

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
)

// hashedReader is a reader that hashes what is read of it.
type hashedReader struct {
	r    io.Reader
	left int64     // bytes that are not read yet, if the file is as large as it was
	hash hash.Hash // nil if nobody asks for it
}

// newHashedReader returns a reader of a file of that size, to compare it with a digest; "" for none.
func newHashedReader(r io.Reader, stored int64, digest string) *hashedReader {
	h := &hashedReader{r: r, left: stored}
	if digest != "" {
		h.hash = sha256.New()
	}
	return h
}

// Read implements [io.Reader].
func (h *hashedReader) Read(p []byte) (int, error) {
	n, err := h.r.Read(p)
	h.left -= int64(n)
	if h.hash != nil {
		_, _ = h.hash.Write(p[:n])
	}
	return n, err
}

// verify reads what is left of a file, and compares the digest of all of it with that in the manifest; "" stands for no comparison.
func (b *Bundle) verify(ctx context.Context, name, digest string, from *hashedReader) error {
	if digest == "" {
		return nil
	}
	// The size bounds the work; it is the stored one, which no ratio concerns.
	rest := &limitedReader{ctx: ctx, r: from, stored: b.limits.FileBytes, limits: b.limits}
	for buf := make([]byte, buffer(max(0, from.left))); ; {
		if _, err := rest.Read(buf); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return b.explain(ctx, name, err)
		}
	}
	if got := hex.EncodeToString(from.hash.Sum(nil)); got != digest {
		return b.wrongDigest(name, got, digest)
	}
	return nil
}

func (b *Bundle) wrongDigest(name, got, want string) error {
	return b.errorAt(name, nil, fmt.Sprintf("has the sha256 %s where the manifest says %s", got, want), "The file was changed after it was collected.")
}
