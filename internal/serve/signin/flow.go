package signin

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

// flow is one attempt to sign in with a provider, between the way there and the way back. The browser keeps it, encrypted.
type flow struct {
	State    string    `json:"s"`
	Nonce    string    `json:"n"`
	Verifier string    `json:"v"` // of PKCE
	Return   string    `json:"r"`
	Expires  time.Time `json:"e"`
}

// maxFlow is how long signing in may take, with a second factor.
const maxFlow = 10 * time.Minute

// flows keeps flows in cookies. Their key lives as long as the process.
type flows struct {
	gate   *Gate
	cookie string
	seal   cipher.AEAD
}

func newFlows(g *Gate) *flows {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // it never fails: crypto/rand ends the program instead
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // the length of the key is right
	}
	seal, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // the size of the block is right
	}
	return &flows{gate: g, cookie: g.cookie + "-signin", seal: seal}
}

// begin makes a flow and gives it to the browser. The cookie is SameSite=Lax: the way back begins at the provider, on another site.
func (f *flows) begin(w http.ResponseWriter, path string) flow {
	state, _ := newToken()
	nonce, _ := newToken()
	made := flow{State: state, Nonce: nonce, Verifier: oauth2.GenerateVerifier(), Return: path, Expires: f.gate.options.Now().Add(maxFlow)}
	text, err := json.Marshal(made)
	if err != nil {
		panic(err) // texts and a time are never refused
	}
	sealed := f.seal.Seal(nil, nil, text, []byte(f.cookie))
	f.gate.setCookie(w, f.cookie, base64.RawURLEncoding.EncodeToString(sealed), maxFlow, http.SameSiteLaxMode)
	return made
}

// end takes the flow back from the browser. It is false if there is none, or none of ours, or if it took too long.
func (f *flows) end(w http.ResponseWriter, r *http.Request) (flow, bool) {
	c, err := r.Cookie(f.cookie)
	if err != nil {
		return flow{}, false
	}
	f.gate.setCookie(w, f.cookie, "", -1, http.SameSiteLaxMode)
	return f.open(c.Value)
}

func (f *flows) open(value string) (flow, bool) {
	sealed, err := base64.RawURLEncoding.DecodeString(strings.TrimSpace(value))
	if err != nil {
		return flow{}, false
	}
	text, err := f.seal.Open(nil, nil, sealed, []byte(f.cookie))
	if err != nil {
		return flow{}, false
	}
	var made flow
	if err := json.Unmarshal(text, &made); err != nil {
		return flow{}, false
	}
	return made, f.gate.options.Now().Before(made.Expires)
}
