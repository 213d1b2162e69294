package serve

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
)

// Loopback reports whether an address to listen on is one of this machine alone. A name but localhost is not: what it leads to is for
// others to say, and may change.
func Loopback(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false
	}
	address, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && address.Unmap().IsLoopback()
}

// Listen listens on an address of TCP. Its errors say what to do.
func Listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	switch {
	case err == nil:
		return l, nil
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("another program listens on %s: end it, or choose another port, such as 0 for any that is free: %w", address, err)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("listening on %s is not allowed: choose a port from 1024 on: %w", address, err)
	}
	return nil, err
}

// Origin returns how browsers on this machine reach a server that listens on an address of loopback.
func Origin(listen string, at net.Addr, tls bool) *url.URL {
	host, _, _ := net.SplitHostPort(listen)
	_, port, _ := net.SplitHostPort(at.String())
	if !strings.EqualFold(host, "localhost") {
		host, _, _ = net.SplitHostPort(at.String())
	}
	u := &url.URL{Scheme: "http", Host: net.JoinHostPort(strings.ToLower(host), port)}
	usual := "80"
	if tls {
		u.Scheme, usual = "https", "443"
	}
	if port == usual { // browsers leave it out
		u.Host = strings.TrimSuffix(u.Host, ":"+usual)
	}
	return u
}

// Hosts returns what browsers may call a server on loopback with an origin: as its addresses, or localhost.
func Hosts(origin *url.URL) []string {
	names := []string{origin.Hostname(), "127.0.0.1", "localhost", "::1"}
	hosts := make([]string, 0, len(names))
	for _, name := range names {
		host := name
		if strings.Contains(name, ":") {
			host = "[" + name + "]"
		}
		if port := origin.Port(); port != "" {
			host += ":" + port
		}
		if !slices.Contains(hosts, host) {
			hosts = append(hosts, host)
		}
	}
	return hosts
}
