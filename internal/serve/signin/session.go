package signin

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"sync"
	"time"
)

// Bounds of the sessions that are kept.
const (
	maxSessions        = 10_000
	maxSessionsOfOne   = 20 // of one user: whoever signs in again and again ends the oldest of their own
	tokenBytes         = 32
	encodedTokenLength = 43
)

// hash is the SHA-256 of a token. Tokens are random and long, so that their hashes need no salt.
type hash [sha256.Size]byte

// newToken returns a random text of 256 bits, and its hash.
func newToken() (string, hash) {
	raw := make([]byte, tokenBytes)
	_, _ = rand.Read(raw) // it never fails: crypto/rand ends the program instead
	token := base64.RawURLEncoding.EncodeToString(raw)
	return token, sha256.Sum256([]byte(token))
}

type session struct {
	user    User
	began   time.Time
	expires time.Time
}

// sessions are those who are signed in. Looking a session up takes the hash of what the browser sent, so that the time that it takes
// tells nothing of a token.
type sessions struct {
	mu       sync.Mutex
	lifetime time.Duration
	by       map[hash]session
}

func newSessions(lifetime time.Duration) *sessions {
	return &sessions{lifetime: lifetime, by: map[hash]session{}}
}

// begin begins a session and returns its token, which is kept nowhere.
func (s *sessions) begin(u User, now time.Time) string {
	token, key := newToken()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.makeRoom(u, now)
	s.by[key] = session{user: u, began: now, expires: now.Add(s.lifetime)}
	return token
}

// makeRoom drops what has expired, and the oldest sessions if there are too many of one user or in all.
func (s *sessions) makeRoom(u User, now time.Time) {
	var (
		count               int
		oldest, oldestOfOne hash
		began, beganOfOne   time.Time
	)
	for key, one := range s.by {
		if !now.Before(one.expires) {
			delete(s.by, key)
			continue
		}
		if began.IsZero() || one.began.Before(began) {
			oldest, began = key, one.began
		}
		if one.user.Name != u.Name {
			continue
		}
		count++
		if beganOfOne.IsZero() || one.began.Before(beganOfOne) {
			oldestOfOne, beganOfOne = key, one.began
		}
	}
	switch {
	case count >= maxSessionsOfOne:
		delete(s.by, oldestOfOne)
	case len(s.by) >= maxSessions:
		delete(s.by, oldest)
	}
}

// find returns whose session a token is.
func (s *sessions) find(token string, now time.Time) (User, bool) {
	if len(token) != encodedTokenLength {
		return User{}, false
	}
	key := hash(sha256.Sum256([]byte(token)))
	s.mu.Lock()
	defer s.mu.Unlock()
	one, ok := s.by[key]
	if ok && !now.Before(one.expires) {
		delete(s.by, key)
		ok = false
	}
	if !ok {
		return User{}, false
	}
	return one.user, true
}

// end ends a session, if there is one.
func (s *sessions) end(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.by, sha256.Sum256([]byte(token)))
}

func (s *sessions) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.by)
}
