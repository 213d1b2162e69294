package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// served is a server that a script started, and the browser that it looks at it with.
type served struct {
	cmd     *exec.Cmd
	link    string // the address that it printed
	browser *http.Client
	tenant  string // the beginning of its paths, once signed in
	page    string // the last one that was fetched
}

// serverKey is under which a script keeps its server.
type serverKey struct{}

// patience is how long a script waits for what takes a moment.
const patience = 60 * time.Second

// startServer starts posture serve and waits for its address, which becomes the standard output: serve [ARGUMENT...]. The server is of this
// machine, on a port of its own.
func startServer(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("usage: serve [ARGUMENT...]")
	}
	jar, err := cookiejar.New(nil)
	ts.Check(err)
	s := &served{cmd: exec.Command("posture", append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...), browser: &http.Client{Jar: jar, Timeout: patience}}
	s.cmd.Dir, s.cmd.Env = ts.MkAbs("."), append(os.Environ(), "HOME="+ts.Getenv("HOME"), "GIT_CONFIG_GLOBAL="+ts.Getenv("GIT_CONFIG_GLOBAL"), "GIT_CONFIG_NOSYSTEM=1")
	log, err := os.Create(ts.MkAbs("server.log"))
	ts.Check(err)
	defer func() { _ = log.Close() }()
	s.cmd.Stderr = log
	out, err := s.cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(s.cmd.Start())
	ts.Defer(func() { _ = s.cmd.Process.Kill() }) // it may have ended
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		_ = s.cmd.Wait() // the log says more than its exit code
		ts.Fatalf("the server printed no address: %v\n%s", err, ts.ReadFile("server.log"))
	}
	s.link = strings.TrimSpace(line)
	*server(ts) = *s
	fmt.Fprint(ts.Stdout(), line)
}

func server(ts *testscript.TestScript) *served { return ts.Value(serverKey{}).(*served) }

// fetch gets a page of the server, which becomes the standard output: fetch [-status CODE] [-post NAME=VALUE...] [-until REGEXP] PATH. A path
// without a slash is one of the tenant: a tab. "link" is the address that was printed. -until asks until the page matches. The value @ is that
// which the field has in the page before.
func fetch(ts *testscript.TestScript, neg bool, args []string) {
	s, status, form, until := server(ts), http.StatusOK, url.Values(nil), ""
	for ; len(args) > 2 && strings.HasPrefix(args[0], "-"); args = args[2:] {
		switch args[0] {
		case "-status":
			_, err := fmt.Sscan(args[1], &status)
			ts.Check(err)
		case "-post":
			name, value, _ := strings.Cut(args[1], "=")
			if form == nil {
				form = url.Values{}
			}
			if value == "@" {
				found := regexp.MustCompile(`name="` + regexp.QuoteMeta(name) + `" value="([^"]*)"`).FindStringSubmatch(s.page)
				if found == nil {
					ts.Fatalf("the page before has no field %s", name)
				}
				value = found[1]
			}
			form.Add(name, value)
		case "-until":
			until = args[1]
		default:
			ts.Fatalf("fetch has no %s", args[0])
		}
	}
	if neg || len(args) != 1 || s.cmd == nil {
		ts.Fatalf("usage: fetch [-status CODE] [-post NAME=VALUE...] [-until REGEXP] PATH, after serve")
	}
	pattern, err := regexp.Compile(until)
	ts.Check(err)
	for begin := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		text := s.ask(ts, s.address(ts, args[0]), form, status)
		if s.page = text; pattern.MatchString(text) {
			_, err := io.WriteString(ts.Stdout(), text)
			ts.Check(err)
			return
		}
		if time.Since(begin) > patience {
			ts.Fatalf("%s never matched %s:\n%s", args[0], until, text)
		}
	}
}

// address returns the address of a path.
func (s *served) address(ts *testscript.TestScript, path string) string {
	home, err := url.Parse(s.link)
	ts.Check(err)
	switch {
	case path == "link":
		return s.link
	case strings.HasPrefix(path, "/"):
		return home.Scheme + "://" + home.Host + path
	}
	if s.tenant == "" {
		r, err := s.browser.Get(home.Scheme + "://" + home.Host + "/")
		ts.Check(err)
		_ = r.Body.Close()
		s.tenant = strings.TrimSuffix(r.Request.URL.String(), "overview")
	}
	return s.tenant + path
}

func (s *served) ask(ts *testscript.TestScript, address string, form url.Values, status int) string {
	var (
		r   *http.Response
		err error
	)
	if form == nil {
		r, err = s.browser.Get(address)
	} else {
		r, err = s.browser.PostForm(address, form)
	}
	ts.Check(err)
	defer func() { _ = r.Body.Close() }()
	text, err := io.ReadAll(r.Body)
	ts.Check(err)
	if r.StatusCode != status {
		ts.Fatalf("%s: %s, want %d\n%s", address, r.Status, status, text)
	}
	return string(text)
}

// stopServer asks the server to end, as Ctrl-C does; it has to end well. What it printed to standard error is in server.log.
func stopServer(ts *testscript.TestScript, neg bool, args []string) {
	s := server(ts)
	if neg || len(args) > 0 || s.cmd == nil {
		ts.Fatalf("usage: stop, after serve")
	}
	ts.Check(s.cmd.Process.Signal(syscall.SIGINT))
	ended := make(chan error, 1)
	go func() { ended <- s.cmd.Wait() }()
	select {
	case err := <-ended:
		ts.Check(err)
	case <-time.After(patience):
		ts.Fatalf("%v", errors.New("the server goes on"))
	}
	*s = served{}
}
