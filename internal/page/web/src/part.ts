// Parts of a page: <a data-part="records" href="…?page=2"> replaces the element with that id by the one of the page it leads to.

import { around, say, scripted } from "./dom";
import { served } from "./address";
import { load } from "./fetch";

export function parts(): void {
  document.addEventListener("click", (event) => {
    const link = around(event.target, "a[data-part]", HTMLAnchorElement);
    const id = link?.dataset.part ?? "";
    if (link === null || id === "" || !served() || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    event.preventDefault();
    void replace(link.href, id);
  });
}

async function replace(address: string, id: string): Promise<void> {
  const page = await load(address).catch(() => null);
  const fresh = page?.document.getElementById(id) ?? null;
  const old = document.getElementById(id);
  if (fresh === null || old === null) {
    location.assign(address);
    return;
  }
  const replaced = document.importNode(fresh, true);
  old.replaceWith(replaced);
  scripted(replaced);
  replaced.setAttribute("tabindex", "-1");
  replaced.focus({ preventScroll: true });
  say("Updated");
}
