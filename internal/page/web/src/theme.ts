// Light or dark, as the reader chooses: in a cookie for the server, in the address of a file. The browser's own
// store is no place for it: all files of a disk share one.

import { all, around } from "./dom";
import { parameters, rewrite, served } from "./address";

const themes = ["light", "dark"];

// themed shows the choice of a file's address. A server writes it into its pages itself.
export function themed(): void {
  const said = parameters().get("theme") ?? "";
  if (!served() && themes.includes(said)) {
    document.documentElement.dataset.theme = said;
  }
}

// choices follows fields with data-theme-choice: radios, or a select.
export function choices(): void {
  const now = document.documentElement.dataset.theme ?? "";
  for (const field of all(document, "select[data-theme-choice]", HTMLSelectElement)) {
    field.value = now;
  }
  for (const field of all(document, "[data-theme-choice] input[type=radio]", HTMLInputElement)) {
    field.checked = field.value === now;
  }
  document.addEventListener("change", (event) => {
    const field = around(event.target, "select[data-theme-choice], [data-theme-choice] input[type=radio]", HTMLElement);
    if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) {
      choose(field.value);
    }
  });
}

function choose(theme: string): void {
  const known = themes.includes(theme);
  if (known) {
    document.documentElement.dataset.theme = theme;
  } else {
    delete document.documentElement.dataset.theme;
  }
  if (served()) {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${known ? theme : ""}; Path=/; SameSite=Strict; Max-Age=${known ? "31536000" : "0"}${secure}`;
    return;
  }
  rewrite((said) => {
    if (known) {
      said.set("theme", theme);
    } else {
      said.delete("theme");
    }
  });
}
