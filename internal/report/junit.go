package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// The JUnit XML of results, as CI servers read it (Jenkins: junit-4.xsd, in the order of its elements). The attributes that hold times and
// hosts are left out. Those that the schema lacks are file and line, which GitLab and others read, and the message of what was skipped, which
// Jenkins reads.
type (
	junitSuites struct {
		XMLName xml.Name     `xml:"testsuites"`
		Suites  []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		File    string        `xml:"file,attr,omitempty"`
		Line    int           `xml:"line,attr,omitempty"`
		Skipped *junitSkipped `xml:"skipped"`
		Error   *junitFailure `xml:"error"`
		Failure *junitFailure `xml:"failure"`
		Output  string        `xml:"system-out,omitempty"`
	}
	junitSkipped struct {
		Message string `xml:"message,attr,omitempty"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
)

// writeJUnit writes results as JUnit XML: suites in the order of their first result, and one case for the results of one name. A
// warning fails no case.
func writeJUnit(w io.Writer, page interface{ results() []result }, _ Style) error {
	var document junitSuites
	suites, cases := map[string]int{}, map[[2]string]int{}
	for _, r := range page.results() {
		s, ok := suites[r.suite]
		if !ok {
			s = len(suites)
			suites[r.suite] = s
			document.Suites = append(document.Suites, junitSuite{Name: clean(r.suite)})
		}
		suite := &document.Suites[s]
		key := [2]string{r.suite, r.name}
		c, ok := cases[key]
		if !ok {
			c = len(suite.Cases)
			cases[key] = c
			suite.Cases = append(suite.Cases, junitCase{Name: clean(r.name), Class: clean(r.suite), File: clean(r.at.file), Line: r.at.line})
		}
		suite.Cases[c].add(r)
	}
	for i := range document.Suites {
		document.Suites[i].count()
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(document); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// add adds a result to a case. What could not be told is an error, so that it never passes. The first failure is the message, and all of them are the text.
func (c *junitCase) add(r result) {
	text := lines(r.message) + "\n"
	if r.at.line > 0 {
		text = fmt.Sprintf("%s:%d: %s", clean(r.at.file), r.at.line, text)
	}
	if r.suppressed != "" {
		c.Skipped = &junitSkipped{clean(r.suppressed)}
		return
	}
	switch r.state {
	case skipped:
		c.Skipped = &junitSkipped{clean(r.message)}
	case noted, errored:
		c.Error = &junitFailure{Message: clean(r.message), Type: r.ruleID(), Text: text}
	case warned:
		c.Output += text
	case failed:
		if c.Failure == nil {
			first, _, _ := strings.Cut(r.message, "\n")
			c.Failure = &junitFailure{Message: clean(first), Type: r.ruleID()}
		}
		c.Failure.Text += text
	}
}

func (s *junitSuite) count() {
	s.Tests = len(s.Cases)
	for _, c := range s.Cases {
		if c.Failure != nil {
			s.Failures++
		}
		if c.Error != nil {
			s.Errors++
		}
		if c.Skipped != nil {
			s.Skipped++
		}
	}
}
