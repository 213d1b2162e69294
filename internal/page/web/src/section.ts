// The tabs of a file: sections of one page, of which one is open. Its links name a fragment, and may have a query for the tables' forms.

import { all, around, one } from "./dom";
import { served } from "./address";
import type { Table } from "./table";

export function sections(tables: () => readonly Table[]): void {
  if (served()) {
    return;
  }
  document.addEventListener("click", (event) => {
    const link = around(event.target, "a[href]", HTMLAnchorElement);
    const said = link?.getAttribute("href") ?? "";
    if (link === null || !said.startsWith("?") || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    try {
      history.pushState(null, "", said);
    } catch {
      return; // the browser loads the file anew
    }
    event.preventDefault();
    for (const table of tables()) {
      table.reset();
    }
    arrive(true);
  });
  addEventListener("hashchange", () => {
    arrive(false);
  });
  arrive(false);
}

// arrive opens the section that the address names, closes the others, and marks its tab.
function arrive(scrolls: boolean): void {
  const target = location.hash === "" ? null : document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const section = target?.closest("details[data-section]") ?? null;
  if (target === null || !(section instanceof HTMLDetailsElement)) {
    mark(one(document, "details[data-section][open]", HTMLDetailsElement));
    return;
  }
  for (const other of all(document, "details[data-section]", HTMLDetailsElement)) {
    other.open = other === section;
  }
  mark(section);
  if (scrolls || target.getBoundingClientRect().top < 0) {
    target.scrollIntoView();
  }
}

function mark(section: HTMLDetailsElement | null): void {
  for (const tab of all(document, "a[data-tab]", HTMLAnchorElement)) {
    if (tab.dataset.tab === section?.dataset.section) {
      tab.setAttribute("aria-current", "page");
    } else {
      tab.removeAttribute("aria-current");
    }
  }
}
