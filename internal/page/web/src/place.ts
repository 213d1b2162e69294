// A reader's place on a page that is replaced: where it is scrolled to, what has the focus, which sections are open.

import { all, words } from "./dom";

export interface Place {
  restore(root: HTMLElement): void;
}

// place notes the place within a root.
export function place(root: HTMLElement): Place {
  const open = new Map(all(root, "details", HTMLDetailsElement).map((section) => [name(section), section.open]));
  const focused = root.contains(document.activeElement) ? document.activeElement : null;
  const finder = focused === null ? null : selector(focused);
  const selection = focused instanceof HTMLInputElement && focused.type !== "checkbox" ? focused.selectionStart : null;
  const scroll = { left: scrollX, top: scrollY };
  return {
    restore(fresh) {
      for (const section of all(fresh, "details", HTMLDetailsElement)) {
        section.open = open.get(name(section)) ?? section.open;
      }
      const found = finder === null ? null : one(fresh, finder);
      found?.focus({ preventScroll: true });
      if (found instanceof HTMLInputElement && selection !== null) {
        found.setSelectionRange(selection, selection);
      }
      scrollTo({ ...scroll, behavior: "instant" });
    },
  };
}

function one(root: HTMLElement, finder: string): HTMLElement | null {
  const found = root.querySelector(finder);
  return found instanceof HTMLElement ? found : null;
}

// name tells a section from others: its id, or what its summary says without numbers, which change, below the nearest id.
function name(section: HTMLDetailsElement): string {
  if (section.id !== "") {
    return section.id;
  }
  const near = section.closest("[id]")?.id ?? "";
  return near + " " + words(section.querySelector("summary")).replace(/[\d.,]+/g, "");
}

// selector finds an element again by what stays the same of it.
function selector(element: Element): string | null {
  const tag = element.localName;
  if (element.id !== "") {
    return "#" + CSS.escape(element.id);
  }
  for (const attribute of ["href", "name", "data-group", "data-copy", "data-export", "data-print"]) {
    const value = element.getAttribute(attribute);
    if (value !== null) {
      const among = element instanceof HTMLInputElement && attribute === "name" ? `[value="${CSS.escape(element.value)}"]` : "";
      const exact = element instanceof HTMLInputElement && ["radio", "checkbox"].includes(element.type) ? among : "";
      return `${tag}[${attribute}="${CSS.escape(value)}"]${exact}`;
    }
  }
  if (tag === "summary" && element.parentElement?.id) {
    return `#${CSS.escape(element.parentElement.id)} > summary`;
  }
  return null;
}
