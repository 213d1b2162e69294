// The page as it is now, in place: after new evidence, or after a write.

import { all, button, front, make, one, say } from "./dom";
import { base } from "./address";
import type { Page } from "./fetch";
import { load } from "./fetch";
import type { Flyout } from "./flyout";
import { place } from "./place";

export class Refresher {
  private readonly flyout: Flyout;
  private readonly settle: () => void; // puts what was chosen into the address
  private readonly attach: (root: HTMLElement) => void; // enhances what is new
  private running: Promise<void> | null = null;
  private again = false;
  private sending = false;
  private missed = false; // news, while a write was under way
  private quiet = 0; // until then news are the reader's own

  constructor(flyout: Flyout, settle: () => void, attach: (root: HTMLElement) => void) {
    this.flyout = flyout;
    this.settle = settle;
    this.attach = attach;
  }

  // sends says that a write is under way: what comes now is the reader's own doing, and no news.
  sends(): void {
    this.sending = true;
  }

  // sent says that it has been answered.
  sent(): void {
    this.sending = false;
    this.quiet = performance.now() + 5000;
    if (this.missed) {
      this.missed = false;
      this.offer();
    }
  }

  // offer refreshes at once, or, where a reader has typed what a write would send, when asked to.
  offer(): void {
    if (this.sending) {
      this.missed = true;
      return;
    }
    if (!all(document, "form[data-submit]", HTMLFormElement).some(dirty)) {
      void this.refresh(performance.now() < this.quiet ? "" : "Updated: the evidence, the register or the history changed.");
      return;
    }
    this.note("There is something new. What you have typed would be lost.", true);
  }

  // refresh fetches the page and replaces what is in <main>. One that is asked for meanwhile comes after.
  async refresh(sentence: string): Promise<void> {
    if (this.running !== null) {
      this.again = true;
      return this.running;
    }
    this.running = this.replace(sentence);
    try {
      await this.running;
    } finally {
      this.running = null;
    }
    if (this.again) {
      this.again = false;
      await this.refresh(sentence);
    }
  }

  private async replace(sentence: string): Promise<void> {
    this.settle();
    const page = await load(base()).catch(() => null);
    this.settle(); // one may have typed meanwhile
    if (page === null || page.status >= 400 || !this.swap(page)) {
      this.note("The page could not be updated.", true);
      return;
    }
    await this.flyout.reload();
    if (sentence !== "") {
      this.note(sentence, false);
    }
  }

  // swap replaces <main> by that of a page, and keeps the reader's place. It tells whether there was one.
  private swap(page: Page): boolean {
    const main = one(document, "main", HTMLElement);
    const fresh = page.document.querySelector("main");
    if (main === null || fresh === null) {
      return false;
    }
    const kept = place(main);
    const replaced = document.importNode(fresh, true);
    main.replaceWith(replaced);
    const snapshot = page.document.documentElement.dataset.snapshot;
    if (snapshot !== undefined) {
      document.documentElement.dataset.snapshot = snapshot;
    }
    this.attach(replaced);
    kept.restore(replaced);
    return true;
  }

  // note says something above the page, until the reader closes it.
  private note(sentence: string, asks: boolean): void {
    document.getElementById("updated")?.remove();
    const note = make("p", { id: "updated", class: "notice note line no-print" }, sentence);
    if (asks) {
      note.append(button("Update now", () => {
        note.remove();
        void this.refresh("");
      }));
    }
    note.append(button("Close", () => { note.remove(); }, { class: "button plain push" }));
    front().append(note);
    say(sentence);
  }
}

// dirty says whether a reader has changed a field of a form.
function dirty(form: HTMLFormElement): boolean {
  return Array.from(form.elements).some(
    (field) =>
      (field instanceof HTMLTextAreaElement && field.value !== field.defaultValue) ||
      (field instanceof HTMLSelectElement && field.selectedIndex !== chosen(field)) ||
      (field instanceof HTMLInputElement &&
        field.type !== "hidden" &&
        (field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue)),
  );
}

// chosen is the option of a select that was selected when the page came: the first, where none is marked.
function chosen(field: HTMLSelectElement): number {
  return Math.max(0, Array.from(field.options).findIndex((option) => option.defaultSelected));
}
