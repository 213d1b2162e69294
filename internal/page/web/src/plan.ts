// The plan: what the chosen actions change is shown as one chooses, and goes with the form that writes them to the register.

import { parameters, rewrite } from "./address";
import { all, make, one } from "./dom";
import type { Action, Sums } from "./effect";
import { after, change, number, percent, percentage } from "./effect";

export function plans(root: ParentNode): void {
  for (const form of all(root, "form[data-plan]", HTMLFormElement)) {
    const before = sums(form);
    const boxes = all(form, 'input[name="select"]', HTMLInputElement);
    const chosen = parameters().getAll("select");
    for (const box of boxes) {
      box.checked ||= chosen.includes(box.value);
    }
    const show = (): void => {
      const checked = boxes.filter((box) => box.checked);
      tell(before, checked);
      pass(checked);
    };
    form.addEventListener("change", () => {
      show();
      keep(boxes);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
    });
    if (boxes.some((box) => box.checked)) {
      show();
    }
  }
}

function hundredths(text: string | undefined): bigint {
  return BigInt(text ?? "0");
}

function sums(form: HTMLFormElement): Sums {
  const { total, score, planned, licensed, achievable } = form.dataset;
  return {
    total: hundredths(total),
    score: hundredths(score),
    planned: hundredths(planned),
    licensed: hundredths(licensed),
    achievable: hundredths(achievable),
  };
}

function action(box: HTMLInputElement): Action {
  const marks = (box.dataset.marks ?? "").split(" ");
  return {
    points: hundredths(box.dataset.points),
    effort: hundredths(box.dataset.effort),
    planned: marks.includes("planned"),
    licensed: marks.includes("licensed"),
    accepted: marks.includes("accepted"),
  };
}

// tell shows what checked actions change.
function tell(before: Sums, checked: readonly HTMLInputElement[]): void {
  const actions = checked.map(action);
  const then = after(before, actions);
  put("actions", String(actions.length));
  put("points", "+" + number(then.score - before.score));
  put("effort", String(actions.reduce((sum, { effort }) => sum + effort, 0n)));
  for (const key of ["score", "planned", "licensed", "achievable"] as const) {
    const now = percent(before[key], before.total);
    const reached = percent(then[key], before.total);
    put(key + ".points", number(then[key]));
    put(key + ".percent", percentage(reached));
    for (const place of put(key + ".change", change(reached - now))) {
      place.className = reached > now ? "good" : reached < now ? "bad" : "muted";
    }
  }
}

function put(name: string, text: string): HTMLElement[] {
  const places = all(document, `[data-plan-value="${name}"]`, HTMLElement);
  for (const place of places) {
    place.textContent = text;
  }
  return places;
}

// pass gives checked actions to the form that writes them, with the versions of what was registered when the page was made.
function pass(checked: readonly HTMLInputElement[]): void {
  const form = one(document, "form[data-plan-write]", HTMLFormElement);
  if (form === null) {
    return;
  }
  for (const old of all(form, 'input[type="hidden"]:is([name="select"], [name="version"])', HTMLInputElement)) {
    old.remove();
  }
  const free = checked.filter((box) => box.dataset.version !== undefined);
  for (const box of free) {
    form.append(
      make("input", { type: "hidden", name: "select", value: box.value }),
      make("input", { type: "hidden", name: "version", value: box.dataset.version ?? "" }),
    );
  }
  put("written", String(free.length));
  put("fixed", String(checked.length - free.length));
  for (const place of all(document, "[data-plan-writing]", HTMLElement)) {
    place.hidden = free.length === 0;
  }
  for (const place of all(document, "[data-plan-fixed]", HTMLElement)) {
    place.hidden = free.length === checked.length;
  }
}

// keep writes into the address what is chosen. It replaces the target that chose for the reader.
function keep(boxes: readonly HTMLInputElement[]): void {
  rewrite((said) => {
    for (const name of ["select", "target", "ignore_licenses", "include_accepted", "assessed_only"]) {
      said.delete(name);
    }
    for (const box of boxes) {
      if (box.checked) {
        said.append("select", box.value);
      }
    }
  });
}
