package serve_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/serve"
)

// writeCertificate writes a certificate with a serial number, and its key, with a time of their own.
func writeCertificate(t *testing.T, cert, key string, serial int64, at time.Time) {
	t.Helper()
	private := must.Get(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t)
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), NotAfter: at.Add(time.Hour), DNSNames: []string{"score.contoso.example"}}
	der := must.Get(x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private))(t)
	must.Do(t, os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	must.Do(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: must.Get(x509.MarshalPKCS8PrivateKey(private))(t)}), 0o600))
	must.Do(t, os.Chtimes(cert, at, at))
	must.Do(t, os.Chtimes(key, at, at))
}

// TestRenewed: a certificate that is renewed while the server runs is used a minute later, and a broken one is not.
func TestRenewed(t *testing.T) {
	now := time.Date(2026, 9, 30, 12, 0, 0, 0, time.UTC)
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	if _, err := serve.TLS(cert, key, time.Now); err == nil {
		t.Error("a certificate that is not there is read")
	}
	writeCertificate(t, cert, key, 1, now)
	config := must.Get(serve.TLS(cert, key, func() time.Time { return now }))(t)
	expect.Equal(t, uint16(tls.VersionTLS12), config.MinVersion)
	serial := func() int64 {
		return must.Get(x509.ParseCertificate(must.Get(config.GetCertificate(nil))(t).Certificate[0]))(t).SerialNumber.Int64()
	}
	expect.Equal(t, 1, serial())
	writeCertificate(t, cert, key, 2, now.Add(time.Second))
	expect.Equalf(t, 1, serial(), "files are not looked at for each connection")
	now = now.Add(time.Minute)
	expect.Equal(t, 2, serial())
	must.Do(t, os.WriteFile(cert, []byte("half a cert"), 0o600))
	now = now.Add(time.Minute)
	expect.Equal(t, 2, serial())
	writeCertificate(t, cert, key, 3, now)
	now = now.Add(time.Minute)
	expect.Equal(t, 3, serial())
}
