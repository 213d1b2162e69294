// Package signin tells who a request is from, and what they may do.
//
// On loopback ([Local]) a URL with a one-time token, which is printed where the server was started, is exchanged for a session.
// Elsewhere ([OIDC]) people sign in with the organization's own OpenID Connect provider. A session is a cookie with SameSite=Strict;
// the server keeps its hash alone, in memory.
//
// The package does not know what is served: it answers /signin, /signin/callback and /signout, and says no to everything else that
// comes without a session. That a request which changes something comes from a page of the same origin is for
// [net/http.CrossOriginProtection] to see to.
package signin
