package report

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// xsd is what XML Schema says of elements, as far as junit-4.xsd uses it: elements that refer to others in a sequence, attributes that are
// texts, and texts.
type xsd struct {
	Elements []xsdElement `xml:"element"`
}

type xsdElement struct {
	Name    string `xml:"name,attr"`
	Type    string `xml:"type,attr"` // xs:string of an element with a text alone
	Complex *struct {
		Mixed    bool `xml:"mixed,attr"`
		Sequence []struct {
			Ref string `xml:"ref,attr"`
			Min string `xml:"minOccurs,attr"`
			Max string `xml:"maxOccurs,attr"`
		} `xml:"sequence>element"`
		Attributes []struct {
			Name string `xml:"name,attr"`
			Use  string `xml:"use,attr"`
		} `xml:"attribute"`
	} `xml:"complexType"`
}

// node is an element of a document.
type node struct {
	name     string
	attrs    []string
	text     string
	children []*node
}

// parseXML returns the root of a document. It reads tokens, so that nothing is left out.
func parseXML(text string) (*node, error) {
	decoder := xml.NewDecoder(strings.NewReader(text))
	open := []*node{{}}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			if len(open[0].children) != 1 {
				return nil, fmt.Errorf("%d roots", len(open[0].children))
			}
			return open[0].children[0], nil
		}
		if err != nil {
			return nil, err
		}
		last := open[len(open)-1]
		switch token := token.(type) {
		case xml.StartElement:
			n := &node{name: token.Name.Local}
			for _, a := range token.Attr {
				n.attrs = append(n.attrs, a.Name.Local)
			}
			last.children = append(last.children, n)
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			last.text += string(token)
		}
	}
}

// validate returns what an element has that its schema does not allow, or lacks.
func (s xsd) validate(n *node) []string {
	i := slices.IndexFunc(s.Elements, func(e xsdElement) bool { return e.Name == n.name })
	if i < 0 {
		return []string{"the element " + n.name}
	}
	e := s.Elements[i]
	var problems []string
	names := map[string]bool{}
	at := 0
	if e.Complex != nil {
		for _, a := range e.Complex.Attributes {
			names[a.Name] = true
			if a.Use == "required" && !slices.Contains(n.attrs, a.Name) {
				problems = append(problems, n.name+" lacks "+a.Name)
			}
		}
		for _, child := range e.Complex.Sequence {
			count := 0
			for ; at < len(n.children) && n.children[at].name == child.Ref; at++ {
				count++
			}
			if count < 1 && child.Min != "0" || count > 1 && child.Max != "unbounded" {
				problems = append(problems, fmt.Sprintf("%s has %d of %s", n.name, count, child.Ref))
			}
		}
	}
	for _, name := range n.attrs {
		if !names[name] {
			problems = append(problems, n.name+" has the attribute "+name)
		}
	}
	if at < len(n.children) {
		problems = append(problems, n.name+" has "+n.children[at].name+" out of order")
	}
	if e.Type != "xs:string" && (e.Complex == nil || !e.Complex.Mixed) && strings.TrimSpace(n.text) != "" {
		problems = append(problems, n.name+" has text")
	}
	for _, child := range n.children {
		problems = append(problems, s.validate(child)...)
	}
	return problems
}

func junitSchema(t *testing.T) xsd {
	t.Helper()
	var s xsd
	must.Do(t, xml.Unmarshal(must.Get(os.ReadFile("testdata/schemas/junit-4.xsd"))(t), &s))
	expect.Equal(t, 10, len(s.Elements))
	return s
}

// TestJUnitSchema validates what is written with the schema that Jenkins published. Three attributes are more than it has.
func TestJUnitSchema(t *testing.T) {
	s := junitSchema(t)
	more := []string{"testcase has the attribute file", "testcase has the attribute line", "skipped has the attribute message"}
	all := checks(t)
	for name, page := range pages(t) {
		all["assessment "+name] = page
	}
	all["both"] = resultList{
		{suite: "s", name: "n", rule: "r", state: warned, message: "w"},
		{suite: "s", name: "n", rule: "r", state: failed, message: "f"},
		{suite: "s", name: "n", rule: "r", state: errored, message: "e"},
		{suite: "s", name: "n", rule: "r", state: skipped, message: "k"},
	}
	for name, page := range all {
		for _, problem := range s.validate(must.Get(parseXML(rendered(t, page, "junit")))(t)) {
			if !slices.Contains(more, problem) {
				t.Errorf("%s: %s", name, problem)
			}
		}
	}
}

// TestXSD holds the validator to finding what is amiss.
func TestXSD(t *testing.T) {
	s := junitSchema(t)
	for text, want := range map[string]string{
		`<testsuites><testsuite name="a" tests="1"><testcase name="n"><skipped>x</skipped></testcase></testsuite></testsuites>`:                      "",
		`<testsuites><testsuite tests="1"/></testsuites>`:                                                                                            "testsuite lacks name",
		`<testsuites><testsuite name="a" tests="1" odd="1"/></testsuites>`:                                                                           "testsuite has the attribute odd",
		`<testsuites>text</testsuites>`:                                                                                                              "testsuites has text",
		`<testsuites><odd/></testsuites>`:                                                                                                            "testsuites has odd out of order; the element odd",
		`<testsuites><testsuite name="a" tests="1"><testcase name="n"><failure/><error/></testcase></testsuite></testsuites>`:                        "testcase has error out of order",
		`<testsuites><testsuite name="a" tests="1"><testcase name="n"><skipped/><skipped/></testcase></testsuite></testsuites>`:                      "testcase has 2 of skipped",
		`<testsuites><testsuite name="a" tests="1"><properties/></testsuite></testsuites>`:                                                           "properties has 0 of property",
		`<testsuites><testsuite name="a" tests="1"><testcase name="n"><failure type="t" message="m">x</failure></testcase></testsuite></testsuites>`: "",
	} {
		expect.Equalf(t, want, strings.Join(s.validate(must.Get(parseXML(text))(t)), "; "), "%s", text)
	}
}

// TestJUnitOfAssessment has a case for each action: what could not be told is an error and no pass, and what was accepted is skipped.
func TestJUnitOfAssessment(t *testing.T) {
	a := &engine.Assessment{}
	for _, outcome := range []engine.Outcome{engine.Complete, engine.Partial, engine.NotMet, engine.NoEvidence, engine.Errored, engine.NotApplicable} {
		a.Actions = append(a.Actions, action(string(outcome), "Title", 0, 5, outcome))
	}
	accepted := action("accepted", "Title", 0, 5, engine.NotMet)
	accepted.Status = engine.RiskAccepted
	a.Actions = append(a.Actions, accepted)
	var document junitSuites
	must.Do(t, xml.Unmarshal([]byte(rendered(t, Assessment{Assessment: a}, "junit")), &document))
	got := map[string]string{}
	tests, failures, errs, skips := 0, 0, 0, 0
	for _, suite := range document.Suites {
		tests, failures, errs, skips = tests+suite.Tests, failures+suite.Failures, errs+suite.Errors, skips+suite.Skipped
		for _, c := range suite.Cases {
			got[c.Name] = map[bool]string{true: "failure"}[c.Failure != nil] + map[bool]string{true: "error"}[c.Error != nil] + map[bool]string{true: "skipped"}[c.Skipped != nil]
		}
	}
	expect.Equal(t, map[string]string{"complete": "", "partial": "failure", "not_met": "failure", "no_evidence": "error", "error": "error", "not_applicable": "skipped", "accepted": "skipped"}, got)
	expect.Equal(t, [4]int{7, 2, 2, 2}, [4]int{tests, failures, errs, skips})
}

// hostileTexts are texts that break out of XML, steer a terminal, change the direction of a line, or are long.
func hostileTexts() []string {
	return []string{evil, "]]>", "<!-- -->", `"'&<>`, "\x00\x01\x1b[31m", "a\u202eb\u2066c", "tab\tline\nreturn\r", "\xff\xfe", strings.Repeat("long title ", 6000), strings.Repeat("\u0301", 32<<10)}
}

// TestJUnitHostile writes XML that is well-formed, without what steers a terminal, and not long, whatever an action is called.
func TestJUnitHostile(t *testing.T) {
	s := junitSchema(t)
	for _, text := range hostileTexts() {
		page := pages(t)["empty"]
		page.Actions = []engine.Action{action("ID", text, 0, 5, engine.NotMet)}
		page.Actions[0].Reasons, page.Actions[0].Category = []string{text}, "c"
		out := rendered(t, page, "junit")
		root := must.Get(parseXML(out))(t)
		for _, problem := range s.validate(root) {
			t.Errorf("%.40q: %s", text, problem)
		}
		if len(root.children) != 1 || len(root.children[0].children) != 1 {
			t.Errorf("%.40q: more than one case: %.300s", text, out)
		}
		if strings.ContainsAny(out, "\x00\x1b\u202e\u2066\r") || len(out) > 40<<10 {
			t.Errorf("%.40q: %d bytes: %.300q", text, len(out), out)
		}
	}
}
