// Printing: a summary, or everything.

import { all, around } from "./dom";
import type { Table } from "./table";

export function prints(tables: () => readonly Table[]): void {
  const root = document.documentElement;
  document.addEventListener("click", (event) => {
    const mode = around(event.target, "button[data-print]", HTMLButtonElement)?.dataset.print;
    if (mode !== undefined) {
      root.dataset.print = mode;
      print(); // within the click: browsers refuse it later
    }
  });
  let opened: HTMLDetailsElement[] = [];
  addEventListener("beforeprint", () => {
    for (const table of tables()) {
      table.revealAll();
    }
    if (!CSS.supports("selector(::details-content)")) {
      opened = all(document, "details:not([open])", HTMLDetailsElement);
      for (const section of opened) {
        section.open = true;
      }
    }
  });
  addEventListener("afterprint", () => {
    delete root.dataset.print;
    for (const section of opened) {
      section.open = false;
    }
    opened = [];
  });
}
