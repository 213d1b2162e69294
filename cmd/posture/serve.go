package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os/user"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/author"
	"github.com/posture-score/posture/internal/page"
	"github.com/posture-score/posture/internal/page/web"
	"github.com/posture-score/posture/internal/serve"
	"github.com/posture-score/posture/internal/serve/signin"
	"github.com/posture-score/posture/internal/snapshot"
)

type serveFlags struct {
	assessmentFlags
	store     storeFlags
	benchmark benchmarkFlags
	listen    string
	cert, key string
	signIn    signInFlags
	log       string
	open      bool
}

func newServe(t terminal) *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve [PATH]",
		Short: "Show the score in a browser",
		Long: `Show the score in a browser, with everything that led to it, and decide about actions there.

PATH is what 'posture assess' takes: evidence in any form. Its history is that of the store, if there is one. PATH may also be a history
(a file of SQLite, or the URL of a database), with one or several tenants, an assessment that was saved, or a folder of such. Without it the
history of posture.hcl is shown, or that beside the register.

The command prints an address that signs one browser in, once, and then shows the next one for another browser. When evidence, the
register, settings or the store change, open pages say so.

Only this machine can reach the server. To show the score to others, listen on another address: that needs a certificate, and a provider
of OpenID Connect with which people sign in. Readers see everything, editors change statuses, notes, tags, zones and plans. See
docs/page.md.`,
		Example: `  posture serve testdata/contoso
  posture serve posture.db --listen 127.0.0.1:0
  posture serve posture.db --listen :8443 --tls-cert cert.pem --tls-key key.pem --oidc-issuer https://login.contoso.example --oidc-client-id posture --oidc-client-secret-file secret --oidc-redirect-url https://score.contoso.example/signin/callback --oidc-reader Score.Reader --oidc-editor Score.Editor`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runServe(cmd.Context(), t, &f, args) },
	}
	f.register(cmd)
	f.store.register(cmd, "the history of the evidence")
	f.benchmark.register(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.listen, "listen", "127.0.0.1:8377", "listen on this `ADDRESS`, a host and a port; port 0 is any that is free")
	flags.StringVar(&f.cert, "tls-cert", "", "the certificate for https, a `FILE` of PEM that is read again when it changes")
	flags.StringVar(&f.key, "tls-key", "", "the key of the certificate, a `FILE` of PEM")
	f.signIn.register(flags)
	registerChoice(flags, &f.log, "log", "", []string{"text", "json", "off"}, "log requests to standard error as `HOW` says: text or json, or nothing with off (default: as --log-format says; as text errors alone where there is no terminal)")
	flags.BoolVar(&f.open, "open", false, "open the page in the browser")
	return cmd
}

func runServe(ctx context.Context, t terminal, f *serveFlags, args []string) error {
	if err := f.check(); err != nil {
		return err
	}
	options, err := f.options(ctx, t, args)
	if err != nil {
		return err
	}
	pages, err := page.New()
	if err != nil {
		return err
	}
	listener, err := serve.Listen(f.listen)
	if err != nil {
		return err
	}
	origin := f.signIn.origin()
	if origin == nil {
		origin = serve.Origin(f.listen, listener.Addr(), f.cert != "")
	}
	log := f.logger(t)
	gate, link, err := f.gate(ctx, t, origin, log)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if f.cert != "" {
		config, err := serve.TLS(f.cert, f.key, time.Now)
		if err != nil {
			return errors.Join(err, listener.Close())
		}
		listener = tls.NewListener(listener, config)
	}
	hosts := []string{origin.Host}
	if !f.signIn.given() {
		hosts = serve.Hosts(origin)
	}
	server := serve.New(serve.Options{
		Pages: pages, Gate: gate, Hosts: hosts, Remote: f.signIn.given(), Public: !serve.Loopback(f.listen) || f.signIn.given(), TLS: origin.Scheme == "https", Version: version(), Log: log,
	})
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() {
		defer stop() // without a listener there is nothing to wait for
		ended <- server.Serve(ctx, listener)
	}()
	err = f.show(ctx, t, server, options, link)
	stop()
	if served := <-ended; served != nil {
		return served
	}
	return err
}

// show loads what there is and shows it until the context ends. Its health says that it is starting until then.
func (f *serveFlags) show(ctx context.Context, t terminal, server *serve.Server, options snapshot.Options, link string) error {
	progress, clear := t.progress()
	var loaded atomic.Bool // what is read later is none of the terminal's business
	options.Assess.Progress = func(dataset string, records int64) {
		if progress != nil && !loaded.Load() {
			progress(dataset, records)
		}
	}
	source, err := snapshot.Open(ctx, options)
	loaded.Store(true)
	clear()
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }() // it was only read
	server.Show(source)
	fmt.Fprintln(t.out, link)
	if f.open {
		done, err := openBrowser(ctx, link)
		defer done()
		if err != nil {
			t.say("no browser could be opened (%v): open the address above", err)
		}
	}
	if err := server.Watch(ctx); err != nil && ctx.Err() == nil {
		return err
	}
	return nil // being ended is how a server ends
}

// check validates flags that depend on one another.
func (f *serveFlags) check() error {
	if (f.cert == "") != (f.key == "") {
		return usageError{errors.New("--tls-cert and --tls-key belong together: give both")}
	}
	if err := f.signIn.check(); err != nil {
		return err
	}
	_, port, err := net.SplitHostPort(f.listen)
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	public := !serve.Loopback(f.listen)
	switch {
	case err != nil:
		return usageError{fmt.Errorf("--listen has to be a host and a port, such as 127.0.0.1:8377; it is %q", f.listen)}
	case public && (f.cert == "" || !f.signIn.given()):
		return usageError{fmt.Errorf("--listen %s can be reached from other machines: that needs --tls-cert and --tls-key, and a provider to sign in with (--oidc-issuer and the others); see docs/page.md. "+
			"For this machine alone, listen on 127.0.0.1", f.listen)}
	case f.signIn.given() && f.cert != "" && f.signIn.origin().Scheme != "https":
		return usageError{errors.New("with --tls-cert the --oidc-redirect-url has to begin with https")}
	}
	return nil
}

// options returns what to show.
func (f *serveFlags) options(ctx context.Context, t terminal, args []string) (snapshot.Options, error) {
	assess, err := f.settings()
	if err != nil {
		return snapshot.Options{}, err
	}
	store, err := f.store.find(ctx, f.decisions.path)
	if err != nil {
		return snapshot.Options{}, err
	}
	cat, err := f.load(ctx)
	if err != nil {
		return snapshot.Options{}, err
	}
	compile := engine.Options{Version: version()}
	if err := f.limits.apply(&compile); err != nil {
		return snapshot.Options{}, err
	}
	claimed, err := f.claims.read()
	if err != nil {
		return snapshot.Options{}, err
	}
	o := snapshot.Options{
		Path: store, Stdin: t.in, Store: store, Register: f.decisions.path, Settings: configured(ctx).near(f.decisions.path),
		Benchmark: snapshot.Benchmark{Path: f.benchmark.path, Cohort: f.benchmark.cohort},
		Catalog:   cat, Engine: compile, Assess: assess, Import: importOptions(t, claimed, assess.Now), Now: time.Now,
	}
	if len(args) > 0 {
		o.Path = args[0]
	}
	if !assess.Now.IsZero() {
		o.Now = func() time.Time { return assess.Now }
	}
	return o, nil
}

// gate returns who lets people in, and the address to print.
func (f *serveFlags) gate(ctx context.Context, t terminal, origin *url.URL, log *slog.Logger) (*signin.Gate, string, error) {
	options := signin.Options{Origin: origin, Stylesheet: "/assets/" + web.Style().Name, Contact: f.signIn.contact, Log: log}
	if f.signIn.given() {
		config, err := f.signIn.config()
		if err != nil {
			return nil, "", err
		}
		gate, err := signin.OIDC(ctx, options, config)
		return gate, origin.String() + "/", err
	}
	who := signin.User{Name: cmp.Or(author.Git(ctx), account(), "somebody at this machine"), Role: signin.Editor}
	gate, link := signin.Local(options, who, func(next string) { t.say("signed in. For another browser: %s", next) })
	return gate, link, nil
}

// account returns the name of the account that runs the program, or "".
func account() string {
	u, err := user.Current()
	if err != nil {
		return ""
	}
	return cmp.Or(u.Name, u.Username)
}

// logger returns the log that the flags ask for: --log-format says how, unless --log does. A pipe gets what went wrong alone, unless it is
// asked for.
func (f *serveFlags) logger(t terminal) *slog.Logger {
	level := slog.LevelInfo
	switch {
	case f.log == "off":
		return slog.New(slog.DiscardHandler)
	case t.verbose():
		level = slog.LevelDebug
	case f.log == "" && !t.json() && !isTerminal(t.err):
		level = slog.LevelWarn
	}
	return t.logger(level, f.log == logJSON || f.log == "" && t.json())
}
