package main

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"github.com/posture-score/posture/internal/serve"
	"github.com/posture-score/posture/internal/serve/signin"
)

// secretVariable is the environment variable with the client's secret. Arguments can be seen by everybody on the machine.
const secretVariable = "POSTURE_OIDC_CLIENT_SECRET"

// signInFlags say with which provider people sign in, and what they may do.
type signInFlags struct {
	issuer, clientID, secretFile, redirect string
	claim                                  string
	readers, editors, scopes               []string
	contact                                string
}

func (f *signInFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.issuer, "oidc-issuer", "", "have people sign in with the provider of OpenID Connect at this `URL`")
	flags.StringVar(&f.clientID, "oidc-client-id", "", "the `ID` of posture at the provider")
	flags.StringVar(&f.secretFile, "oidc-client-secret-file", "", "the secret of posture at the provider, in a `FILE`; or in the variable "+secretVariable)
	flags.StringVar(&f.redirect, "oidc-redirect-url", "", "the `URL` to which the provider sends people back: the server's own, with the path /signin/callback")
	flags.StringVar(&f.claim, "oidc-claim", "roles", "the `NAME` of the claim with groups or roles; a dot leads into an object")
	flags.StringArrayVar(&f.readers, "oidc-reader", nil, "let those read who have this `VALUE` of the claim, or this verified mail address (repeatable, as the two below)")
	flags.StringArrayVar(&f.editors, "oidc-editor", nil, "let those read and edit who have this `VALUE` of the claim, or this verified mail address")
	flags.StringArrayVar(&f.scopes, "oidc-scope", nil, "ask the provider for this `SCOPE`, too, such as groups")
	flags.StringVar(&f.contact, "contact", "", "`WHOM` to ask for access, as pages say to those who have none")
}

// given reports whether people sign in with a provider.
func (f *signInFlags) given() bool { return f.issuer != "" }

// check says what is missing or wrong.
func (f *signInFlags) check() error {
	if !f.given() {
		if f.clientID != "" || f.secretFile != "" || f.redirect != "" || len(f.readers)+len(f.editors)+len(f.scopes) > 0 {
			return usageError{errors.New("the --oidc flags are about a provider: name it with --oidc-issuer")}
		}
		return nil
	}
	for _, one := range []struct{ flag, value string }{{"oidc-client-id", f.clientID}, {"oidc-redirect-url", f.redirect}} {
		if one.value == "" {
			return usageError{fmt.Errorf("--oidc-issuer needs --%s, too", one.flag)}
		}
	}
	if f.secretFile == "" && os.Getenv(secretVariable) == "" {
		return usageError{fmt.Errorf("--oidc-issuer needs the secret of the client: name a file with --oidc-client-secret-file, or set %s", secretVariable)}
	}
	if len(f.readers)+len(f.editors) == 0 {
		return usageError{errors.New("nobody could sign in: say who reads with --oidc-reader, or who edits with --oidc-editor")}
	}
	u, err := url.Parse(f.redirect)
	if err != nil || u.Host == "" || u.Path != "/signin/callback" {
		return usageError{fmt.Errorf("--oidc-redirect-url has to be an address of this server with the path /signin/callback, such as https://score.contoso.example/signin/callback; it is %q", f.redirect)}
	}
	host := u.Host
	if u.Port() == "" {
		host += ":80"
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !serve.Loopback(host)) {
		return usageError{fmt.Errorf("--oidc-redirect-url has to begin with https; it is %q", f.redirect)}
	}
	if want := f.origin().String() + u.Path; f.redirect != want { // browsers would call the server by another name
		return usageError{fmt.Errorf("--oidc-redirect-url has to be written as browsers do, %s; it is %q", want, f.redirect)}
	}
	return nil
}

// origin returns how browsers reach the server, which the address for the provider says; nil without a provider. They write names in lower
// case, and leave the usual port out.
func (f *signInFlags) origin() *url.URL {
	u, err := url.Parse(f.redirect)
	if err != nil || !f.given() {
		return nil
	}
	host := strings.ToLower(u.Host)
	if port := u.Port(); port == "" || u.Scheme == "https" && port == "443" || u.Scheme == "http" && port == "80" {
		host = strings.TrimSuffix(host, ":"+port)
	}
	return &url.URL{Scheme: u.Scheme, Host: host}
}

// config returns the configuration of the provider, with the secret.
func (f *signInFlags) config() (signin.Config, error) {
	secret := os.Getenv(secretVariable)
	if f.secretFile != "" {
		text, err := readSecret(f.secretFile)
		if err != nil {
			return signin.Config{}, err
		}
		secret = text
	}
	return signin.Config{
		Issuer: f.issuer, ClientID: f.clientID, ClientSecret: secret, RedirectURL: f.redirect, Scopes: f.scopes,
		Access: signin.Access{Claim: f.claim, Readers: f.readers, Editors: f.editors},
	}, nil
}

func readSecret(path string) (string, error) {
	const most = 10_000
	file, err := openFile(path)
	if err != nil {
		return "", err
	}
	if file == nil {
		return "", fmt.Errorf("%s is no file with a secret", path)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, most+1))
	if err != nil {
		return "", fmt.Errorf("reading %s: %w", path, err)
	}
	secret := strings.TrimSpace(string(text))
	if len(text) > most || secret == "" || strings.ContainsAny(secret, "\r\n") {
		return "", fmt.Errorf("%s has to have the secret of the client on one line, and nothing else", path)
	}
	return secret, nil
}
