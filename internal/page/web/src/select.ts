// Which rows a view shows, and in which order.

import { words } from "./dom";
import type { Column, Row } from "./rows";
import { keys, value } from "./rows";
import type { View } from "./view";

export interface Group {
  readonly name: string; // "" where the view does not group
  readonly rows: readonly Row[];
}

const collator = new Intl.Collator("en", { numeric: true });

export function matching(rows: readonly Row[], columns: ReadonlyMap<string, Column>, view: View): Row[] {
  const tests: ((row: Row) => boolean)[] = view.search.map((word) => (row: Row) => row.text.includes(word));
  for (const [name, wanted] of view.filters) {
    const column = columns.get(name);
    if (column === undefined && !rows.some((row) => row.element.hasAttribute("data-" + name))) {
      continue; // nothing says it of any row: the field is not for them
    }
    tests.push((row) => keys(row, name, column).some((key) => wanted.has(key)));
  }
  return rows.filter((row) => tests.every((test) => test(row)));
}

// sorted is stable, and puts rows without a value last in both directions.
export function sorted(rows: readonly Row[], columns: ReadonlyMap<string, Column>, view: View): Row[] {
  const column = columns.get(view.sort);
  if (column === undefined) {
    return rows.slice();
  }
  const compare = comparison(column.type);
  const sign = view.descending ? -1 : 1;
  const keyed = rows.map((row) => ({ row, key: value(row, column) }));
  keyed.sort((a, b) => (a.key === "" || b.key === "" ? Number(a.key === "") - Number(b.key === "") : sign * compare(a.key, b.key)));
  return keyed.map(({ row }) => row);
}

function comparison(type: string): (a: string, b: string) => number {
  switch (type) {
    case "number":
      return (a, b) => Number(a) - Number(b);
    case "date":
      return (a, b) => (a < b ? -1 : Number(a > b));
    default:
      return (a, b) => collator.compare(a, b);
  }
}

// grouped puts rows under the values of the view's column, in the order that it sorts by; rows without one come last.
export function grouped(rows: readonly Row[], columns: ReadonlyMap<string, Column>, view: View): Group[] {
  if (view.group === "") {
    return [{ name: "", rows }];
  }
  const column = columns.get(view.group);
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const name = title(row, view.group, column);
    const group = groups.get(name);
    if (group === undefined) {
      groups.set(name, [row]);
    } else {
      group.push(row);
    }
  }
  const compare = comparison(column?.type ?? "text");
  const place = (name: string): string => {
    const first = groups.get(name)?.[0];
    return column === undefined || first === undefined ? name : value(first, column);
  };
  const names = [...groups.keys()].sort((a, b) =>
    a === "" || b === "" ? Number(a === "") - Number(b === "") : compare(place(a), place(b)) || collator.compare(a, b),
  );
  return names.map((name) => ({ name: name === "" ? "None" : name, rows: groups.get(name) ?? [] }));
}

// title is what the head of a row's group says: the words of its cell.
function title(row: Row, name: string, column: Column | undefined): string {
  if (column === undefined) {
    return keys(row, name, column).join(", ");
  }
  const cell = row.element.cells[column.index];
  return words(cell ?? null);
}
