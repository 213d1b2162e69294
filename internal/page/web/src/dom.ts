// Finding elements, and making them.

type Class<T> = abstract new (...parameters: never[]) => T;

// all finds the elements of a class that match a selector, in the order of the document.
export function all<T extends Element>(root: ParentNode, selector: string, type: Class<T>): T[] {
  return Array.from(root.querySelectorAll(selector)).filter((found): found is T => found instanceof type);
}

export function one<T extends Element>(root: ParentNode, selector: string, type: Class<T>): T | null {
  const found = root.querySelector(selector);
  return found instanceof type ? found : null;
}

// around finds the nearest element of a class that matches a selector, at an event's target or around it.
export function around<T extends Element>(target: EventTarget | null, selector: string, type: Class<T>): T | null {
  const found = target instanceof Element ? target.closest(selector) : null;
  return found instanceof type ? found : null;
}

// make makes an element with attributes and children. Attributes that are false are left out.
export function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Record<string, string | boolean> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== false) {
      made.setAttribute(key, value === true ? "" : value);
    }
  }
  made.append(...children);
  return made;
}

// button makes a button that does something.
export function button(text: string, act: () => void, attributes: Record<string, string> = {}): HTMLButtonElement {
  const made = make("button", { type: "button", class: "button", ...attributes }, text);
  made.addEventListener("click", act);
  return made;
}

// words is the text of an element as one reads it: without what templates put between.
export function words(element: Element | null): string {
  return (element?.textContent ?? "").replace(/\s+/g, " ").trim();
}

// scripted shows what is hidden where no scripts run.
export function scripted(root: ParentNode): void {
  for (const element of all(root, "[data-scripted]", HTMLElement)) {
    element.hidden = false;
  }
}

// typing says whether keys pressed at a target are meant for it.
export function typing(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, select, textarea, [contenteditable], pre") !== null;
}

// front is where something can be added that is seen and read out: an open dialog, which makes all else inert, or the page.
export function front(): HTMLElement {
  return one(document, "dialog[open]", HTMLElement) ?? document.body;
}

// say puts a sentence where screen readers read it out.
export function say(sentence: string): void {
  const place = document.getElementById("said") ?? make("div", { id: "said", class: "quiet", role: "status" });
  const at = front();
  if (place.parentElement !== at) {
    at.append(place);
  }
  place.textContent = sentence;
}
