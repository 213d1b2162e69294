package serve_test

import (
	"net"
	"net/url"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/serve"
)

func TestLoopback(t *testing.T) {
	for address, want := range map[string]bool{
		"127.0.0.1:8377": true, "127.1.2.3:1": true, "[::1]:8377": true, "localhost:0": true, "LOCALHOST:80": true, "[::ffff:127.0.0.1]:80": true,
		":8377": false, "0.0.0.0:8377": false, "[::]:8377": false, "192.0.2.1:80": false, "score.contoso.example:80": false, "127.0.0.1.evil.example:80": false,
		"localhost.evil.example:80": false, "127.0.0.1": false, "": false, "127.1:80": false,
	} {
		expect.Equalf(t, want, serve.Loopback(address), "%q", address)
	}
}

func TestOrigin(t *testing.T) {
	for _, test := range []struct {
		listen, at string
		tls        bool
		want       string
		hosts      []string
	}{
		{"127.0.0.1:0", "127.0.0.1:4711", false, "http://127.0.0.1:4711", []string{"127.0.0.1:4711", "localhost:4711", "[::1]:4711"}},
		{"localhost:8377", "127.0.0.1:8377", false, "http://localhost:8377", []string{"localhost:8377", "127.0.0.1:8377", "[::1]:8377"}},
		{"[::1]:8377", "[::1]:8377", true, "https://[::1]:8377", []string{"[::1]:8377", "127.0.0.1:8377", "localhost:8377"}},
		{"127.0.0.1:80", "127.0.0.1:80", false, "http://127.0.0.1", []string{"127.0.0.1", "localhost", "[::1]"}},
		{"127.0.0.1:443", "127.0.0.1:443", true, "https://127.0.0.1", []string{"127.0.0.1", "localhost", "[::1]"}},
		{"127.0.0.2:80", "127.0.0.2:80", true, "https://127.0.0.2:80", []string{"127.0.0.2:80", "127.0.0.1:80", "localhost:80", "[::1]:80"}},
	} {
		at := must.Get(net.ResolveTCPAddr("tcp", test.at))(t)
		origin := serve.Origin(test.listen, at, test.tls)
		expect.Equalf(t, test.want, origin.String(), "%s", test.listen)
		expect.Equalf(t, test.hosts, serve.Hosts(origin), "%s", test.listen)
		if _, err := url.Parse(origin.String()); err != nil {
			t.Error(err)
		}
	}
}

func TestListenTaken(t *testing.T) {
	l := must.Get(serve.Listen("127.0.0.1:0"))(t)
	defer func() { _ = l.Close() }()
	_, err := serve.Listen(l.Addr().String())
	if err == nil || !strings.Contains(err.Error(), "another program listens on "+l.Addr().String()+": end it, or choose another port") {
		t.Errorf("got %v", err)
	}
}
