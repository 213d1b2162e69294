// What the page gains where scripts run. Everything works without them, too.
//
// Each module has one concern, and finds its places by data attributes. docs/page.md lists them.

import { all, around } from "./dom";
import { served } from "./address";
import { chosen, chooses } from "./choice";
import { copies } from "./copy";
import { follow } from "./events";
import { Flyout } from "./flyout";
import { keys } from "./keys";
import { parts } from "./part";
import { prints } from "./print";
import { Refresher } from "./refresh";
import { sections } from "./section";
import { submits } from "./submit";
import { Table, tables } from "./table";
import { themed } from "./theme";
import { tools } from "./tools";

document.documentElement.dataset.script = "on"; // at once: the style sheet hides what scripts are about to replace
themed();

function start(): void {
  let enhanced: Table[] = [];
  const attach = (root: ParentNode): void => {
    chosen(root);
    enhanced = tables(root);
    for (const element of all(root, "[data-scripted]", HTMLElement)) {
      element.hidden = false;
    }
  };
  const flyout = new Flyout(() => enhanced);
  const refresher = new Refresher(flyout, attach);
  attach(document);
  tools();
  sections(() => enhanced);
  chooses();
  copies();
  parts();
  keys(() => enhanced);
  prints(() => enhanced);
  exports(() => enhanced);
  if (served()) {
    submits(flyout, refresher);
    follow(refresher);
  }
}

// exports makes buttons with data-export="NAME" download the shown rows of that table.
function exports(enhanced: () => readonly Table[]): void {
  document.addEventListener("click", (event) => {
    const pressed = around(event.target, "button[data-export]", HTMLButtonElement);
    const name = pressed?.dataset.export ?? "";
    enhanced().find((table) => table.element.dataset.table === name)?.download(pressed?.dataset.file ?? name + ".csv");
  });
}

if (document.readyState === "loading") {
  document.addEventListener("DOMContentLoaded", start);
} else {
  start();
}
