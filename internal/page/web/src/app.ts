// What the page gains where scripts run. Everything works without them, too.
//
// Each module has one concern, and finds its places by data attributes. docs/page.md lists them.

import { around, scripted } from "./dom";
import { served } from "./address";
import { chosen, chooses } from "./choice";
import { copies } from "./copy";
import { follow } from "./events";
import { Flyout } from "./flyout";
import { keys } from "./keys";
import { parts } from "./part";
import { plans } from "./plan";
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
    plans(root);
    scripted(root);
  };
  const flyout = new Flyout(() => enhanced);
  const refresher = new Refresher(
    flyout,
    () => {
      for (const table of enhanced) {
        table.settle();
      }
    },
    attach,
  );
  attach(document);
  tools();
  sections(() => enhanced);
  chooses();
  copies();
  parts();
  keys(() => enhanced);
  prints(() => enhanced);
  buttons(() => enhanced);
  if (served()) {
    submits(flyout, refresher);
    follow(refresher);
  }
}

// buttons of tables: data-export="NAME" downloads the rows that match, data-clear="NAME" shows all again.
function buttons(enhanced: () => readonly Table[]): void {
  const named = (name: string | undefined): Table | undefined => enhanced().find((table) => table.element.dataset.table === name);
  document.addEventListener("click", (event) => {
    const exporter = around(event.target, "[data-export]", HTMLElement);
    const name = exporter?.dataset.export;
    named(name)?.download(exporter?.dataset.file ?? `${name ?? ""}.csv`);
    const table = named(around(event.target, "[data-clear]", HTMLElement)?.dataset.clear);
    if (table !== undefined) {
      event.preventDefault();
      table.clear();
    }
  });
}

if (document.readyState === "loading") {
  document.addEventListener("DOMContentLoaded", start);
} else {
  start();
}
