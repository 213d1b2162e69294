// Light or dark, as the reader chooses. A server keeps it in a cookie and writes it into its pages; in a file it stands in the address.
// The browser's own store is no place for it: all files of a disk share one.

import { make } from "./dom";
import { parameters, rewrite, served } from "./address";
import { load } from "./fetch";

const themes = new Map([
  ["", "Theme of the system"],
  ["light", "Light"],
  ["dark", "Dark"],
]);

// themed shows the choice of a file's address.
export function themed(): void {
  const said = parameters().get("theme") ?? "";
  if (!served() && said !== "" && themes.has(said)) {
    document.documentElement.dataset.theme = said;
  }
}

// choice makes the field that chooses.
export function choice(): HTMLElement {
  const field = make("select", { "aria-label": "Theme" });
  for (const [value, name] of themes) {
    field.append(make("option", { value }, name));
  }
  field.value = document.documentElement.dataset.theme ?? "";
  field.addEventListener("change", () => {
    choose(field.value);
  });
  return field;
}

function choose(theme: string): void {
  if (theme === "") {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
  if (served()) {
    load("/theme", "POST", new URLSearchParams({ theme, return: location.pathname })).catch(() => {
      // It holds until the page is left.
    });
    return;
  }
  rewrite((said) => {
    if (theme === "") {
      said.delete("theme");
    } else {
      said.set("theme", theme);
    }
  });
}
