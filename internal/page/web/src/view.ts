// A view is what a reader chose to see of a table. It is kept in the table's form, and from there in the address.

import { all, make } from "./dom";
import { parameters, rewrite } from "./address";

export interface View {
  readonly search: string[]; // words in lower case, all of which a row has
  readonly filters: ReadonlyMap<string, ReadonlySet<string>>; // by column: a row has one of these values
  readonly group: string; // a column, or ""
  readonly sort: string; // a column, or "": as the server sorted them
  readonly descending: boolean;
  readonly columns: ReadonlySet<string> | null; // those that are seen; null for all
}

// Names of a form's fields that filter no column.
const own = new Set(["q", "group", "sort", "dir", "column"]);

type Field = HTMLInputElement | HTMLSelectElement;

function fields(form: HTMLFormElement): Field[] {
  return Array.from(form.elements).filter(
    (field): field is Field => (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) && field.name !== "",
  );
}

export function read(form: HTMLFormElement | null): View {
  const data = form === null ? new FormData() : new FormData(form);
  const text = (name: string): string => {
    const value = data.get(name);
    return typeof value === "string" ? value : "";
  };
  const filters = new Map<string, Set<string>>();
  for (const [name, value] of data) {
    if (!own.has(name) && typeof value === "string" && value !== "") {
      filters.set(name, (filters.get(name) ?? new Set<string>()).add(value));
    }
  }
  const boxes = form === null ? [] : all(form, 'input[name="column"]', HTMLInputElement);
  return {
    search: text("q").toLowerCase().split(/\s+/).filter((word) => word !== ""),
    filters,
    group: text("group"),
    sort: text("sort"),
    descending: text("dir") === "desc",
    columns: boxes.length === 0 ? null : new Set(boxes.filter((box) => box.checked).map((box) => box.value)),
  };
}

// restore fills the form in from the address. What the address does not name stays as the template has it.
export function restore(form: HTMLFormElement): void {
  for (const name of ["sort", "dir"]) {
    if (form.elements.namedItem(name) === null) {
      form.append(make("input", { type: "hidden", name }));
    }
  }
  const said = parameters();
  for (const field of fields(form)) {
    if (!said.has(field.name)) {
      continue;
    }
    const values = said.getAll(field.name);
    if (field instanceof HTMLSelectElement) {
      for (const option of field.options) {
        option.selected = values.includes(option.value);
      }
      if (!field.multiple && field.selectedIndex < 0) {
        field.selectedIndex = 0;
      }
    } else if (field.type === "checkbox" || field.type === "radio") {
      field.checked = values.includes(field.value);
    } else {
      field.value = values[0] ?? "";
    }
  }
}

// keep writes the form into the address. Columns are named there once a reader chose some.
export function keep(form: HTMLFormElement, chosen: boolean): void {
  rewrite((said) => {
    const columns = chosen || said.has("column");
    for (const field of fields(form)) {
      said.delete(field.name);
    }
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && value !== "" && (name !== "column" || columns)) {
        said.append(name, value);
      }
    }
  });
}

// set gives a field of the form a value.
export function set(form: HTMLFormElement, name: string, value: string): void {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) {
    field.value = value;
  }
}

// clear empties what narrows the rows down. Sorting, grouping and columns stay.
export function clear(form: HTMLFormElement): void {
  for (const field of fields(form)) {
    if (field.name !== "q" && own.has(field.name)) {
      continue;
    }
    if (field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio")) {
      field.checked = field.type === "radio" && field.value === "";
    } else {
      field.value = "";
    }
  }
}
