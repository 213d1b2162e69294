package browser

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Kind is the kind of a problem.
type Kind string

// The kinds of problems.
const (
	Console   Kind = "console error"
	Exception Kind = "uncaught exception"
	Policy    Kind = "violation of the Content-Security-Policy"
	Request   Kind = "failed request"
	Crash     Kind = "crash"
)

// Problem is something that went wrong in a page, whether or not a reader would see it.
type Problem struct {
	Kind Kind
	Text string
	At   string // URL:line, if known
}

func (p Problem) String() string {
	if p.At == "" {
		return fmt.Sprintf("%s: %s", p.Kind, p.Text)
	}
	return fmt.Sprintf("%s: %s (%s)", p.Kind, p.Text, p.At)
}

// events gathers what was heard of a page: its problems, and what it asked for.
type events struct {
	mutex    sync.Mutex
	found    []Problem
	requests map[network.RequestID]string // their URLs
	asked    []string                     // those URLs in order
	expected []*regexp.Regexp
	flushed  int // marks that have come back
	loads    int // pages that were opened, and places of them
}

// mark is a message that we write to the console ourselves: once it comes back, so has everything before it.
const mark = "posture: mark"

// listen is called for each event of the page, in order. Unless an event is one of those that it knows, it is no problem.
func (p *events) listen(event any) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		p.exception(e.ExceptionDetails)
	case *runtime.EventConsoleAPICalled:
		p.console(e)
	case *log.EventEntryAdded:
		p.entry(e.Entry)
	case *network.EventRequestWillBeSent:
		if p.requests == nil {
			p.requests = map[network.RequestID]string{}
		}
		p.requests[e.RequestID] = e.Request.URL
		p.asked = append(p.asked, e.Request.URL)
	case *network.EventResponseReceived:
		if e.Response.Status >= 400 {
			p.add(Request, fmt.Sprintf("status %d", e.Response.Status), e.Response.URL, -1)
		}
	case *network.EventLoadingFailed:
		// What is blocked by the policy is in the log, too; what is canceled is not wanted any more.
		if !e.Canceled && e.BlockedReason != network.BlockedReasonCsp {
			p.add(Request, e.ErrorText, p.requests[e.RequestID], -1)
		}
	case *page.EventFrameNavigated:
		if e.Frame.ParentID == "" {
			p.loads++
		}
	case *page.EventNavigatedWithinDocument:
		p.loads++
	case *inspector.EventTargetCrashed:
		p.add(Crash, "the page crashed", "", -1)
	}
}

// count returns how many pages, and places of them, the tab has opened.
func (p *events) count() int {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.loads
}

func (p *events) exception(e *runtime.ExceptionDetails) {
	text := e.Text
	if e.Exception != nil && e.Exception.Description != "" {
		text += " " + e.Exception.Description
	}
	p.add(Exception, text, e.URL, e.LineNumber)
}

func (p *events) console(e *runtime.EventConsoleAPICalled) {
	var words []string
	for _, arg := range e.Args {
		words = append(words, strings.Trim(choose(arg.Description != "", arg.Description, string(arg.Value)), `"`))
	}
	text := strings.Join(words, " ")
	switch e.Type {
	case runtime.ConsoleAPICalledTypeError, runtime.ConsoleAPICalledTypeAssert:
		p.add(Console, text, "", -1)
	case runtime.ConsoleAPICalledTypeDebug:
		if text == mark {
			p.flushed++
		}
	}
}

// entry is for what the browser itself writes to the console.
func (p *events) entry(e *log.Entry) {
	policy := strings.Contains(e.Text, "Content Security Policy") || strings.Contains(e.Text, "Trusted Type") || strings.Contains(e.Text, "TrustedHTML") || strings.Contains(e.Text, "TrustedScript")
	switch {
	case policy:
		p.add(Policy, e.Text, e.URL, e.LineNumber)
	case e.Level != log.EntryLevelError:
	case e.Source == log.EntrySourceNetwork: // an event of the network says the same
	default:
		p.add(Console, e.Text, e.URL, e.LineNumber)
	}
}

func (p *events) add(kind Kind, text, url string, line int64) {
	if url != "" && line >= 0 {
		url = fmt.Sprintf("%s:%d", url, line+1)
	}
	p.found = append(p.found, Problem{kind, text, url})
}

// Expect says that a problem will occur whose text, as a line of the report, matches a regular expression. The test fails if none does.
func (p *Page) Expect(pattern string) {
	p.events.mutex.Lock()
	defer p.events.mutex.Unlock()
	p.events.expected = append(p.events.expected, regexp.MustCompile(pattern))
}

// Problems returns the problems until now that nobody expected, and the expectations that nothing met.
func (p *Page) Problems() []string {
	p.t.Helper()
	p.flush()
	p.events.mutex.Lock()
	defer p.events.mutex.Unlock()
	met := make([]bool, len(p.events.expected))
	var lines []string
	for _, problem := range p.events.found {
		i := slices.IndexFunc(p.events.expected, func(r *regexp.Regexp) bool { return r.MatchString(problem.String()) })
		if i < 0 {
			lines = append(lines, problem.String())
		} else {
			met[i] = true
		}
	}
	for i, ok := range met {
		if !ok {
			lines = append(lines, fmt.Sprintf("expected a problem that matches %q", p.events.expected[i]))
		}
	}
	return lines
}

// Requests returns the URLs that the page has asked for, in order.
func (p *Page) Requests() []string {
	p.t.Helper()
	p.flush()
	p.events.mutex.Lock()
	defer p.events.mutex.Unlock()
	return slices.Clone(p.events.asked)
}

// flush returns once every event until now has been heard of.
func (p *Page) flush() {
	p.t.Helper()
	p.events.mutex.Lock()
	before := p.events.flushed
	p.events.mutex.Unlock()
	if _, err := evaluate[chromedp.Void](p, "console.debug("+quote(mark)+")"); err != nil {
		return // it crashed, which is a problem already, or the test is over
	}
	p.until("the console", func() (bool, error) {
		p.events.mutex.Lock()
		defer p.events.mutex.Unlock()
		return p.events.flushed > before, nil
	})
}

// report fails the test for each problem.
func (p *Page) report() {
	if p.t.Skipped() {
		return
	}
	for _, problem := range p.Problems() {
		p.t.Error(problem)
	}
}
