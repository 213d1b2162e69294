// The flyout: an action, or what else a link with data-flyout leads to, in a sheet beside the list.
//
// From a server it is the <article data-detail> of the page that the link leads to; in a file, the one around the element that the link's
// fragment names. The address is the link's, so that it can be shared; going back closes the sheet.

import { all, around, button, make, one, say, scripted, typing, words } from "./dom";
import { served, stand } from "./address";
import { chosen } from "./choice";
import { load } from "./fetch";
import type { Table } from "./table";
import { copy } from "./copy";

// Links are what "previous" and "next" go through, in the order in which they stand.
type Links = () => HTMLAnchorElement[];

export class Flyout {
  private readonly sheet: HTMLDialogElement;
  private readonly body: HTMLElement;
  private readonly position: HTMLElement;
  private readonly page: HTMLAnchorElement;
  private readonly own = location.pathname; // of the page that is behind
  private readonly tables: () => readonly Table[];
  private address = ""; // of what is shown
  private links: Links = () => [];
  private title = document.title;
  private back: (() => void) | null = null; // puts what a file's page lent back to its place
  private turn = 0;

  constructor(tables: () => readonly Table[]) {
    this.tables = tables;
    this.body = make("div", { class: "flyout-body", "data-flyout-body": true });
    this.position = make("span", { class: "muted num" });
    this.page = make("a", { class: "button plain" }, "Open as page");
    const bar = make(
      "div",
      { class: "flyout-bar" },
      button("\u2191", () => { this.step(-1); }, { "data-step": "-1", "aria-label": "Previous", title: "Previous (k)", "aria-keyshortcuts": "k ArrowLeft" }),
      button("\u2193", () => { this.step(1); }, { "data-step": "1", "aria-label": "Next", title: "Next (j)", "aria-keyshortcuts": "j ArrowRight" }),
      this.position,
      button("Copy link", () => { void copy(this.address); }, { class: "button push" }),
      this.page,
      button("Close", () => { this.close(); }, { "data-close": "" }),
    );
    this.sheet = make("dialog", { class: "flyout", "aria-label": "Details" }, bar, this.body);
    this.listen();
  }

  get open(): boolean {
    return this.sheet.open;
  }

  get content(): HTMLElement {
    return this.body;
  }

  // show puts an element into the sheet, and opens that where it is closed: the answer to a write, for one.
  show(content: Element, notices: Element[] = []): void {
    this.fill(content, notices);
    this.raise();
  }

  // reload shows the same again, as it is now.
  async reload(): Promise<void> {
    if (this.open && served() && this.address !== "") {
      const turn = this.turn;
      const found = await this.find(this.address).catch(() => null);
      if (found !== null && turn === this.turn) {
        const scroll = this.sheet.scrollTop;
        this.fill(found, all(this.body, ":scope > [data-notice]", Element));
        this.sheet.scrollTop = scroll;
      }
    }
  }

  private listen(): void {
    document.addEventListener("click", (event) => {
      const link = around(event.target, "a[data-flyout]", HTMLAnchorElement);
      if (link !== null && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) {
        event.preventDefault();
        this.follow(link);
      }
    });
    this.sheet.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close();
    });
    this.sheet.addEventListener("click", (event) => {
      if (event.target === this.sheet) {
        this.close(); // outside of the sheet
      }
    });
    this.sheet.addEventListener("keydown", (event) => {
      const way = { j: 1, ArrowRight: 1, k: -1, ArrowLeft: -1 }[event.key];
      if (way !== undefined && !typing(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        this.step(way);
      }
    });
    addEventListener("popstate", () => {
      this.travel();
    });
  }

  // follow opens what a link leads to.
  private follow(link: HTMLAnchorElement): void {
    if (!this.sheet.contains(link)) {
      this.links = this.around(link);
    }
    void this.go(link.href, this.open ? "replace" : "push");
  }

  // around is how to find the links that a link is among: those of its table's rows as they stand, or of its list.
  private around(link: HTMLAnchorElement): Links {
    const element = link.closest("table");
    const table = this.tables().find((candidate) => candidate.element === element);
    const name = table?.element.dataset.table;
    if (name !== undefined) {
      // Found anew each time: what is behind may have been replaced.
      return () =>
        (this.tables().find((candidate) => candidate.element.dataset.table === name)?.sequence() ?? []).flatMap((row) => {
          const found = one(row, "a[data-flyout]", HTMLAnchorElement);
          return found === null ? [] : [found];
        });
    }
    const list = link.closest("table, ul, ol, dl");
    return list === null ? () => [link] : () => all(list, "a[data-flyout]", HTMLAnchorElement);
  }

  private async go(address: string, entry: "push" | "replace" | "none"): Promise<void> {
    const turn = ++this.turn;
    let found: Element | null;
    try {
      found = await this.find(address);
    } catch {
      found = null;
    }
    if (turn !== this.turn) {
      return; // another was asked for meanwhile
    }
    if (found === null) {
      location.assign(address); // the page itself says what is wrong
      return;
    }
    if (!this.open) {
      for (const table of this.tables()) {
        table.settle();
      }
      stand(location.href);
    }
    this.address = address;
    if (entry === "push") {
      history.pushState({ flyout: address }, "", address);
    } else if (entry === "replace") {
      history.replaceState({ flyout: address }, "", address);
    }
    this.show(found);
    this.place();
  }

  // find is the article that an address leads to.
  private async find(address: string): Promise<Element | null> {
    if (served()) {
      const page = await load(address);
      const found = page.document.querySelector("article[data-detail]");
      return page.status < 400 && found !== null ? document.importNode(found, true) : null;
    }
    const name = decodeURIComponent(new URL(address).hash.slice(1));
    return document.getElementById(name)?.closest("[data-detail]") ?? null;
  }

  // fill puts an element into the sheet, below what is to be said of it.
  private fill(content: Element, notices: Element[]): void {
    if (this.body.contains(content)) {
      return;
    }
    this.back?.();
    this.back = null;
    if (content.isConnected) {
      const place = document.createComment("");
      content.replaceWith(place);
      this.back = () => {
        place.replaceWith(content);
      };
    }
    this.body.replaceChildren(...notices, content);
    scripted(content);
    chosen(content);
    const heading = one(content, "h1, h2, h3", HTMLHeadingElement);
    this.sheet.setAttribute("aria-label", words(heading) || "Details");
    this.sheet.scrollTop = 0;
  }

  private raise(): void {
    if (!this.sheet.isConnected) {
      document.body.append(this.sheet);
    }
    if (!this.open) {
      this.title = document.title;
      this.sheet.showModal();
    }
    const heading = one(this.body, "h1, h2, h3", HTMLHeadingElement);
    heading?.setAttribute("tabindex", "-1");
    heading?.focus();
    document.title = `${words(heading)} · ${this.title}`;
    this.page.hidden = this.address === "" || !served();
    this.page.href = this.address;
  }

  // place says where among its neighbors the action stands.
  private place(): void {
    const links = this.links();
    const at = links.findIndex((link) => link.href === this.address);
    this.position.textContent = at < 0 ? "" : `${String(at + 1)} of ${String(links.length)}`;
    for (const step of all(this.sheet, "button[data-step]", HTMLButtonElement)) {
      step.disabled = links[at + Number(step.dataset.step)] === undefined || at < 0;
    }
  }

  private step(way: number): void {
    const links = this.links();
    const at = links.findIndex((link) => link.href === this.address);
    const next = at < 0 ? undefined : links[at + way];
    if (next === undefined) {
      say(way > 0 ? "This is the last one." : "This is the first one.");
      return;
    }
    void this.go(next.href, "replace");
  }

  // close closes the sheet; where opening it made an entry in the history, by going back.
  private close(): void {
    if (state() !== null) {
      history.back();
    } else {
      this.lower();
    }
  }

  private lower(): void {
    this.turn++;
    const from = this.links().find((link) => link.href === this.address);
    this.back?.();
    this.back = null;
    this.body.replaceChildren();
    this.sheet.close();
    stand(null);
    document.title = this.title;
    this.returnTo(from);
    this.address = "";
  }

  // returnTo gives the focus to the link of what was shown last, and puts its row into the document first.
  private returnTo(link: HTMLAnchorElement | undefined): void {
    const row = link?.closest("tr");
    if (row instanceof HTMLTableRowElement) {
      for (const table of this.tables()) {
        table.reveal(row);
      }
    }
    link?.focus();
  }

  // travel follows the reader through the history.
  private travel(): void {
    const address = state();
    if (address !== null && address !== this.address && !(served() && new URL(address).pathname === this.own)) {
      void this.go(address, "none");
    } else if (address === null && this.open) {
      this.lower();
    } else if (address === null && served() && location.pathname !== this.own) {
      location.reload(); // the page was loaded anew where the sheet was open: what was behind is gone
    }
  }
}

// state is the address of the flyout that the current entry of the history shows.
function state(): string | null {
  const entry: unknown = history.state;
  return typeof entry === "object" && entry !== null && "flyout" in entry && typeof entry.flyout === "string" ? entry.flyout : null;
}
