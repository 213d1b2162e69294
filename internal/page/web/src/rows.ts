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
  private readonly searched: readonly number[]; // columns
  private known: string | null = null;

  constructor(element: HTMLTableRowElement, searched: readonly number[]) {
    this.element = element;
    this.searched = searched;
  }

  // text is what is searched, in lower case. Of thousands of rows it is put together while the browser has nothing else to do.
  get text(): string {
    this.known ??= (this.element.dataset.search ?? this.cells() ?? words(this.element)).toLowerCase();
    return this.known;
  }

  // cells is the row's id and what the searched columns say, in words and in keys.
  private cells(): string | null {
    if (this.searched.length === 0) {
      return null;
    }
    const said = [this.element.dataset.row ?? ""];
    for (const index of this.searched) {
      const cell = this.element.cells[index];
      said.push(cell?.dataset.key ?? "", words(cell ?? null));
    }
    return said.join(" ");
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
  const searched = columns(table).filter((column) => column.head.dataset.searched !== undefined).map((column) => column.index);
  return all(table, "tbody > tr[data-row]", HTMLTableRowElement).map((element) => new Row(element, searched));
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
