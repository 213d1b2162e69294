package signin

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/posture-score/posture/internal/expect"
)

var noon = time.Date(2026, 9, 30, 12, 0, 0, 0, time.UTC)

func TestSessions(t *testing.T) {
	s := newSessions(time.Hour)
	ada := User{Name: "ada@contoso.example", Role: Editor}
	token := s.begin(ada, noon)
	if again := s.begin(ada, noon); again == token {
		t.Fatal("two sessions have the same token")
	}
	for name, test := range map[string]struct {
		token string
		at    time.Time
		want  User
	}{
		"right":           {token, noon, ada},
		"until the end":   {token, noon.Add(time.Hour - 1), ada},
		"expired":         {token, noon.Add(time.Hour), User{}},
		"empty":           {"", noon, User{}},
		"another":         {strings.Repeat("A", encodedTokenLength), noon, User{}},
		"longer":          {token + "A", noon, User{}},
		"of another case": {strings.ToLower(token), noon, User{}},
	} {
		// A map has no order: what has expired is dropped when it is looked for, so each case has sessions of its own.
		copied := newSessions(time.Hour)
		copied.by[hashOf(token)] = s.by[hashOf(token)]
		got, ok := copied.find(test.token, test.at)
		expect.Equalf(t, test.want, got, "%s", name)
		expect.Equalf(t, test.want != User{}, ok, "%s", name)
	}
	s.end(token)
	if _, ok := s.find(token, noon); ok {
		t.Error("a session goes on after its end")
	}
	for key := range s.by {
		if strings.Contains(fmt.Sprintf("%s %+v", key, s.by), token) {
			t.Error("a token is kept")
		}
	}
}

func TestSessionsBounded(t *testing.T) {
	s := newSessions(time.Hour)
	eve := User{Name: "eve"}
	first := s.begin(User{Name: "ada"}, noon)
	var tokens []string
	for i := range maxSessionsOfOne + 5 {
		tokens = append(tokens, s.begin(eve, noon.Add(time.Duration(i+1)*time.Second)))
	}
	if got := s.count(); got != maxSessionsOfOne+1 {
		t.Errorf("%d sessions are kept", got)
	}
	at := noon.Add(time.Minute)
	if _, ok := s.find(first, at); !ok {
		t.Error("somebody else's session was ended")
	}
	if _, ok := s.find(tokens[4], at); ok {
		t.Error("the oldest is kept")
	}
	if _, ok := s.find(tokens[5], at); !ok {
		t.Error("one of the newest was ended")
	}

	full := newSessions(time.Hour)
	for i := range maxSessions {
		full.by[hashOf(fmt.Sprint(i))] = session{user: User{Name: fmt.Sprint(i)}, began: noon.Add(time.Duration(i)), expires: noon.Add(time.Hour)}
	}
	full.begin(eve, noon)
	if got := full.count(); got != maxSessions {
		t.Errorf("%d sessions are kept, of at most %d", got, maxSessions)
	}
	full.begin(eve, noon.Add(2*time.Hour))
	if got := full.count(); got != 1 {
		t.Errorf("%d sessions are kept that have expired", got-1)
	}
}

func TestLimiter(t *testing.T) {
	l := newLimiter()
	somebody, neighbor := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("::ffff:192.0.2.1")
	for i := range eachBurst {
		if wait := l.allow(somebody, noon); wait != 0 {
			t.Fatalf("attempt %d has to wait for %v", i+1, wait)
		}
	}
	expect.Equalf(t, 6*time.Second, l.allow(neighbor, noon).Round(time.Millisecond), "the same address, written otherwise")
	expect.Equalf(t, 0, l.allow(netip.MustParseAddr("192.0.2.2"), noon), "another address")
	expect.Equalf(t, 0, l.allow(somebody, noon.Add(7*time.Second)), "later")

	l = newLimiter()
	for i := range eachBurst {
		l.allow(netip.MustParseAddr(fmt.Sprintf("2001:db8::%x", i+1)), noon)
	}
	if l.allow(netip.MustParseAddr("2001:db8::ffff"), noon) == 0 {
		t.Error("an address of the same network has a limit of its own")
	}
	expect.Equalf(t, 0, l.allow(netip.MustParseAddr("2001:db8:0:1::1"), noon), "another network")

	l = newLimiter()
	for range allBurst {
		expect.Equal(t, 0, l.allow(netip.MustParseAddr("127.0.0.1"), noon))
	}
	expect.Equalf(t, time.Second, l.allow(netip.MustParseAddr("127.0.0.1"), noon), "in all")
	expect.Equalf(t, time.Second, l.allow(somebody, noon), "in all")

	for i := range 2 * maxAddresses {
		l.allow(netip.AddrFrom4([4]byte{198, 51, byte(i >> 8), byte(i)}), noon)
	}
	expect.Equal(t, maxAddresses, len(l.by))
	expect.Equal(t, maxAddresses, l.order.Len())
	l.allow(netip.Addr{}, noon) // no address is one, too
}
