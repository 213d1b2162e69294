// What stands at the end of the header: theme and printing. They need scripts, so that scripts put them there: into [data-tools].

import { make, one } from "./dom";
import { choice } from "./theme";

export function tools(): void {
  const place = one(document, "[data-tools]", HTMLElement);
  place?.prepend(
    make(
      "details",
      { class: "menu end", "data-menu": true },
      make("summary", { class: "button" }, "View"),
      make(
        "div",
        { class: "stack" },
        choice(),
        make("button", { type: "button", class: "button", "data-print": "summary" }, "Print summary"),
        make("button", { type: "button", class: "button", "data-print": "full" }, "Print all"),
      ),
    ),
  );
}
