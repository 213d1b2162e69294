package browser

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// ErrMissing is a machine without a browser.
var ErrMissing = errors.New("no browser is installed: 'make chromium' installs Chromium on Debian, as root; or name a Chrome in " + variable)

const variable = "POSTURE_CHROMIUM"

// How long things may take on a busy machine.
const (
	patience = time.Minute      // one step: a start, the loading of a page
	waiting  = 30 * time.Second // a condition that is waited for
)

// Browser is the browser of all tests of a package. Its zero value starts at the first page; the caller must call Stop at the end:
//
//	var chromium browser.Browser
//
//	func TestMain(m *testing.M) { os.Exit(chromium.Main(m)) }
type Browser struct {
	once    sync.Once
	ctx     context.Context // chromedp keeps the browser in it
	profile string
	output  bytes.Buffer // what the browser printed; complete once it has ended
	err     error
}

// Main runs the tests of a package, stops the browser, and returns the exit code.
func (b *Browser) Main(m *testing.M) int {
	code := m.Run()
	if err := b.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return max(code, 1)
	}
	return code
}

// Need starts the browser unless it runs. Where it is not installed the test is skipped, but where CI is set it fails.
func (b *Browser) Need(t testing.TB) {
	t.Helper()
	b.once.Do(func() { b.err = b.start() })
	if errors.Is(b.err, ErrMissing) && os.Getenv("CI") == "" {
		t.Skipf("NOT TESTED IN A BROWSER: %v", b.err)
	}
	if b.err != nil {
		t.Fatal(b.err)
	}
}

func (b *Browser) start() error {
	path, err := find()
	if err != nil {
		return err
	}
	if b.profile, err = os.MkdirTemp("", "chromium"); err != nil {
		return err
	}
	options := append(
		chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.UserDataDir(b.profile),
		chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("lang", "en-US"),
		// Letters of the same width on every screen.
		chromedp.Flag("font-render-hinting", "none"),
		chromedp.CombinedOutput(&b.output),
	)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // the sandbox refuses root
	}
	ctx, _ := chromedp.NewExecAllocator(context.Background(), options...)
	b.ctx, _ = chromedp.NewContext(ctx)
	if err := begin(b.ctx); err != nil {
		return errors.Join(fmt.Errorf("starting %s: %w", path, err), b.Stop(), errors.New(b.output.String()))
	}
	return nil
}

// begin starts the browser, or opens the tab, of a context. It lives as long as that context, so that the time limit can't be one of it.
func begin(ctx context.Context) error {
	done := make(chan error, 1)
	go func() { done <- chromedp.Do(ctx) }()
	select {
	case err := <-done:
		return err
	case <-time.After(patience):
		return fmt.Errorf("nothing has happened for %s", patience)
	}
}

// Stop ends the browser, if it runs, and removes its profile.
func (b *Browser) Stop() error {
	var err error
	if b.ctx != nil && chromedp.FromContext(b.ctx).Browser != nil {
		ctx, cancel := context.WithTimeout(b.ctx, patience)
		defer cancel()
		err = chromedp.Cancel(ctx)
		b.ctx = nil
	}
	if b.profile == "" {
		return err
	}
	return errors.Join(err, os.RemoveAll(b.profile))
}

// find returns the path of the browser.
func find() (string, error) {
	if path := os.Getenv(variable); path != "" {
		return path, nil
	}
	for _, name := range []string{
		"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium",
		filepath.Join(os.Getenv("ProgramFiles"), `Google\Chrome\Application\chrome.exe`),
	} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrMissing
}
