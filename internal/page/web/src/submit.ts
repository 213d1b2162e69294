// Writes: forms with data-submit in the sheet are sent without leaving the list. A refusal or a conflict is a page of its own, and is shown as
// such. Elsewhere the browser sends the form, and shows the page that answers.

import { around, one, say } from "./dom";
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
  try {
    const action = submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href;
    const answer = await load(new URL(action, location.href).href, "POST", encoded(form, submitter));
    const content = one(answer.document, "article[data-detail]", Element) ?? one(answer.document, "main", Element);
    show(content, flyout);
    if (answer.status < 400) {
      say("Saved");
      await refresher.refresh("");
    }
  } catch {
    form.ariaBusy = null;
    form.submit(); // the browser says what is wrong
  } finally {
    form.ariaBusy = null;
  }
}

// show puts a part of an answer into the flyout. A page has one <main>, so that of the answer becomes an article.
function show(content: Element | null, flyout: Flyout): void {
  if (content === null) {
    return;
  }
  const article = document.createElement("article");
  const imported = document.importNode(content, true);
  if (imported.localName === "main") {
    article.append(...imported.childNodes);
    flyout.show(article);
  } else {
    flyout.show(imported);
  }
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
