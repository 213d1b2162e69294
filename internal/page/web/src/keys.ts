// Keys: j and k, or the arrows, go from row to row of a table; Escape closes a menu, and so does a click elsewhere.

import { all, around, one, typing } from "./dom";
import type { Table } from "./table";

export function keys(tables: () => readonly Table[]): void {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      closeMenus(null);
      return;
    }
    if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") !== null) {
      return;
    }
    const row = around(event.target, "table[data-table] tr[data-row]", HTMLTableRowElement);
    const letter = { j: 1, k: -1 }[event.key];
    const arrow = row === null ? undefined : { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const way = letter ?? arrow;
    if (way !== undefined && move(tables(), row, way)) {
      event.preventDefault();
    }
  });
  document.addEventListener("click", (event) => {
    closeMenus(event.target);
  });
}

// move gives the focus to the link of the next row, or of the first.
function move(tables: readonly Table[], row: HTMLTableRowElement | null, way: number): boolean {
  const table = tables.find((candidate) => row !== null && candidate.element.contains(row)) ?? tables[0];
  const rows = table?.sequence() ?? [];
  const next = rows[row === null ? 0 : rows.indexOf(row) + way];
  if (table === undefined || next === undefined) {
    return false;
  }
  table.reveal(next);
  const link = one(next, "a[href]", HTMLAnchorElement);
  link?.focus();
  return link !== null;
}

// closeMenus closes the open menus that a click is outside of.
function closeMenus(target: EventTarget | null): void {
  for (const menu of all(document, "details[data-menu][open]", HTMLDetailsElement)) {
    if (!(target instanceof Node && menu.contains(target))) {
      const focused = menu.contains(document.activeElement);
      menu.open = false;
      if (focused && target === null) {
        one(menu, "summary", HTMLElement)?.focus();
      }
    }
  }
}
