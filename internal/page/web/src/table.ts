// A table that is searched, filtered, grouped and sorted as one types.
//
// Rows that are not seen are kept out of the document: laying out 5,000 takes more than a second. Those that match are put in by the
// hundred as one scrolls, and all of them to print.

import { all, around, make, one } from "./dom";
import type { Column, Row } from "./rows";
import { columns, prepare, rows } from "./rows";
import type { Group } from "./select";
import { grouped, matching, sorted } from "./select";
import type { View } from "./view";
import { clear, keep, read, restore, set } from "./view";
import { write } from "./csv";

const first = 60; // more than a screen holds
const batch = 100;

export class Table {
  readonly element: HTMLTableElement;
  private readonly form: HTMLFormElement | null;
  private readonly body: HTMLTableSectionElement;
  private readonly columns: ReadonlyMap<string, Column>;
  private readonly rows: readonly Row[];
  private readonly closed = new Set<string>(); // names of groups
  private readonly initial: Pick<View, "sort" | "descending">; // how the server sorted the rows
  private view: View;
  private groups: Group[] = [];
  private entries: HTMLTableRowElement[] = []; // heads and rows, as they are to stand
  private count = 0; // how many of the entries do
  private readonly more: HTMLTableRowElement;
  private readonly watch: IntersectionObserver;
  private timer = 0; // until the address follows; 0 if it has
  private chosen = false; // columns

  constructor(element: HTMLTableElement, body: HTMLTableSectionElement, form: HTMLFormElement | null) {
    this.element = element;
    this.body = body;
    this.form = form;
    this.columns = new Map(columns(element).map((column) => [column.name, column]));
    this.rows = rows(element);
    this.more = this.makeMore();
    this.watch = new IntersectionObserver(
      (seen) => {
        if (seen.some((entry) => entry.isIntersecting)) {
          this.extend(this.count + batch);
        }
      },
      { rootMargin: "1500px" },
    );
    if (form !== null) {
      restore(form);
      this.listen(form);
    }
    // A server that groups or filters writes the rows in another order than they are sorted by, but says how they are.
    const said = one(element, "th[data-column][aria-sort]", HTMLTableCellElement);
    this.initial = { sort: said?.dataset.column ?? "", descending: said?.ariaSort === "descending" };
    this.view = this.look(form);
    this.element.addEventListener("click", (event) => {
      this.clicked(event);
    });
    this.render();
    this.element.dataset.ready = "";
    prepare(this.rows);
  }

  // sequence is the rows that match, as they stand, without those of closed groups.
  sequence(): HTMLTableRowElement[] {
    return this.entries.filter((entry) => entry.dataset.row !== undefined);
  }

  // reveal sees to it that a row is in the document.
  reveal(row: HTMLTableRowElement): void {
    const at = this.entries.indexOf(row);
    if (at >= this.count) {
      this.extend(at + batch);
    }
  }

  // reset shows what the address says, and nothing of what was chosen before.
  reset(): void {
    if (this.form !== null) {
      this.form.reset();
      restore(this.form);
      this.view = this.look(this.form);
      this.render();
    }
  }

  // clear empties what narrows the rows down.
  clear(): void {
    if (this.form !== null) {
      clear(this.form);
      this.changed(this.form, false);
    }
  }

  revealAll(): void {
    if (this.count < this.entries.length) {
      this.extend(this.entries.length);
    }
  }

  // download gives the rows that match as CSV, with the columns that are seen.
  download(name: string): void {
    const seen = [...this.columns.values()].filter((column) => this.view.columns?.has(column.name) ?? true);
    write(name, seen, this.groups.flatMap((group) => group.rows));
  }

  private listen(form: HTMLFormElement): void {
    const changed = (event: Event): void => {
      this.changed(form, around(event.target, '[name="column"]', HTMLInputElement) !== null);
    };
    form.addEventListener("input", changed);
    form.addEventListener("submit", (event) => {
      if (event.submitter?.hasAttribute("formaction") === true) {
        return; // it asks for something else of what matches
      }
      event.preventDefault();
      changed(event);
    });
  }

  // look reads the view from the form. Where that does not say how rows are sorted, they are as they were at first.
  private look(form: HTMLFormElement | null): View {
    const view = read(form);
    return view.sort === "" ? { ...view, ...this.initial } : view;
  }

  // changed shows what the form says. The address follows a moment later: browsers allow few changes of it in a while.
  private changed(form: HTMLFormElement, chosen: boolean): void {
    this.view = this.look(form);
    this.render();
    this.chosen ||= chosen;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.settle();
    }, 150);
  }

  // settle writes what the form says into the address, if that has not been done yet.
  settle(): void {
    if (this.timer !== 0 && this.form !== null) {
      clearTimeout(this.timer);
      this.timer = 0;
      keep(this.form, this.chosen);
    }
  }

  private clicked(event: MouseEvent): void {
    const sorter = around(event.target, "th[data-column] :is(a, button)", HTMLElement);
    const column = around(event.target, "th[data-column]", HTMLTableCellElement)?.dataset.column;
    if (sorter !== null && column !== undefined && this.form !== null && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      this.sort(this.form, column);
    }
    const head = around(event.target, "button[data-group]", HTMLButtonElement);
    if (head !== null) {
      this.toggle(head.dataset.group ?? "");
    }
  }

  // sort sorts by a column: numbers from the largest at first, everything else from the smallest; the other way round the second time.
  private sort(form: HTMLFormElement, name: string): void {
    const falls = this.columns.get(name)?.type === "number" && name !== "rank";
    const descending = this.view.sort === name ? !this.view.descending : falls;
    set(form, "sort", name);
    set(form, "dir", descending ? "desc" : "asc");
    this.changed(form, false);
  }

  private toggle(name: string): void {
    if (!this.closed.delete(name)) {
      this.closed.add(name);
    }
    const count = this.count;
    this.arrange();
    this.place(Math.max(count, first));
    all(this.body, "button[data-group]", HTMLButtonElement).find((head) => head.dataset.group === name)?.focus();
  }

  private render(): void {
    const found = matching(this.rows, this.columns, this.view);
    this.groups = grouped(sorted(found, this.columns, this.view), this.columns, this.view);
    this.arrange();
    this.place(first);
    this.tell(found.length);
  }

  // arrange lists the heads of groups and the rows under those that are open.
  private arrange(): void {
    this.entries = [];
    for (const group of this.groups) {
      if (this.view.group !== "") {
        this.entries.push(this.head(group));
      }
      if (this.view.group === "" || !this.closed.has(group.name)) {
        this.entries.push(...group.rows.map((row) => row.element));
      }
    }
  }

  private head(group: Group): HTMLTableRowElement {
    const toggle = make("button", { type: "button", "data-group": group.name, "aria-expanded": String(!this.closed.has(group.name)) }, make("bdi", {}, group.name));
    const size = make("span", { class: "muted" }, ` ${String(group.rows.length)}`);
    return make("tr", { class: "group" }, make("th", { colspan: String(this.columns.size), scope: "rowgroup" }, toggle, size));
  }

  private place(count: number): void {
    this.count = Math.min(count, this.entries.length);
    this.body.replaceChildren(...this.entries.slice(0, this.count));
    this.offer();
  }

  private extend(count: number): void {
    const added = this.entries.slice(this.count, count);
    this.more.before(...added);
    this.count += added.length;
    this.offer();
  }

  // offer puts the rest within reach, if there is one.
  private offer(): void {
    this.watch.disconnect();
    if (this.count === this.entries.length) {
      this.more.remove();
      return;
    }
    if (!this.more.isConnected) {
      this.body.append(this.more);
    }
    this.watch.observe(this.more); // anew: it tells once more where the row is still in sight
  }

  private makeMore(): HTMLTableRowElement {
    const show = make("button", { type: "button", class: "button plain" }, "Show all rows");
    show.addEventListener("click", () => {
      const next = this.entries[this.count];
      this.revealAll();
      (next === undefined ? null : one(next, "a[href], button", HTMLElement))?.focus();
    });
    return make("tr", {}, make("td", { colspan: String(Math.max(this.columns.size, 1)) }, show));
  }

  // tell says how many rows are shown, how they are sorted, and which columns are hidden.
  private tell(shown: number): void {
    const name = this.element.dataset.table ?? "";
    for (const place of all(document, `[data-count="${name}"]`, HTMLElement)) {
      const pattern = place.dataset.text ?? "{shown} of {total}";
      place.textContent = pattern.replace("{shown}", shown.toLocaleString("en")).replace("{total}", this.rows.length.toLocaleString("en"));
    }
    for (const place of all(document, `[data-empty="${name}"]`, HTMLElement)) {
      place.hidden = shown > 0;
    }
    const hidden: string[] = [];
    for (const column of this.columns.values()) {
      if (this.view.sort === column.name) {
        column.head.setAttribute("aria-sort", this.view.descending ? "descending" : "ascending");
      } else if (this.view.sort !== "") {
        column.head.removeAttribute("aria-sort");
      }
      if (this.view.columns?.has(column.name) === false) {
        hidden.push(String(column.index + 1));
      }
    }
    this.element.dataset.hide = hidden.join(" ");
  }
}

// tables enhances the tables under a root.
export function tables(root: ParentNode): Table[] {
  return all(root, "table[data-table]", HTMLTableElement).flatMap((element) => {
    const body = element.tBodies[0];
    const form = one(document, `form[data-filter="${element.dataset.table ?? ""}"]`, HTMLFormElement);
    return body === undefined ? [] : [new Table(element, body, form)];
  });
}
