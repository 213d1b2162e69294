package browser

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Wait returns once an expression of JavaScript is truthy.
func (p *Page) Wait(expression string) {
	p.t.Helper()
	p.until(expression, func() (bool, error) { return evaluate[bool](p, "!!("+expression+")") })
}

// until asks a question until the answer is yes. An error counts as no: while a page changes to another one, its old one is gone.
func (p *Page) until(what string, ask func() (bool, error)) {
	p.t.Helper()
	var err error
	for deadline := time.Now().Add(waiting); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		var yes bool
		if yes, err = ask(); yes {
			return
		}
		if p.ctx.Err() != nil {
			break
		}
	}
	address, _ := evaluate[string](p, "location.href")
	p.t.Fatalf("waited in vain for %s at %s: %v", what, address, err)
}

// script finds the first visible element that a selector and a text describe, and says where a finger would touch it.
const script = `(selector, text) => {
	const named = e => [e.innerText, e.value, e.ariaLabel, e.title].some(s => typeof s === "string" && s.trim().replace(/\s+/g, " ").includes(text));
	const shown = e => e.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true}) && e.getClientRects().length > 0;
	const all = [...document.querySelectorAll(selector)].filter(e => text === "" || named(e));
	const element = all.find(shown);
	if (!element) return {problem: all.length ? "there, but hidden" : "not there"};
	element.scrollIntoView({block: "center", inline: "center", behavior: "instant"});
	const r = element.getClientRects()[0], x = r.x + r.width / 2, y = r.y + r.height / 2;
	const hit = document.elementFromPoint(x, y);
	if (!hit || !element.contains(hit)) return {problem: "covered by " + (hit ? hit.cloneNode().outerHTML.slice(0, 200) : "nothing, outside of the window")};
	return {x, y};
}`

// Click clicks the first visible element that matches a CSS selector, as a mouse does: it must be where one can hit it.
func (p *Page) Click(selector string) {
	p.t.Helper()
	p.ClickText(selector, "")
}

// ClickText clicks the first visible element that matches a CSS selector and has a text in what it shows, in its value or in its label.
func (p *Page) ClickText(selector, text string) {
	p.t.Helper()
	x, y := p.place(selector, text)
	if err := p.do(chromedp.MouseClickXY(x, y)); err != nil {
		p.t.Fatalf("clicking %s %s: %v", selector, text, err)
	}
}

// Follow clicks as [Page.ClickText] does, and waits until another page, or another place of this one, has loaded.
func (p *Page) Follow(selector, text string) {
	p.t.Helper()
	x, y := p.place(selector, text)
	p.load(func() error { return p.do(chromedp.MouseClickXY(x, y)) })
}

// place returns the middle of an element in CSS pixels of the window, once the element stands still there.
func (p *Page) place(selector, text string) (x, y float64) {
	p.t.Helper()
	var place struct {
		X, Y    float64
		Problem string
	}
	deadline := time.Now().Add(waiting)
	for {
		before := place
		got, err := evaluate[json.RawMessage](p, call(script, selector, text))
		if err == nil {
			place.X, place.Y, place.Problem = 0, 0, ""
			err = json.Unmarshal(got, &place)
		}
		if err == nil && place.Problem == "" && place == before {
			return place.X, place.Y
		}
		if time.Now().After(deadline) || p.ctx.Err() != nil {
			p.t.Fatalf("%s %s is %s (%v)", selector, text, place.Problem, err)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// load returns once the page that an act opens has loaded.
func (p *Page) load(act func() error) {
	p.t.Helper()
	before := p.events.count()
	if err := act(); err != nil {
		p.t.Fatal(err)
	}
	p.until("another page", func() (bool, error) {
		if p.events.count() == before {
			return false, nil
		}
		return evaluate[bool](p, `document.readyState === "complete"`)
	})
}

// Type focuses an element and presses the keys of a text there, after what it has.
func (p *Page) Type(selector, text string) {
	p.t.Helper()
	p.place(selector, "")
	p.Do(call(`selector => document.querySelector(selector).focus()`, selector))
	if err := p.do(chromedp.KeyEvent(text)); err != nil {
		p.t.Fatalf("typing into %s: %v", selector, err)
	}
}

// Fill replaces what a field has by a text, as if it were pasted.
func (p *Page) Fill(selector, text string) {
	p.t.Helper()
	p.place(selector, "")
	p.Do(call(`selector => { const e = document.querySelector(selector); e.focus(); e.select(); }`, selector))
	if text == "" {
		p.Press("Delete")
		return
	}
	command(p, input.InsertText, input.InsertTextParams{Text: text})
}

// Choose gives a field a value that isn't typed, such as an option or a date, and says so to the page.
func (p *Page) Choose(selector, value string) {
	p.t.Helper()
	p.place(selector, "")
	p.Do(call(`(selector, value) => {
		const e = document.querySelector(selector);
		e.value = value;
		if (e.value !== value) throw new Error("it can't be " + value);
		e.dispatchEvent(new Event("input", {bubbles: true}));
		e.dispatchEvent(new Event("change", {bubbles: true}));
	}`, selector, value))
}

// Press presses keys where the focus is: "Enter", "Escape", "Tab", "Shift+Tab", "ArrowDown", "Control+a", "x".
func (p *Page) Press(keys ...string) {
	p.t.Helper()
	for _, key := range keys {
		parts := strings.Split(key, "+")
		last := len(parts) - 1
		var held []chromedp.Modifier
		for _, name := range parts[:last] {
			held = append(held, p.modifier(name))
		}
		code, ok := map[string]string{
			"Enter": kb.Enter, "Escape": kb.Escape, "Tab": kb.Tab, "Space": " ", "Backspace": kb.Backspace, "Delete": kb.Delete,
			"ArrowDown": kb.ArrowDown, "ArrowUp": kb.ArrowUp, "ArrowLeft": kb.ArrowLeft, "ArrowRight": kb.ArrowRight,
			"Home": kb.Home, "End": kb.End, "PageDown": kb.PageDown, "PageUp": kb.PageUp,
		}[parts[last]]
		if !ok {
			code = parts[last]
		}
		if err := p.do(chromedp.KeyEvent(code, chromedp.KeyModifiers(held...))); err != nil {
			p.t.Fatalf("pressing %s: %v", key, err)
		}
	}
}

// PressFollow presses a key as [Page.Press] does, and waits until another page has loaded.
func (p *Page) PressFollow(key string) {
	p.t.Helper()
	p.load(func() error { p.Press(key); return nil })
}

func (p *Page) modifier(name string) chromedp.Modifier {
	p.t.Helper()
	switch name {
	case "Shift":
		return chromedp.ModifierShift
	case "Control":
		return chromedp.ModifierCtrl
	case "Alt":
		return chromedp.ModifierAlt
	case "Meta":
		return chromedp.ModifierMeta
	}
	p.t.Fatalf("there is no key %s to hold", name)
	return 0
}

// visible is the visible elements that match a selector, as an array.
const visible = `selector => [...document.querySelectorAll(selector)].filter(e => e.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true}))`

// Count returns how many visible elements match a CSS selector.
func (p *Page) Count(selector string) int {
	p.t.Helper()
	return Eval[int](p, call(visible, selector)+".length")
}

// Text returns what the first visible element that matches a CSS selector shows, once there is one.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	p.Wait(call(visible, selector) + ".length")
	return Eval[string](p, call(visible, selector)+"[0].innerText.trim()")
}

// Texts returns what the visible elements that match a CSS selector show, each.
func (p *Page) Texts(selector string) []string {
	p.t.Helper()
	return Eval[[]string](p, call(visible, selector)+".map(e => e.innerText.trim())")
}

// Sees waits until the page shows a text.
func (p *Page) Sees(text string) {
	p.t.Helper()
	p.Wait("document.body.innerText.includes(" + quote(text) + ")")
}

// Focus returns the element that has the focus, as a start tag and what it shows: `<a href="/x"> Text`.
func (p *Page) Focus() string {
	p.t.Helper()
	return Eval[string](p, `(e => e.cloneNode().outerHTML.replace(/<\/[^<]*>$/, "") + " " + e.innerText.trim())(document.activeElement)`)
}

// Sideways returns what makes the page scroll sideways: the start tags of elements that end to the right of the window, but for what scrolls
// by itself.
func (p *Page) Sideways() []string {
	p.t.Helper()
	return Eval[[]string](p, `(() => {
		const width = document.documentElement.clientWidth, reach = document.documentElement.scrollWidth;
		if (reach <= width) return [];
		const clipped = e => e !== document.body && (getComputedStyle(e).overflowX !== "visible" || clipped(e.parentElement));
		const out = [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > width + 0.5 && !clipped(e.parentElement));
		const named = e => e.cloneNode().outerHTML.replace(/<\/.*/, "").slice(0, 120);
		return [reach + " px wide in a window of " + width, ...out.map(e => named(e.parentElement) + named(e))].slice(0, 12);
	})()`)
}

// call returns the expression that calls a function of JavaScript.
func call(function string, args ...string) string {
	quoted := make([]string, len(args))
	for i, arg := range args {
		quoted[i] = quote(arg)
	}
	return fmt.Sprintf("(%s)(%s)", function, strings.Join(quoted, ", "))
}

// quote returns a literal of JavaScript.
func quote(text string) string {
	literal, err := json.Marshal(text)
	if err != nil {
		panic(err) // a string can't fail
	}
	return string(literal)
}
