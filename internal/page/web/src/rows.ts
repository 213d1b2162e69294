// Rows of a table, and what their cells say.

import { all, words } from "./dom";

export interface Column {
  readonly name: string;
  readonly index: number;
  readonly type: string; // text, number or date
  readonly title: string;
  readonly head: HTMLTableCellElement;
}

export class Row {
  readonly element: HTMLTableRowElement;
  private known: string | null = null;

  constructor(element: HTMLTableRowElement) {
    this.element = element;
  }

  // text is what is searched, in lower case. Of thousands of rows it is put together while the browser has nothing else to do.
  get text(): string {
    this.known ??= (this.element.dataset.search ?? words(this.element)).toLowerCase();
    return this.known;
  }
}

export function columns(table: HTMLTableElement): Column[] {
  return all(table, "thead th[data-column]", HTMLTableCellElement).map((head) => ({
    name: head.dataset.column ?? "",
    index: head.cellIndex,
    type: head.dataset.type ?? "text",
    title: words(head),
    head,
  }));
}

export function rows(table: HTMLTableElement): Row[] {
  return all(table, "tbody > tr[data-row]", HTMLTableRowElement).map((element) => new Row(element));
}

// prepare puts the texts of rows together, a hundred at a time.
export function prepare(rows: readonly Row[], from = 0): void {
  setTimeout(() => {
    const some = rows.slice(from, from + 100);
    if (some.some((row) => row.text !== "")) {
      prepare(rows, from + some.length);
    }
  });
}

// value is what a cell is sorted by.
export function value(row: Row, column: Column): string {
  const cell = row.element.cells[column.index];
  return cell === undefined ? "" : (cell.dataset.value ?? words(cell));
}

// keys are what a cell is filtered and grouped by: its own data-key, else those of what stands in it, else its text. Where a table has no
// column of that name, the row's own attribute says it: data-review="regressed planned".
export function keys(row: Row, name: string, column: Column | undefined): string[] {
  if (column === undefined) {
    return (row.element.getAttribute("data-" + name) ?? "").split(" ").filter((key) => key !== "");
  }
  const cell = row.element.cells[column.index];
  if (cell === undefined) {
    return [];
  }
  if (cell.dataset.key !== undefined) {
    return [cell.dataset.key];
  }
  const inside = all(cell, "[data-key]", HTMLElement).map((part) => part.dataset.key ?? "");
  if (inside.length > 0) {
    return inside;
  }
  const text = words(cell);
  return text === "" ? [] : [text];
}
