package serve

import (
	"crypto/tls"
	"fmt"
	"os"
	"sync"
	"time"
)

// checkCertificate is how often the files of a certificate are looked at: it is renewed while the server runs.
const checkCertificate = time.Minute

// certificate is one that is read again when its files change.
type certificate struct {
	cert, key string // files
	now       func() time.Time

	mu      sync.Mutex
	current *tls.Certificate
	changed [2]time.Time
	checked time.Time
}

// TLS returns the configuration of a server with the certificate in two files of PEM.
func TLS(cert, key string, now func() time.Time) (*tls.Config, error) {
	c := &certificate{cert: cert, key: key, now: now}
	if err := c.read(); err != nil {
		return nil, fmt.Errorf("reading the certificate: %w", err)
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.get, NextProtos: []string{"h2", "http/1.1"}}, nil
}

func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at := c.now(); at.Sub(c.checked) >= checkCertificate {
		c.checked = at
		_ = c.read() // the old one stays while its files are being replaced
	}
	return c.current, nil
}

// read reads the files if they have changed.
func (c *certificate) read() error {
	var changed [2]time.Time
	for i, name := range []string{c.cert, c.key} {
		info, err := os.Stat(name)
		if err != nil {
			return err
		}
		changed[i] = info.ModTime()
	}
	if changed == c.changed {
		return nil
	}
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return err
	}
	c.current, c.changed = &pair, changed
	return nil
}
