// Ranges, "Include" and the like: radios and checkboxes that CSS follows. Their state is kept in the address.

import { all, around } from "./dom";
import { parameters, rewrite } from "./address";

const places = ["[data-range]", "[data-include]", "[data-state]"];
const inputs = places.flatMap((place) => [`input${place}`, `${place} input`]).join(", ");

function choices(root: ParentNode): HTMLInputElement[] {
  return all(root, inputs, HTMLInputElement).filter((input) => input.name !== "" && (input.type === "radio" || input.type === "checkbox"));
}

// chosen restores choices under a root from the address.
export function chosen(root: ParentNode): void {
  const said = parameters();
  for (const input of choices(root)) {
    if (said.has(input.name)) {
      input.checked = said.getAll(input.name).includes(input.value);
    }
  }
}

// chooses keeps choices in the address as they are made. None of several is an empty value: absent means as the page was made.
export function chooses(): void {
  document.addEventListener("change", (event) => {
    const input = around(event.target, inputs, HTMLInputElement);
    if (input === null || input.name === "") {
      return;
    }
    const values = choices(document).filter((other) => other.name === input.name && other.checked).map((other) => other.value);
    rewrite((said) => {
      said.delete(input.name);
      for (const value of values.length === 0 ? [""] : values) {
        said.append(input.name, value);
      }
    });
  });
}
