// Rows as a CSV file.

import type { Column, Row } from "./rows";
import { value } from "./rows";
import { make, words } from "./dom";

// write offers rows for download. A byte-order mark tells spreadsheets that it is UTF-8.
export function write(name: string, columns: readonly Column[], rows: readonly Row[]): void {
  const lines = [columns.map((column) => quote(inert(column.title)))];
  for (const row of rows) {
    lines.push(columns.map((column) => quote(cell(row, column))));
  }
  const text = "\uFEFF" + lines.map((line) => line.join(",") + "\r\n").join("");
  save(name, new Blob([text], { type: "text/csv;charset=utf-8" }));
}

// cell is what a cell says: a number or date as it is sorted, everything else as it is read; data-csv says otherwise.
function cell(row: Row, column: Column): string {
  const said = row.element.cells[column.index]?.dataset.csv;
  if (said !== undefined) {
    return inert(said);
  }
  const sorted = value(row, column);
  if (column.type === "number" && /^-?\d+(\.\d+)?$/.test(sorted)) {
    return sorted;
  }
  return inert(column.type === "date" ? sorted : words(row.element.cells[column.index] ?? null));
}

// inert keeps a spreadsheet from running text as a formula, by an apostrophe in front of it (OWASP, "CSV Injection").
export function inert(text: string): string {
  return /^[\s']*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? "'" + text : text;
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

// save hands a file to the reader. A link that is not in the document does nothing in some browsers.
function save(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = make("a", { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 60_000);
}
