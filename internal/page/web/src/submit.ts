// Writes: forms with data-submit in the sheet are sent without leaving the list. A refusal or a conflict is a page of its own, and is shown as
// such. Elsewhere the browser sends the form, and shows the page that answers.

import { around } from "./dom";
import { load } from "./fetch";
import type { Flyout } from "./flyout";
import type { Refresher } from "./refresh";

export function submits(flyout: Flyout, refresher: Refresher): void {
  document.addEventListener("submit", (event) => {
    const form = around(event.target, "form[data-submit]", HTMLFormElement);
    if (form?.method !== "post" || event.defaultPrevented || !flyout.content.contains(form)) {
      return;
    }
    event.preventDefault();
    void send(form, event.submitter, flyout, refresher);
  });
}

async function send(form: HTMLFormElement, submitter: HTMLElement | null, flyout: Flyout, refresher: Refresher): Promise<void> {
  if (form.ariaBusy === "true") {
    return; // pressed twice
  }
  form.ariaBusy = "true";
  refresher.sends();
  try {
    const action = submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href;
    const answer = await load(new URL(action, location.href).href, "POST", encoded(form, submitter));
    show(answer.document, flyout);
    refresher.sent();
    if (answer.status < 400) {
      await refresher.refresh("");
    }
  } catch {
    form.ariaBusy = null;
    form.submit(); // the browser says what is wrong
  } finally {
    form.ariaBusy = null;
  }
}

// show puts what matters of an answer into the flyout: what it says of the write, and its article. Where it has none it is a page of
// another kind, and its <main> becomes an article, since a page has one <main>.
function show(answer: Document, flyout: Flyout): void {
  const notice = answer.querySelector("main [data-notice]");
  const content = answer.querySelector("article[data-detail]");
  if (content !== null) {
    flyout.show(document.importNode(content, true), notice === null ? [] : [document.importNode(notice, true)]);
    return;
  }
  const article = document.createElement("article");
  article.append(...Array.from(answer.querySelector("main")?.childNodes ?? [], (node) => document.importNode(node, true)));
  flyout.show(article);
}

function encoded(form: HTMLFormElement, submitter: HTMLElement | null): URLSearchParams {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form, submitter)) {
    if (typeof value === "string") {
      body.append(name, value);
    }
  }
  return body;
}
